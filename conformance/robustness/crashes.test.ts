// Some crashes of each kind. SEED repeats a run.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crash } from './crashing.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 20;
const TIMEOUT_MS = 600_000;

test(
  `a server on a file that is killed ${ROUNDS} times loses, changes and repeats nothing that it has acknowledged (SEED=${seed})`,
  async () => {
    const { violations } = await crash({
      rounds: ROUNDS,
      seed,
      instances: 1,
      storeWords: (folder) => ['--data', join(folder, 'assent.db')],
    });
    expect(violations).toEqual([]);
  },
  TIMEOUT_MS,
);
