// What a poll costs while few or many other requests wait. Every number of them has a server of its own, and all are polled by
// turns, so that they differ in nothing but that number.
import type { PendingOf } from '../figures.ts';
import type { SliceResult } from '../load/messages.ts';
import type { LoadProcess } from '../load-process.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Plan } from '../plan.ts';
import { quartilesOf, ratiosOf } from '../statistics.ts';
import { cpuOf, rotate } from './rates.ts';

const AT_A_TIME = 8;

export interface Crowd {
  count: number;
  peer: RunningPeer;
}

export async function measurePending(
  load: LoadProcess,
  crowds: readonly Crowd[],
  { rounds, sliceMs, warmUpMs }: Plan,
  tell: (words: string) => void,
): Promise<PendingOf[]> {
  const openings = new Map<Crowd, SliceResult>();
  for (const crowd of crowds) {
    const { target } = crowd.peer;
    const order = { kind: 'open requests', target, algorithm: 'RS256', connections: AT_A_TIME } as const;
    openings.set(crowd, await load.carryOut({ ...order, extent: { operations: crowd.count } }));
    tell(`pending: ${crowd.count} requests wait at ${target.peer}`);
  }
  const poll = ({ peer: { target } }: Crowd, durationMs: number): Promise<SliceResult> =>
    load.carryOut({
      kind: 'pending polls',
      target,
      algorithm: 'RS256',
      connections: 1,
      extent: { durationMs },
    });
  for (const crowd of crowds) await poll(crowd, warmUpMs);
  const slices = new Map<Crowd, SliceResult[]>(crowds.map((crowd) => [crowd, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const crowd of rotate(crowds, round)) slices.get(crowd)?.push(await poll(crowd, sliceMs));
    tell(`pending: round ${round + 1} of ${rounds}`);
  }
  return crowds.map((crowd) => {
    const own = slices.get(crowd) ?? [];
    const fewest = crowds
      .filter(({ peer }) => peer.target.peer === crowd.peer.target.peer)
      .reduce((least, other) => (other.count < least.count ? other : least));
    const opening = openings.get(crowd);
    return {
      peer: crowd.peer.target.peer,
      count: crowd.count,
      ...summarize(own),
      ...(fewest === crowd ? {} : compare(own, slices.get(fewest) ?? [])),
      openCpuMs: opening === undefined ? Number.NaN : Number(cpuOf(opening).toPrecision(4)),
    };
  });
}

function summarize(slices: readonly SliceResult[]): Pick<PendingOf, 'p50Ms' | 'p99Ms' | 'cpuMs' | 'rssMiB'> {
  return {
    p50Ms: quartilesOf(slices.map(({ p50Ms }) => p50Ms)),
    p99Ms: quartilesOf(slices.map(({ p99Ms }) => p99Ms)),
    cpuMs: quartilesOf(slices.map(cpuOf)),
    rssMiB: Math.round(slices.at(-1)?.rssMiB ?? Number.NaN),
  };
}

function compare(
  many: readonly SliceResult[],
  few: readonly SliceResult[],
): Pick<PendingOf, 'p99Ratio' | 'cpuRatio'> {
  const p99Of = ({ p99Ms }: SliceResult): number => p99Ms;
  return {
    p99Ratio: ratiosOf(many.map(p99Of), few.map(p99Of)),
    cpuRatio: ratiosOf(many.map(cpuOf), few.map(cpuOf)),
  };
}
