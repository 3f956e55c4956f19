// `pnpm bench`: every measurement, one after the other; or the ones that are named. Options are passed on: `--write` keeps the
// figures and makes docs/timings.md of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MEASUREMENTS = ['quick-answers', 'class', 'sequence', 'compare'];
/** Where it is not the file of its name. */
const FILES: Readonly<Record<string, string>> = { compare: 'compare/compare.ts' };

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const named = firstOption < 0 ? words : words.slice(0, firstOption);
const options = words.slice(named.length);
const unknown = named.find((name) => !MEASUREMENTS.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no measurement "${unknown}", expected ${MEASUREMENTS.join(' or ')}.\n`);
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
