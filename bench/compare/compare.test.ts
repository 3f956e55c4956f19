// Every case against real servers, for a moment each: that the figures are complete, not that they are good.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawChart } from './chart.ts';
import type { Figures } from './figures.ts';
import { type Ground, prepareGround } from './ground.ts';
import { measure } from './measure.ts';
import { readOptions } from './options.ts';
import { formatPage } from './page.ts';
import type { Case, Plan } from './plan.ts';
import { chartFile, PAGE_FILE, readResults } from './results.ts';
import { formatFigures, stationsOf } from './tables.ts';

const MOMENT: Plan = {
  rounds: 2,
  sliceMs: 20,
  warmUpMs: 0,
  settleMs: 0,
  connections: [1, 2],
  pendingCounts: [3, 7],
  driftCycles: 20,
  driftStretch: 5,
  watchers: 3,
  notifiedCycles: 2,
};

let ground: Ground;
beforeAll(async () => {
  ground = await prepareGround({ isPacked: false });
});
afterAll(() => ground[Symbol.asyncDispose]());

function play(name: Case, plan: Plan = MOMENT): Promise<Figures> {
  return measure(ground, name, plan, () => undefined);
}

/** Every number below, with the way to it. */
function numbersIn(value: unknown, path = ''): Array<[string, number]> {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => numbersIn(below, `${path}/${name}`));
}

/** A mean of nothing is no number, and would be written down as null. */
function expectComplete(figures: Figures): void {
  expect(numbersIn(figures).filter(([, number]) => !Number.isFinite(number))).toEqual([]);
  expect(formatFigures(figures)).not.toMatch(/NaN|undefined/);
  expect(formatPage(figures)).not.toMatch(/NaN|undefined/);
}

test('every server is started, known by its discovery document and asked for a first token', async () => {
  const figures = await play('start', { ...MOMENT, rounds: 1 });
  expect(figures.start?.starts.map(({ title }) => title)).toEqual(
    expect.arrayContaining([
      'Assent',
      'bare oidc-provider',
      'oauth2-mock-server',
      'Assent as people start it',
    ]),
  );
  expectComplete(figures);
});

test('tokens by client credentials come from all that have them, at every number of connections', async () => {
  const figures = await play('client-credentials');
  const of = (connections: number) =>
    figures.clientCredentials?.rates
      .filter((rate) => rate.connections === connections)
      .map(({ peer }) => peer);
  expect(of(1)).toEqual(of(2));
  expect(of(1)).toEqual(expect.arrayContaining(['assent', 'oidc-provider', 'oauth2-mock-server']));
  expectComplete(figures);
});

test('cycles are played with every algorithm, and compared with the library', async () => {
  const figures = await play('cycles');
  const own = figures.cycles?.rates.filter(({ peer }) => peer === 'assent') ?? [];
  expect(own.map(({ algorithm, connections }) => `${algorithm} ${connections}`)).toEqual(
    ['RS256', 'ES256', 'EdDSA'].flatMap((algorithm) => [`${algorithm} 1`, `${algorithm} 2`]),
  );
  expect(own.every(({ rateRatio, cpuRatio }) => rateRatio?.samples === 2 && cpuRatio?.samples === 2)).toBe(
    true,
  );
  expectComplete(figures);
});

test('polls are measured while few and while many wait', async () => {
  const figures = await play('pending');
  expect(figures.pending?.pending.map(({ peer, count }) => `${peer} ${count}`)).toEqual([
    'assent 3',
    'oidc-provider 3',
    'assent 7',
    'oidc-provider 7',
  ]);
  expectComplete(figures);
});

test('a long run is cut into stretches, all of them kept', async () => {
  const figures = await play('drift');
  expect(figures.drift?.drift.map(({ stretches }) => stretches.length)).toEqual([4, 4]);
  expectComplete(figures);
});

test('whoever watches gets every event, and a paired browser answers what it hears of', async () => {
  const watched = await play('watchers');
  expect(watched.watchers?.watched.map(({ watchers }) => watchers)).toEqual([0, 3]);
  expect(watched.watchers?.watched[1]?.eventsPerSecond.q1).toBeGreaterThan(0);
  expectComplete(watched);
  const notified = await play('notification');
  expect(notified.notification?.parts['whole']?.samples).toBe(4);
  expectComplete(notified);
});

test('a drift is told from the first stretch, a tenth of the way, half of it and the last tenth', () => {
  const stretches = Array.from({ length: 20 }, (_, index) => ({
    perSecond: index,
    cpuMs: index,
    rssMiB: index,
    ...(index < 3 ? {} : { heapMiB: index }),
  }));
  const stations = stationsOf({ peer: 'assent', cycles: 20, stretch: 1, stretches });
  const { first, early, middle, last } = stations;
  expect([first, early, middle, last].map(({ rssMiB }) => rssMiB)).toEqual([0, 2, 10, 18]);
  // V8 had not looked through the heap of the first ones.
  expect([first, early, middle, last].map(({ heapMiB }) => heapMiB)).toEqual([undefined, 3, 10, 18]);
});

test('what cannot be understood is refused with what would be', () => {
  expect(() => readOptions(['--only', 'speed'])).toThrow('--only received "speed", expected start, ');
  expect(() => readOptions(['--rounds', '0'])).toThrow(
    '--rounds received "0", expected a whole number from 1',
  );
  expect(readOptions(['--quick', '--rounds', '7', '--only', 'cycles'])).toMatchObject({
    cases: ['cycles'],
    plan: { rounds: 7 },
    isPacked: true,
  });
  expect(readOptions(['--help'])).toBeUndefined();
});

test('the page and the charts say what the results say', async () => {
  const results = await readResults();
  expect(await readFile(PAGE_FILE, 'utf8')).toBe(formatPage(results));
  for (const look of ['light', 'dark'] as const)
    expect(await readFile(chartFile(look), 'utf8')).toBe(drawChart(results, look));
});
