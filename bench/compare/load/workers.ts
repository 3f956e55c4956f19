// So many connections, each repeating one operation, one at a time. Everybody starts together and the clock runs until the last
// one is done, so that time of the processor and operations belong together.
import { MS_PER_TICK, weigh } from '../process-tree.ts';
import { quantileOf } from '../statistics.ts';
import type { Target } from '../target.ts';
import { Connection } from './connection.ts';
import type { Extent, SliceResult } from './messages.ts';

interface Worker {
  connection: Connection;
  /** From 0, one for each connection. */
  number: number;
  /** Who is asked by this one. */
  approver: string;
  /** Told of a part of an operation, in milliseconds. */
  note: (part: string, ms: number) => void;
}

/** @throws with what went wrong first */
export type Operation = (worker: Worker) => Promise<void>;

/** Done before the clock starts, where something is repeated for a time: connections are open then. */
const GREETINGS = 3;

export async function runWorkers(
  target: Target,
  { connections, extent }: { connections: number; extent: Extent },
  operation: Operation,
): Promise<SliceResult> {
  const times: number[] = [];
  const parts: Record<string, number[]> = {};
  let counts = false;
  const note = (part: string, ms: number): void => {
    if (!counts) return;
    parts[part] ??= [];
    parts[part].push(ms);
  };
  const workers = Array.from({ length: connections }, (_, number): Worker => {
    const approver = target.approvers[number % target.approvers.length] ?? '';
    return { connection: new Connection(target.url), number, approver, note };
  });
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let done = 0; 'durationMs' in extent && done < GREETINGS; done += 1) await operation(worker);
      }),
    );
    counts = true;
    const before = weigh(target.pid);
    const loadBefore = process.cpuUsage();
    const beganAtMs = performance.now();
    const goesOn = goOnUntil(extent, { beganAtMs, atLeast: connections });
    await Promise.all(
      workers.map(async (worker) => {
        while (goesOn()) {
          const from = performance.now();
          await operation(worker);
          times.push(performance.now() - from);
        }
      }),
    );
    const elapsedMs = performance.now() - beganAtMs;
    const after = weigh(target.pid);
    const { user, system } = process.cpuUsage(loadBefore);
    return {
      operations: times.length,
      elapsedMs,
      // A slice too short for that clock has taken something, too.
      serverCpuMs: Math.max(MS_PER_TICK / 2, after.cpuMs - before.cpuMs),
      loadCpuMs: (user + system) / 1000,
      rssMiB: after.rssMiB,
      p50Ms: quantileOf(times, 0.5),
      p99Ms: quantileOf(times, 0.99),
      parts,
    };
  } finally {
    await Promise.all(workers.map(({ connection }) => connection.close()));
  }
}

/** Each true answer is one operation that may begin. However short the time, there is something to measure. */
function goOnUntil(
  extent: Extent,
  { beganAtMs, atLeast }: { beganAtMs: number; atLeast: number },
): () => boolean {
  let begun = 0;
  if ('durationMs' in extent)
    return () => begun++ < atLeast || performance.now() - beganAtMs < extent.durationMs;
  return () => begun++ < extent.operations;
}
