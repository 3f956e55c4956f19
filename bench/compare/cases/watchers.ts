// What it costs that others watch: the same cycles with and without readers of the event stream, by turns.
import type { WatchedOf } from '../figures.ts';
import type { SliceResult } from '../load/messages.ts';
import type { LoadProcess } from '../load-process.ts';
import type { Plan } from '../plan.ts';
import { quartilesOf, ratiosOf } from '../statistics.ts';
import type { Target } from '../target.ts';
import { cpuOf, rateOf, rotate } from './rates.ts';

const CONNECTIONS = 8;

export async function measureWatchers(
  load: LoadProcess,
  target: Target,
  { rounds, sliceMs, warmUpMs, watchers }: Plan,
  tell: (words: string) => void,
): Promise<WatchedOf[]> {
  const counts = [0, watchers];
  const order = { kind: 'watched cycles', target, algorithm: 'RS256', connections: CONNECTIONS } as const;
  const play = (count: number, durationMs: number): Promise<SliceResult> =>
    load.carryOut({ ...order, watchers: count, extent: { durationMs } });
  for (const count of counts) await play(count, warmUpMs);
  const slices = new Map<number, SliceResult[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const count of rotate(counts, round)) slices.get(count)?.push(await play(count, sliceMs));
    tell(`watchers: round ${round + 1} of ${rounds}`);
  }
  const alone = slices.get(0) ?? [];
  return counts.map((count) => {
    const own = slices.get(count) ?? [];
    return {
      watchers: count,
      perSecond: quartilesOf(own.map(rateOf)),
      cpuMs: quartilesOf(own.map(cpuOf)),
      eventsPerSecond: quartilesOf(
        own.map(({ parts, elapsedMs }) => (parts['events']?.[0] ?? 0) / (elapsedMs / 1000)),
      ),
      ...(count === 0 ? {} : { cpuRatio: ratiosOf(own.map(cpuOf), alone.map(cpuOf)) }),
    };
  });
}
