import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { summarizeClass } from './class-summary.ts';
import { PAGE_FILE } from './files.ts';
import { spreadOf, summarize } from './summary.ts';
import { formatPage, readFigures } from './timings-page.ts';

const times = (whole: number) => ({ whole, request: whole / 2, decide: 1, token: -1, verify: 2 });

test('the ratio is taken round by round, so that a slow minute of the computer slows both sides', () => {
  const rounds = [
    { quick: [times(20), times(30), times(40)], auth0: [times(6000)] },
    { quick: [times(100)], auth0: [times(10_000)] },
  ];
  const figures = summarize(rounds, {
    takenAt: '2030-01-01',
    node: '24.0.0',
    processor: 'one',
    loadAverage: 0,
  });
  expect(figures.ratio).toEqual({ median: 100, low: 100, high: 200 });
  expect(figures.quick).toMatchObject({ tests: 4, parts: { whole: { median: 30, low: 20, high: 100 } } });
});

test('a spread names values that were measured', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(spreadOf(Array.from({ length: 100 }, (_, index) => index + 1))).toEqual({
    median: 50,
    low: 5,
    high: 95,
  });
});

test('a class is the sum of its rounds', () => {
  const rounds = [
    { apart: [10, 20], together: [100, 200] },
    { apart: [30, 40], together: [300, 400] },
  ];
  expect(summarizeClass(rounds, 36)).toEqual({
    serverMs: 4.5,
    places: 2,
    rounds: 2,
    apart: { median: 20, low: 10, high: 40 },
    together: { median: 200, low: 100, high: 400 },
  });
});

test('docs/timings.md says what the figures say', async () => {
  expect(await readFile(PAGE_FILE, 'utf8')).toBe(formatPage(await readFigures()));
});
