// What a process and all that it started have taken: time of the processor over all threads, and memory. Read from /proc, so that
// every server is weighed alike, whatever it is written in.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everybody (USER_HZ). */
export const MS_PER_TICK = 10;

export interface Weight {
  cpuMs: number;
  rssMiB: number;
}

/** @throws where the process is gone */
export function weigh(pid: number): Weight {
  const sum: Weight = { cpuMs: 0, rssMiB: 0 };
  for (const one of familyOf(pid)) {
    sum.cpuMs += readCpuMs(one);
    sum.rssMiB += readRssMiB(one);
  }
  return sum;
}

function familyOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOf(pid, thread));
  return [pid, ...children.flatMap(familyOf)];
}

function childrenOf(pid: number, thread: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    // A thread that has ended in between.
    return [];
  }
}

/** proc_pid_stat(5): utime and stime are fields 14 and 15, counted from 1; the name before them may hold spaces. */
function readCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

function readRssMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}
