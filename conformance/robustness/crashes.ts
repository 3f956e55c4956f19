// `pnpm run crash --rounds 1000 [--flows 1000] [--store sqlite] [--instances 1] [--seed 7]`: as many crashes as one likes, for the
// night, or until so many flows have come to their end.
import { readWords, refuseWords } from './command-words.ts';
import { openCrashStore, STORES } from './crash-stores.ts';
import { crash } from './crashing.ts';

const USAGE = `Usage: pnpm crash [options]

kills servers at work over and over (kill -9), starts them again, and checks
that nothing that was acknowledged is lost, changed or redeemed twice. What is
asked, and when something is killed, follows from the seed. A round takes some
seconds. For --store redis a redis-server has to be installed

Options:
  --rounds <number>     crashes (default: 1000)
  --flows <number>      ends once so many requests have come to their end (default: never)
  --answers <number>    at most so many between two crashes (default: 60)
  --store <name>        ${STORES.join(' or ')} (default: sqlite)
  --instances <number>  servers (default: 1; with --store redis 3)
  --seed <number>       the same one plays the same again (default: another one each time)
  --help                display this
`;

const values = readWords(USAGE, {
  rounds: { type: 'string', default: '1000' },
  flows: { type: 'string' },
  answers: { type: 'string' },
  store: { type: 'string', default: 'sqlite' },
  instances: { type: 'string' },
  seed: { type: 'string' },
});
const store = STORES.find((name) => name === values.store);
const rounds = Number(values.rounds);
const flows = values.flows === undefined ? undefined : Number(values.flows);
const answers = values.answers === undefined ? undefined : Number(values.answers);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const instances = Number(values.instances ?? (store === 'redis' ? '3' : '1'));
const areCounts = [rounds, instances, flows ?? 1, answers ?? 1].every(
  (count) => Number.isInteger(count) && count > 0,
);
if (!areCounts || !Number.isInteger(seed) || store === undefined || (store === 'sqlite' && instances > 1)) {
  refuseWords(USAGE, 'Expected whole numbers, and one server alone with --store sqlite.');
}

process.stdout.write(`${rounds} crashes on ${store}, servers: ${instances}, seed ${seed}\n`);
await using opened = await openCrashStore(store);
const { violations, ...sum } = await crash({
  rounds,
  flows,
  answers,
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
