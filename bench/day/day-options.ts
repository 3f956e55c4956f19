// What `pnpm bench day` can be told.
import { parseArgs } from 'node:util';
import { RETENTION, STORES, type StoreName } from './day-server.ts';

export interface DayOptions {
  minutes: number;
  /** At the beginning, in which what is bounded fills up; they do not count. */
  minutesToFill: number;
  perSecond: number;
  store: StoreName;
  watchers: number;
  isPacked: boolean;
}

/** More than a server keeps of what is over. */
const CYCLES_TO_FILL = 10_000;

export const HELP = `Usage: pnpm bench day [options]

asks a server for hours, at a steady pace: clients that poll, are pinged or have
their tokens pushed, some denials, some requests that nobody answers, readers of
the event stream. Tells each minute what it cost, and at the end whether the last
tenth was like the first one; no test. Minutes in which what a server keeps of
the past fills up are told, and do not count

Options:
  --hours <number>     how long, 0.5 is half an hour (default: 24)
  --rate <number>      cycles a second (default: 5)
  --store <name>       ${STORES.join(', ')} (default: sqlite)
  --watchers <number>  readers of the event stream (default: 5)
  --workspace          Assent as it is built here; else it is packed and
                       installed by npm into a temporary folder
  --help               display this
`;

/** @returns undefined where help was asked for. @throws with a sentence for whoever typed it */
export function readDayOptions(words: readonly string[]): DayOptions | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      hours: { type: 'string', default: '24' },
      rate: { type: 'string', default: '5' },
      store: { type: 'string', default: 'sqlite' },
      watchers: { type: 'string', default: '5' },
      workspace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const store = STORES.find((name) => name === values.store);
  if (store === undefined)
    throw new TypeError(
      `--store received "${values.store}", expected ${STORES.join(', ')}. Try: --store sqlite`,
    );
  const perSecond = readNumber('--rate', values.rate);
  const minutes = Math.floor(readNumber('--hours', values.hours) * 60);
  const minutesToFill = 1 + Math.ceil(Math.max(CYCLES_TO_FILL / perSecond, RETENTION) / 60);
  if (minutes < minutesToFill + 2)
    throw new TypeError(
      `--hours received "${values.hours}": at ${perSecond} cycles a second it takes ${minutesToFill} minutes until what is kept is full, and two to compare. Try: --hours ${((minutesToFill + 10) / 60).toFixed(1)}, or another --rate`,
    );
  const watchers = Number(values.watchers);
  if (!Number.isInteger(watchers) || watchers < 0)
    throw new TypeError(
      `--watchers received "${values.watchers}", expected a whole number. Try: --watchers 5`,
    );
  return { minutes, minutesToFill, perSecond, store, watchers, isPacked: !values.workspace };
}

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new TypeError(`${name} received "${text}", expected a number above 0. Try: ${name} 5`);
}
