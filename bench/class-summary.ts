// Rounds of a class → figures → words. Pure.
import type { ClassRound } from './class-messages.ts';
import { formatMachine, type Machine } from './machine.ts';
import { type Spread, spreadOf } from './summary.ts';

export interface ClassFigures extends Machine {
  places: number;
  rounds: number;
  apart: Spread;
  together: Spread;
  /** Of the processor, for each request: all that the process of the class did meanwhile. Older figures have none. */
  serverMs?: number;
}

/** @param cpuMs that the process of the class took in these rounds */
export function summarizeClass(
  rounds: readonly ClassRound[],
  cpuMs: number,
): Omit<ClassFigures, keyof Machine> {
  const requests = rounds.flatMap(({ apart, together }) => [...apart, ...together]).length;
  return {
    serverMs: Math.round((cpuMs / requests) * 10) / 10,
    places: rounds[0]?.apart.length ?? 0,
    rounds: rounds.length,
    apart: spreadOf(rounds.flatMap(({ apart }) => apart)),
    together: spreadOf(rounds.flatMap(({ together }) => together)),
  };
}

/** As Markdown, which a terminal shows as well. */
export function formatClass(figures: ClassFigures): string {
  const { places, rounds, apart, together, serverMs } = figures;
  const row = (title: string, { median, low, high }: Spread): string =>
    `| ${title} | ${median.toFixed(0)} | ${low.toFixed(0)} to ${high.toFixed(0)} |`;
  return [
    '| from the agent’s call until the request is painted, ms | median | 5 to 95 % |',
    '| --- | --- | --- |',
    row('**each when it likes**, three or four a second', apart),
    row('all at the same instant', together),
    '',
    `${places} tenants in one process, ${places} pages in one Chromium: ${places * rounds} requests each way in ${rounds} rounds. No page showed another`,
    'tenant’s request; the run would have failed.',
    ...(serverMs === undefined
      ? []
      : [
          `For each request the server works ${serverMs} ms; the rest is ${places} pages that paint on the same processor, where a class has`,
          'computers of its own.',
        ]),
    formatMachine(figures),
  ].join('\n');
}
