// Frames of the sequence view → figures → words. Pure.
import { formatMachine, type Machine } from './machine.ts';
import type { SequenceTimes } from './sequence-messages.ts';
import { type Spread, spreadOf } from './summary.ts';

interface Smoothness {
  interval: Spread;
  frames: number;
  longFrames: number;
  longestMs: number;
}

export interface SequenceFigures extends Machine {
  events: number;
  rows: number;
  scrolling: Smoothness;
  stepping: Smoothness;
  receiving: Smoothness;
}

export function summarizeSequence(times: SequenceTimes): Omit<SequenceFigures, keyof Machine> {
  const { events, rows, scrolling, stepping, receiving } = times;
  return {
    events,
    rows,
    scrolling: smoothnessOf(scrolling),
    stepping: smoothnessOf(stepping),
    receiving: smoothnessOf(receiving),
  };
}

function smoothnessOf({ intervals, longFrames }: SequenceTimes['scrolling']): Smoothness {
  return {
    interval: spreadOf(intervals),
    frames: intervals.length,
    longFrames: longFrames.length,
    longestMs: Math.round(Math.max(0, ...longFrames)),
  };
}

/** As Markdown, which a terminal shows as well. */
export function formatSequence(figures: SequenceFigures): string {
  const { events, rows } = figures;
  const row = (title: string, { interval, frames, longFrames, longestMs }: Smoothness): string =>
    `| ${title} | ${interval.median.toFixed(0)} | ${interval.high.toFixed(0)} | ${longFrames} of ${frames} | ${longFrames === 0 ? 'none' : longestMs} |`;
  return [
    '| from frame to frame, ms | median | 95 % | above 50 ms of work | the longest |',
    '| --- | --- | --- | --- | --- |',
    row('scrolling, slowly and in leaps', figures.scrolling),
    row('from step to step by key, as fast as the view follows', figures.stepping),
    row('while the story goes on, some ten events a second', figures.receiving),
    '',
    `${events} events in 400 requests; the one that is shown has ${rows} rows, all unfolded.`,
    formatMachine(figures),
  ].join('\n');
}
