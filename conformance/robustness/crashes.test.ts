// Some crashes of each kind. SEED repeats a run.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crash } from './crashing.ts';
import { killAtEveryStep } from './every-step.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 20;
const TIMEOUT_MS = 600_000;
const onFile = { instances: 1, storeWords: (folder: string) => ['--data', join(folder, 'assent.db')] };

test(
  `a server on a file that is killed ${ROUNDS} times loses, changes and repeats nothing that it has acknowledged (SEED=${seed})`,
  async () => {
    const { violations } = await crash({ ...onFile, rounds: ROUNDS, seed });
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
    const { violations, steps } = await killAtEveryStep({ ...onFile, delivery, when, seed });
    expect(violations).toEqual([]);
    // Opening, deciding, settling and redeeming write at least once each.
    expect(steps).toBeGreaterThan(4);
  },
  TIMEOUT_MS,
);
