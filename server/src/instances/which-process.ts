// Which process an instance is, so that others on the same computer notice at once that it has ended.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface WhichProcess {
  /** Where its number means it: a computer, or a container of one. */
  host: string;
  pid: number;
  /** Another one may have its number later. */
  startedAtMs: number;
}

/** Containers that share a network, and copies of a virtual machine, share a name. Their processes are seen by nobody else. */
const HOST = [
  hostname(),
  ...readWhereThereIs(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  ...readWhereThereIs(() => readlinkSync('/proc/self/ns/pid')),
].join(' ');

export function thisProcess(): WhichProcess {
  return { host: HOST, pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) };
}

/** Known only of processes of this computer, or of this container; false of any other. */
export function hasEnded({ host, pid, startedAtMs }: WhichProcess): boolean {
  const own = thisProcess();
  if (host !== own.host) return false;
  // Several may be in one process. Another start with this number is another process.
  if (pid === own.pid) return startedAtMs !== own.startedAtMs;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH';
  }
}

/** Linux alone tells; elsewhere the name has to do. */
function readWhereThereIs(read: () => string): string[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}
