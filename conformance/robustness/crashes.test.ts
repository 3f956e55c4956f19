// Some crashes of each kind. SEED repeats a run.
import { expect, test } from 'vitest';
import { openCrashStore } from './crash-stores.ts';
import { crash } from './crashing.ts';
import { killAtEveryStep } from './every-step.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const TIMEOUT_MS = 600_000;

test.each([
  ['a server on a file', 'sqlite', 1, 15],
  ['one of three servers on one Redis', 'redis', 3, 5],
] as const)(
  `%s, killed over and over (%s, %i at once, %i times), loses, changes and repeats nothing that it has acknowledged (SEED=${seed})`,
  async (_what, name, instances, rounds) => {
    await using store = await openCrashStore(name);
    const { violations } = await crash({ storeWords: store.storeWords, instances, rounds, seed });
    expect(violations).toEqual([]);
  },
  TIMEOUT_MS,
);

test.each([
  ['polls', 'after', 'poll'],
  ['has its tokens pushed', 'after', 'push'],
  ['has its tokens pushed', 'before', 'push'],
] as const)(
  `the flow of a client that %s comes to its end, whichever of its writes the server is killed %s (SEED=${seed})`,
  async (_what, when, delivery) => {
    await using store = await openCrashStore('sqlite');
    const { storeWords } = store;
    const { violations, steps } = await killAtEveryStep({ storeWords, instances: 1, delivery, when, seed });
    expect(violations).toEqual([]);
    // Opening, deciding, settling and redeeming write at least once each.
    expect(steps).toBeGreaterThan(4);
  },
  TIMEOUT_MS,
);
