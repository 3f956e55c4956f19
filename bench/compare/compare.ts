// `pnpm bench compare`: Assent beside other servers that do some or all of the same, in one run on one computer. This process
// starts the servers and hands out orders; another one asks. `--write` keeps the results.
import { readOrExit } from '../begin.ts';
import { prepareGround } from './ground.ts';
import { measure } from './measure.ts';
import { HELP, readOptions } from './options.ts';
import { keepResults } from './results.ts';
import { formatFigures } from './tables.ts';

const options = readOrExit(readOptions, HELP);
const { isPacked } = options;
process.stderr.write(isPacked ? 'Packing and installing what is compared …\n' : '');
await using ground = await prepareGround({ isPacked });
for (const name of options.cases) {
  const figures = await measure(ground, name, options.plan, tell);
  process.stdout.write(`${formatFigures(figures)}\n\n`);
  // Case by case: what is there stays, whatever becomes of the next one.
  if (options.writes) await keepResults(figures);
}

function tell(words: string): void {
  process.stderr.write(`${words}\n`);
}
