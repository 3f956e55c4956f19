import { expect, test } from 'vitest';
import type { TraceEvent } from '../contract/index.ts';
import { readRun, writeSvg } from './index.ts';

/** One request that is polled over and over, answered in turns, so that nothing folds. */
function pollForEver(polls: number): TraceEvent[] {
  const about = { approval: 'apr_1', name: 'r1', at: '2030-01-01T12:00:00.000Z' };
  const answers = ['authorization_pending', 'slow_down'] as const;
  return Array.from({ length: polls }, (_, index) => ({
    type: 'poll.answered',
    ...about,
    number: index + 1,
    answer: answers[index % 2] ?? 'slow_down',
    interval: 5,
  }));
}

test('ten thousand events of one request are read in order, each with ids of its own', () => {
  const run = readRun(pollForEver(10_000));
  expect(run?.steps).toHaveLength(20_000);
  expect(new Set(run?.steps.map(({ id }) => id)).size).toBe(20_000);
  expect(run?.steps.at(-1)?.number).toBe(20_000);
});

test('polls that are answered alike are two steps, however many there are', () => {
  const alike = pollForEver(20_000).filter((_, index) => index % 2 === 0);
  const run = readRun(alike);
  expect(run?.steps.map(({ arrows }) => arrows.length)).toEqual([10_000, 10_000]);
});

test('of a story that is too long for a picture the beginning is drawn, and the picture says how much is missing', () => {
  const run = readRun(pollForEver(100_000));
  if (run === undefined) throw new Error('there is no run');
  const picture = writeSvg(run);
  expect(picture.length).toBeLessThan(5_000_000);
  expect(picture).toContain('198000 more rows are not drawn. The JSON of this request has all of them.');
  const short = readRun(pollForEver(3));
  expect(short && writeSvg(short)).not.toContain('not drawn');
});
