// `pnpm run crash --rounds 1000 [--store sqlite] [--instances 1] [--seed 7]`: as many crashes as one likes, for the night.
import { parseArgs } from 'node:util';
import { openCrashStore, STORES } from './crash-stores.ts';
import { crash } from './crashing.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    store: { type: 'string', default: 'sqlite' },
    instances: { type: 'string' },
    seed: { type: 'string' },
  },
});
const store = STORES.find((name) => name === values.store);
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const instances = Number(values.instances ?? (store === 'redis' ? '3' : '1'));
const areCounts = [rounds, instances].every((count) => Number.isInteger(count) && count > 0);
if (!areCounts || !Number.isInteger(seed) || store === undefined || (store === 'sqlite' && instances > 1)) {
  process.stderr.write(
    'Expected: pnpm run crash --rounds 1000 --store sqlite --seed 7, or --store redis --instances 3\n',
  );
  process.exit(2);
}

process.stdout.write(`${rounds} crashes on ${store}, servers: ${instances}, seed ${seed}\n`);
await using opened = await openCrashStore(store);
const { violations, ...sum } = await crash({
  rounds,
  seed,
  instances,
  storeWords: opened.storeWords,
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
