// `pnpm bench`: every measurement, one after the other; or the ones that are named. Options are passed on: `--write` keeps the
// figures and makes docs/timings.md of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MEASUREMENTS = ['quick-answers', 'class', 'sequence', 'compare'];
/** Takes hours, so only where it is named. */
const DAY = 'day';
/** Where it is not the file of its name. They have options of their own. */
const FILES: Readonly<Record<string, string>> = { compare: 'compare/compare.ts', day: 'day/day.ts' };

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const named = firstOption < 0 ? words : words.slice(0, firstOption);
const options = words.slice(named.length);
if (options.includes('--help') && !(named.join() in FILES)) {
  process.stdout.write(`Usage: pnpm bench [${[...MEASUREMENTS, DAY].join('|')}] [options]

measures, all of it or what is named; none of it is a test. Each starts servers
of its own

Measurements:
  quick-answers  how long a test takes with quick answers, and without
  class          what a class of thirty costs
  sequence       how long the sequence view takes to draw a long story
  compare        Assent beside other servers; options: pnpm bench compare --help
  day            whether a server is after hours what it was at the beginning;
                 only where it is named; options: pnpm bench day --help

Options:
  --rounds <number>  how often; quick-answers and class
  --places <number>  students; class
  --events <number>  how long the story is; sequence
  --write            keep the figures, and write docs/timings.md of them
  --help             display this
`);
  process.exit(0);
}
const unknown = named.find((name) => ![...MEASUREMENTS, DAY].includes(name));
if (unknown !== undefined) {
  process.stderr.write(
    `There is no measurement "${unknown}", expected ${[...MEASUREMENTS, DAY].join(' or ')}.\n`,
  );
  process.exit(2);
}
for (const name of named.length > 0 ? named : MEASUREMENTS) {
  const program = spawn(
    process.execPath,
    [join(import.meta.dirname, FILES[name] ?? `${name}.ts`), ...options],
    {
      stdio: 'inherit',
    },
  );
  const [code] = await once(program, 'exit');
  if (code !== 0) process.exit(typeof code === 'number' ? code : 1);
}
