// `pnpm run fuzz --requests 100000 [--seed 7]`: as many random requests as one likes, for the night.
import { parseArgs } from 'node:util';
import { fuzz } from './fuzzing.ts';

const MOST_GROWTH_BYTES = 50_000_000;

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const requests = Number(values.requests);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(Number.isInteger(requests) && requests > 0 && Number.isInteger(seed))) {
  process.stderr.write('Expected whole numbers: pnpm run fuzz --requests 100000 --seed 7\n');
  process.exit(2);
}

process.stdout.write(`${requests} random requests, seed ${seed}\n`);
const { grownBytes } = await fuzz({
  requests,
  seed,
  report: (done) => {
    const megabytes = (done.grownBytes / 1_000_000).toFixed(1);
    if (done.requests % 5_000 === 0)
      process.stdout.write(`${done.requests} sent, ${megabytes} MB more than at the start\n`);
  },
});
if (grownBytes > MOST_GROWTH_BYTES) {
  process.stderr.write(
    `The server has grown by ${grownBytes} bytes, more than ${MOST_GROWTH_BYTES}. Seed ${seed}\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(
    `Each was answered as it should be. ${(grownBytes / 1_000_000).toFixed(1)} MB more than at the start\n`,
  );
}
