// `pnpm bench day`: whether a server is after hours what it was at the beginning. This process asks; what the server takes is read
// from /proc, minute by minute. Ends with 1 where something grew, or went wrong.
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readOrExit } from '../begin.ts';
import { prepareGround } from '../compare/ground.ts';
import { Watchers } from '../compare/load/watchers.ts';
import { weigh } from '../compare/process-tree.ts';
import { CallbackInbox } from './callback-inbox.ts';
import { DayLoad } from './day-load.ts';
import { type DayOptions, HELP, readDayOptions } from './day-options.ts';
import { formatMinute, HEAD, judge, type Minute } from './day-record.ts';
import { type DayServer, startDayServer } from './day-server.ts';

const MINUTE_MS = 60_000;
const MOST_ERRORS_TOLD = 10;

const options = readOrExit(readDayOptions, HELP);
process.stderr.write(options.isPacked ? 'Packing and installing Assent …\n' : '');
// Whatever somebody still waits for when it was broken off is given up.
process.exit((await playDay(options)) ? 0 : 1);

/** Whether all went well. */
async function playDay({
  minutes,
  minutesToFill,
  perSecond,
  store,
  watchers: readers,
  isPacked,
}: DayOptions): Promise<boolean> {
  await using ground = await prepareGround({ isPacked });
  await using inbox = await CallbackInbox.open();
  await using server = await startDayServer(ground, store, inbox.url);
  const watchers = await Watchers.open(server.target, readers);
  const load = new DayLoad(server.target, inbox);
  const end = new AbortController();
  // Judged by what there is by then. A terminal ends the server as well.
  process.on('SIGINT', () => end.abort()).on('SIGTERM', () => end.abort());

  process.stdout.write(
    `${minutes} minutes, ${perSecond} cycles a second, store: ${store}, watchers: ${readers}\n${HEAD}\n`,
  );
  const running = load.run(perSecond, end.signal);
  const told = await tellMinutes({ minutes, server, load, signal: end.signal });
  const isBrokenOff = end.signal.aborted;
  end.abort();
  if (!isBrokenOff) {
    await running;
    await watchers.catchUp();
  }
  watchers.close();

  const errors = isBrokenOff ? 0 : load.errors.length;
  for (const error of load.errors.slice(0, Math.min(errors, MOST_ERRORS_TOLD)))
    process.stderr.write(`${error}\n`);
  process.stdout.write(`${load.ended} cycles, ${errors} errors, ${watchers.events} events arrived\n`);
  const counted = told.slice(minutesToFill);
  if (counted.length < 2) {
    process.stdout.write(`Too short to compare: the first ${minutesToFill} minutes do not count.\n`);
    return errors === 0;
  }
  const { lines, isSteady } = judge(counted);
  process.stdout.write(`Without the first ${minutesToFill} minutes, first tenth → last tenth:\n`);
  process.stdout.write(`${lines.join('\n')}\n`);
  return isSteady && errors === 0;
}

interface Telling {
  minutes: number;
  server: DayServer;
  load: DayLoad;
  signal: AbortSignal;
}

async function tellMinutes({ minutes, server, load, signal }: Telling): Promise<Minute[]> {
  const list: Minute[] = [];
  const { pid } = server.target;
  const beganAtMs = performance.now();
  let before = { cycles: 0, errors: 0, cpuMs: weigh(pid).cpuMs };
  for (let number = 1; number <= minutes; number += 1) {
    const leftMs = beganAtMs + number * MINUTE_MS - performance.now();
    await wait(leftMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const { cpuMs, rssMiB } = weigh(pid);
    const after = { cycles: load.ended, errors: load.errors.length, cpuMs };
    const cycles = after.cycles - before.cycles;
    const minute: Minute = {
      number,
      cycles,
      errors: after.errors - before.errors,
      cpuMs: (cpuMs - before.cpuMs) / Math.max(1, cycles),
      rssMiB,
      openFiles: readdirSync(`/proc/${pid}/fd`).length,
      storeMiB: await server.storeMiB(),
    };
    before = after;
    list.push(minute);
    process.stdout.write(`${formatMinute(minute)}\n`);
  }
  return list;
}
