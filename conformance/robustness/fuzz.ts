// `pnpm run fuzz --requests 100000 [--seed 7]`: as many random requests as one likes, for the night.
import { readWords, refuseWords } from './command-words.ts';
import { fuzz } from './fuzzing.ts';

const MOST_GROWTH_BYTES = 50_000_000;

const USAGE = `Usage: pnpm fuzz [options]

sends random requests to every endpoint of the protocols; each must be answered
as it should be, none with a 5xx, and the server may not grow

Options:
  --requests <number>  how many (default: 100000)
  --seed <number>      the same one sends the same again (default: another one each time)
  --help               display this
`;

const values = readWords(USAGE, {
  requests: { type: 'string', default: '100000' },
  seed: { type: 'string' },
});
const requests = Number(values.requests);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(Number.isInteger(requests) && requests > 0 && Number.isInteger(seed))) {
  refuseWords(USAGE, 'Expected whole numbers.');
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
