import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FIGURES_FILE, PAGE_FILE } from './files.ts';
import { formatPage, spreadOf, summarize } from './summary.ts';

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

test('docs/timings.md says what the figures say', async () => {
  const figures = JSON.parse(await readFile(FIGURES_FILE, 'utf8'));
  expect(await readFile(PAGE_FILE, 'utf8')).toBe(formatPage(figures));
});
