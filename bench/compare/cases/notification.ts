// How soon a person's browser hears of a request, and how soon the agent has the token once it is answered.
import type { NotificationFigures } from '../figures.ts';
import type { LoadProcess } from '../load-process.ts';
import type { Plan } from '../plan.ts';
import { quantileOf, quartilesOf } from '../statistics.ts';
import type { Target } from '../target.ts';
import { cpuOf } from './rates.ts';

const CONNECTIONS = 1;

export async function measureNotification(
  load: LoadProcess,
  target: Target,
  { rounds, notifiedCycles }: Plan,
  tell: (words: string) => void,
): Promise<Pick<NotificationFigures, 'connections' | 'parts' | 'cpuMs'>> {
  const order = { kind: 'notified cycles', target, algorithm: 'RS256', connections: CONNECTIONS } as const;
  const play = () => load.carryOut({ ...order, extent: { operations: notifiedCycles } });
  // Code that runs for the first time.
  await play();
  const all: Record<string, number[]> = {};
  const cpuMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const slice = await play();
    cpuMs.push(cpuOf(slice));
    for (const [part, times] of Object.entries(slice.parts)) all[part] = [...(all[part] ?? []), ...times];
    tell(`notification: round ${round + 1} of ${rounds}`);
  }
  const parts = Object.entries(all).map(([part, times]) => {
    const [p50, p95] = [quantileOf(times, 0.5), quantileOf(times, 0.95)].map(
      (ms) => Math.round(ms * 10) / 10,
    );
    return [part, { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, samples: times.length }];
  });
  return { connections: CONNECTIONS, parts: Object.fromEntries(parts), cpuMs: quartilesOf(cpuMs) };
}
