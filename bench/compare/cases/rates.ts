// Operations a second and time of the processor for each, over servers that run side by side: every round has one short slice of
// each variant at each server, those of a variant right after each other, in an order that changes from round to round.
import type { RateOf } from '../figures.ts';
import type { SliceResult } from '../load/messages.ts';
import type { LoadProcess } from '../load-process.ts';
import type { RunningPeer } from '../peers/peer.ts';
import type { Plan } from '../plan.ts';
import { quartilesOf, ratiosOf } from '../statistics.ts';
import type { Algorithm, PeerName } from '../target.ts';

interface Variant {
  algorithm: Algorithm;
  connections: number;
  peers: readonly RunningPeer[];
}

interface Question {
  kind: 'client credentials' | 'CIBA cycles';
  variants: readonly Variant[];
  /** To which the others are compared. */
  comparedTo: PeerName;
}

export async function measureRates(
  load: LoadProcess,
  { kind, variants, comparedTo }: Question,
  { rounds, sliceMs, warmUpMs }: Plan,
  tell: (words: string) => void,
): Promise<RateOf[]> {
  const slices = new Map<string, SliceResult[]>();
  const play = (variant: Variant, { target }: RunningPeer, durationMs: number): Promise<SliceResult> => {
    const { algorithm, connections } = variant;
    return load.carryOut({ kind, target, algorithm, connections, extent: { durationMs } });
  };
  for (const variant of variants) for (const peer of variant.peers) await play(variant, peer, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) {
      for (const peer of rotate(variant.peers, round)) {
        const name = nameOf(variant, peer.target.peer);
        slices.set(name, [...(slices.get(name) ?? []), await play(variant, peer, sliceMs)]);
      }
    }
    tell(`${kind}: round ${round + 1} of ${rounds}`);
  }
  return variants.flatMap((variant) => {
    const compared = slices.get(nameOf(variant, comparedTo));
    return variant.peers.map(({ target: { peer } }) =>
      summarize(
        variant,
        peer,
        slices.get(nameOf(variant, peer)) ?? [],
        peer === comparedTo ? undefined : compared,
      ),
    );
  });
}

/** Everybody is first, and everybody follows everybody else, as often. */
export function rotate<T>(values: readonly T[], by: number): T[] {
  const turned = values
    .map((_, index) => values[(index + by) % values.length])
    .filter((value) => value !== undefined);
  return Math.floor(by / values.length) % 2 === 0 ? turned : turned.toReversed();
}

function nameOf({ algorithm, connections }: Variant, peer: PeerName): string {
  return `${peer} ${algorithm} ${connections}`;
}

function summarize(
  { algorithm, connections }: Variant,
  peer: PeerName,
  slices: readonly SliceResult[],
  compared: readonly SliceResult[] | undefined,
): RateOf {
  return {
    peer,
    algorithm,
    connections,
    perSecond: quartilesOf(slices.map(rateOf)),
    cpuMs: quartilesOf(slices.map(cpuOf)),
    loadCpuMs: quartilesOf(slices.map(({ loadCpuMs, operations }) => loadCpuMs / operations)),
    p50Ms: quartilesOf(slices.map(({ p50Ms }) => p50Ms)),
    p99Ms: quartilesOf(slices.map(({ p99Ms }) => p99Ms)),
    rssMiB: Math.round(slices.at(-1)?.rssMiB ?? Number.NaN),
    ...(compared === undefined
      ? {}
      : {
          rateRatio: ratiosOf(slices.map(rateOf), compared.map(rateOf)),
          cpuRatio: ratiosOf(slices.map(cpuOf), compared.map(cpuOf)),
        }),
  };
}

export function rateOf({ operations, elapsedMs }: SliceResult): number {
  return operations / (elapsedMs / 1000);
}

export function cpuOf({ operations, serverCpuMs }: SliceResult): number {
  return serverCpuMs / operations;
}
