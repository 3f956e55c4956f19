// Operations a second and time of the processor for each, over servers that run side by side: every round has one short slice of
// each variant at each server, those of a variant right after each other, in an order that changes from round to round.
import { explainFailure } from '../failure.ts';
import type { FailedOf, RateFigures, RateOf } from '../figures.ts';
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
  /** Those that would take part, had they started. */
  absent?: ReadonlyArray<Pick<FailedOf, 'peer' | 'error'>>;
}

interface Question {
  kind: 'client credentials' | 'CIBA cycles';
  variants: readonly Variant[];
  /** To which the others are compared. */
  comparedTo: PeerName;
}

/** @throws where Assent itself fails. Somebody else who does has no figures there, and the others go on. */
export async function measureRates(
  load: LoadProcess,
  { kind, variants, comparedTo }: Question,
  { rounds, sliceMs, warmUpMs }: Pick<Plan, 'rounds' | 'sliceMs' | 'warmUpMs'>,
  tell: (words: string) => void,
): Promise<Pick<RateFigures, 'rates' | 'failed'>> {
  const slices = new Map<string, SliceResult[]>();
  const failed = new Map<string, FailedOf>();
  for (const variant of variants) {
    const { algorithm, connections, absent = [] } = variant;
    for (const { peer, error } of absent)
      failed.set(nameOf(variant, peer), { peer, algorithm, connections, error });
  }
  const play = async (variant: Variant, { target }: RunningPeer, durationMs: number): Promise<void> => {
    const { algorithm, connections } = variant;
    const name = nameOf(variant, target.peer);
    if (failed.has(name)) return;
    try {
      const slice = await load.carryOut({ kind, target, algorithm, connections, extent: { durationMs } });
      slices.set(name, [...(slices.get(name) ?? []), slice]);
    } catch (error) {
      const words = explainFailure(target.peer, error);
      failed.set(name, { peer: target.peer, algorithm, connections, error: words });
      tell(words);
    }
  };
  for (const variant of variants) for (const peer of variant.peers) await play(variant, peer, warmUpMs);
  slices.clear();
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants)
      for (const peer of rotate(variant.peers, round)) await play(variant, peer, sliceMs);
    tell(`${kind}: round ${round + 1} of ${rounds}`);
  }
  const measuredOf = (variant: Variant, peer: PeerName): SliceResult[] | undefined =>
    failed.has(nameOf(variant, peer)) ? undefined : slices.get(nameOf(variant, peer));
  const rates = variants.flatMap((variant) =>
    variant.peers.flatMap(({ target: { peer } }) => {
      const compared = peer === comparedTo ? undefined : measuredOf(variant, comparedTo);
      const measured = measuredOf(variant, peer);
      return measured === undefined ? [] : [summarize(variant, peer, measured, compared)];
    }),
  );
  return failed.size === 0 ? { rates } : { rates, failed: [...failed.values()] };
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
