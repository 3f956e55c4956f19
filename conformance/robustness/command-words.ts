// What the long runs are told on their command line: `--help` says what there is, and a word that is wrong is answered with it.
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Words = NonNullable<ParseArgsConfig['options']>;

export function readWords<const W extends Words>(usage: string, options: W) {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    refuseWords(usage, error instanceof Error ? error.message : String(error));
  }
}

export function refuseWords(usage: string, why: string): never {
  process.stderr.write(`${why}\n\n${usage}`);
  process.exit(2);
}
