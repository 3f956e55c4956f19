// `pnpm run crash --rounds 1000 [--store sqlite] [--instances 1] [--seed 7]`: as many crashes as one likes, for the night.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crash } from './crashing.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    store: { type: 'string', default: 'sqlite' },
    instances: { type: 'string' },
    seed: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const instances = Number(values.instances ?? '1');
if (![rounds, instances].every((count) => Number.isInteger(count) && count > 0) || !Number.isInteger(seed)) {
  process.stderr.write('Expected whole numbers: pnpm run crash --rounds 1000 --instances 1 --seed 7\n');
  process.exit(2);
}

process.stdout.write(`${rounds} crashes on ${values.store}, ${instances} at once, seed ${seed}\n`);
const { violations, ...sum } = await crash({
  rounds,
  seed,
  instances,
  storeWords: (folder) => ['--data', join(folder, 'assent.db')],
  report: (done) => {
    if (done.rounds % 20 === 0)
      process.stdout.write(
        `${done.rounds} crashes, ${done.flows} flows, ${done.acknowledged} answers, ${done.cutOff} cut off\n`,
      );
  },
});
if (violations.length > 0) {
  process.stderr.write(`What was promised was not kept:\n${violations.join('\n')}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`Everything that was acknowledged was kept: ${JSON.stringify(sum)}\n`);
}
