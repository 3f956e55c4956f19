// Some crashes of each kind. SEED repeats a run; STRIDE=1 kills at each of the writes, where a server is killed at some of them.
import { expect, test } from 'vitest';
import { openCrashStore } from './crash-stores.ts';
import { crash } from './crashing.ts';
import { killAtEveryStep } from './every-step.ts';
import { killWhileReplacing } from './replacing.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const TIMEOUT_MS = process.env['STRIDE'] === undefined ? 600_000 : 3_600_000;

test.each([
  ['a server on a file', 'sqlite', 1, 12],
  ['one of three servers on one Redis', 'redis', 3, 4],
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
  ['polls', 'a data file', 'after', 'poll', 'sqlite', 1, 1],
  ['has its tokens pushed', 'a data file', 'after', 'push', 'sqlite', 1, 1],
  ['has its tokens pushed', 'a data file', 'before', 'push', 'sqlite', 1, 2],
  ['has its tokens pushed', 'a Redis of three servers', 'after', 'push', 'redis', 3, 6],
  ['polls', 'a Redis of three servers', 'before', 'poll', 'redis', 3, 6],
] as const)(
  `the flow of a client that %s comes to its end, whichever of the writes to %s a server is killed %s (SEED=${seed})`,
  async (_whoever, _where, when, delivery, store, instances, stride) => {
    const { violations, kills } = await killAtEveryStep({
      ...{ store, instances, delivery, when, seed },
      stride: Number(process.env['STRIDE'] ?? stride),
    });
    expect(violations).toEqual([]);
    // Opening, deciding and redeeming write at least once each; what else is written may join them, where a disk is quick.
    expect(kills).toBeGreaterThanOrEqual(stride === 1 ? 3 : 1);
  },
  TIMEOUT_MS,
);

test.each([
  ['a snapshot is put in place', 'a data file', 'before', 'restore', 'sqlite', 1, 1],
  ['a reset is under way', 'a data file', 'after', 'reset', 'sqlite', 1, 4],
  ['a snapshot is put in place', 'a Redis of three servers', 'after', 'restore', 'redis', 3, 12],
  ['a reset is under way', 'a Redis of three servers', 'before', 'reset', 'redis', 3, 18],
] as const)(
  `while %s, whichever of the writes to %s a server is killed %s, all is as before or all as it was to be (SEED=${seed})`,
  async (_what, _where, when, what, store, instances, stride) => {
    const { violations, kills } = await killWhileReplacing({
      ...{ store, instances, what, when, seed },
      stride: Number(process.env['STRIDE'] ?? stride),
    });
    expect(violations).toEqual([]);
    expect(kills).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
