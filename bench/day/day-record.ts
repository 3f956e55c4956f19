// A day, minute by minute, and whether its end was like its beginning.

export interface Minute {
  /** From 1. */
  number: number;
  cycles: number;
  errors: number;
  /** Of the server, all threads, for each cycle. */
  cpuMs: number;
  rssMiB: number;
  /** Files and sockets that the server has open. */
  openFiles: number;
  /** Undefined where the store is the memory of the server. */
  storeMiB: number | undefined;
}

interface Bound {
  title: string;
  read: (minute: Minute) => number | undefined;
  /** The last tenth may have so many times of what the first one had, and so many more. */
  times: number;
  more: number;
}

const BOUNDS: readonly Bound[] = [
  { title: 'CPU ms for each cycle', read: ({ cpuMs }) => cpuMs, times: 1.2, more: 0.2 },
  { title: 'memory, MiB', read: ({ rssMiB }) => rssMiB, times: 1.2, more: 10 },
  { title: 'open files', read: ({ openFiles }) => openFiles, times: 1, more: 20 },
  { title: 'store, MiB', read: ({ storeMiB }) => storeMiB, times: 1.2, more: 20 },
];

export const HEAD = ' minute  cycles  errors  CPU ms/cycle  RSS MiB  open files  store MiB';

export function formatMinute(minute: Minute): string {
  const { number, cycles, errors, cpuMs, rssMiB, openFiles, storeMiB } = minute;
  return [
    String(number).padStart(7),
    String(cycles).padStart(8),
    String(errors).padStart(8),
    cpuMs.toFixed(2).padStart(14),
    rssMiB.toFixed(0).padStart(9),
    String(openFiles).padStart(12),
    (storeMiB?.toFixed(1) ?? '–').padStart(11),
  ].join('');
}

export interface Verdict {
  lines: readonly string[];
  isSteady: boolean;
}

/** @param minutes without those in which what is bounded fills up; at least two */
export function judge(minutes: readonly Minute[]): Verdict {
  const tenth = Math.max(1, Math.floor(minutes.length / 10));
  const [first, last] = [minutes.slice(0, tenth), minutes.slice(-tenth)];
  const found = BOUNDS.flatMap(({ title, read, times, more }) => {
    const [before, after] = [medianOf(first, read), medianOf(last, read)];
    if (before === undefined || after === undefined) return [];
    const most = before * times + more;
    const isWithin = after <= most;
    const words = `${title.padEnd(22)} ${before.toFixed(2)} → ${after.toFixed(2)}, at most ${most.toFixed(2)}`;
    return [{ words: `${isWithin ? 'as it was' : 'GREW     '}  ${words}`, isWithin }];
  });
  return {
    lines: found.map(({ words }) => words),
    isSteady: found.every(({ isWithin }) => isWithin),
  };
}

function medianOf(minutes: readonly Minute[], read: Bound['read']): number | undefined {
  const values = minutes
    .map(read)
    .filter((value) => value !== undefined)
    .toSorted((one, other) => one - other);
  return values[Math.floor(values.length / 2)];
}
