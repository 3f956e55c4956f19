// How one line of the log of a server looks: the time, what happened in a word, the request that it is about, the rest.
import type { Paint } from './output.ts';

/** Shows instants as times of the day. Making one costs more than a line. */
export type TimeOfDay = Intl.DateTimeFormat;

/** @param timeZone default: the computer's */
export function createTimeOfDay(timeZone?: string): TimeOfDay {
  return new Intl.DateTimeFormat('en-GB', {
    timeStyle: 'medium',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
}

export interface LogLineParts {
  /** As it is shown. */
  time: string;
  verb: string;
  /** Short name of a request, or nothing. */
  name: string;
  text: string;
}

export function formatLogLine({ time, verb, name, text }: LogLineParts, paint: Paint): string {
  return `  ${paint('quiet', time)}  ${verb.padEnd(7)} ${paint('address', name.padEnd(4))} ${text}`;
}
