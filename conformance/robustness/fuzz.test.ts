// Five thousand random requests. SEED repeats a run.
import { expect, test } from 'vitest';
import { fuzz } from './fuzzing.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const REQUESTS = 5_000;
const TIMEOUT_MS = 900_000;
const MOST_GROWTH_BYTES = 50_000_000;

test(
  `${REQUESTS} random requests are all answered, reach nobody unless accepted, and leave the server as it was (SEED=${seed})`,
  async () => {
    const { grownBytes } = await fuzz({ requests: REQUESTS, seed });
    expect(grownBytes).toBeLessThan(MOST_GROWTH_BYTES);
  },
  TIMEOUT_MS,
);
