// Many tenants in one process, as parallel workers of a test run have them. The process is one of its own, so that its memory and
// its end say something.
import { expect, test } from 'vitest';
import { runNode } from '../command.ts';

const SERVERS = 32;
const FLOWS = 100;
const FEW_FLOWS = 3;
const CYCLES = 3;

/** A server that was never closed holds more than half a MB, so a leak of one part of each cycle’s servers is beyond this. */
const MOST_GROWTH_BYTES = 8 * 1024 * 1024;

test(`${SERVERS} tenants with ${FLOWS} flows each, all at once, see nothing of one another and leave nothing behind`, {
  timeout: 600_000,
}, async () => {
  const program = new URL('../many-tenants.ts', import.meta.url).pathname;
  // It ends by itself, or this waits for ever: no timer, socket or listener is left.
  const { code, stdout, stderr } = await runNode([
    '--expose-gc',
    program,
    ...[SERVERS, FLOWS, CYCLES].map(String),
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const { crossTalk, flows, heap, resources } = JSON.parse(stdout);
  expect(crossTalk).toEqual([]);
  expect(flows).toBe(SERVERS * (FLOWS + FEW_FLOWS * (CYCLES + 1)));
  expect(resources).toEqual([]);
  // The first cycle loads and compiles; from then on, whatever was started and closed, the level is the same.
  const [level, ...later] = heap as [number, ...number[]];
  expect(Math.max(...later) - level).toBeLessThan(MOST_GROWTH_BYTES);
});
