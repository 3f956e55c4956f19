// `pnpm bench compare`: Assent beside other servers that do some or all of the same, in one run on one computer. This process
// starts the servers and hands out orders; another one asks. `--write` keeps the results.
import { prepareGround } from './ground.ts';
import { measure } from './measure.ts';
import { HELP, readOptions } from './options.ts';
import { keepResults } from './results.ts';
import { formatFigures } from './tables.ts';

const options = read();
if (options === undefined) {
  process.stdout.write(HELP);
  process.exit();
}
if (process.platform !== 'linux') {
  process.stderr.write(
    `The work of each server is read from /proc, which ${process.platform} has not. Try it in a container.\n`,
  );
  process.exit(2);
}
const { isPacked } = options;
process.stderr.write(isPacked ? 'Packing and installing what is compared …\n' : '');
await using ground = await prepareGround({ isPacked });
for (const name of options.cases) {
  const figures = await measure(ground, name, options.plan, tell);
  process.stdout.write(`${formatFigures(figures)}\n\n`);
  // Case by case: what is there stays, whatever becomes of the next one.
  if (options.writes) await keepResults(figures);
}

function read(): ReturnType<typeof readOptions> {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

function tell(words: string): void {
  process.stderr.write(`${words}\n`);
}
