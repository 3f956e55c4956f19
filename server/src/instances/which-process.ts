// Which process an instance is, so that others on the same computer notice at once that it has ended.
import { hostname } from 'node:os';

export interface WhichProcess {
  host: string;
  pid: number;
  /** Another one may have its number later. */
  startedAtMs: number;
}

export function thisProcess(): WhichProcess {
  return { host: hostname(), pid: process.pid, startedAtMs: Math.round(performance.timeOrigin) };
}

/** Known only of processes of this computer; false of any other. */
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
