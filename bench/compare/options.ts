// What `pnpm bench compare` can be told.
import { parseArgs } from 'node:util';
import { CASES, type Case, FULL, type Plan, QUICK } from './plan.ts';

export interface Options {
  cases: readonly Case[];
  plan: Plan;
  isPacked: boolean;
  writes: boolean;
}

export const HELP = `Usage: pnpm bench compare [options]

measures Assent beside bare oidc-provider, oauth2-mock-server and, where it is
installed, Glewlwyd, all in one run; no test: nothing fails for being slow, but
everything for a wrong answer

Options:
  --only <cases>    some cases, with commas between them (default: all:
                    ${CASES.slice(0, 4).join(', ')},
                    ${CASES.slice(4).join(', ')})
  --rounds <number> rounds of short slices (default: ${FULL.rounds}, with --quick ${QUICK.rounds})
  --quick           shorter slices, fewer rounds and requests
  --workspace       Assent as it is built here; else it is packed and installed
                    by npm into a temporary folder, with the others
  --write           keep the results: bench/compare/results.json,
                    docs/benchmarks.md and the chart of the README
  --help            display this
`;

/** @returns undefined where help was asked for. @throws with a sentence for whoever typed it */
export function readOptions(words: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string', default: CASES.join(',') },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      workspace: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const plan = values.quick ? QUICK : FULL;
  return {
    cases: values.only.split(',').map(readCase),
    plan: { ...plan, rounds: readRounds(values.rounds ?? String(plan.rounds)) },
    isPacked: !values.workspace,
    writes: values.write,
  };
}

function readCase(name: string): Case {
  const found = CASES.find((one) => one === name.trim());
  if (found === undefined)
    throw new TypeError(`--only received "${name}", expected ${CASES.join(', ')}. Try: --only cycles`);
  return found;
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`--rounds received "${text}", expected a whole number from 1. Try: --rounds 5`);
  return rounds;
}
