// Which rows of a long list are drawn.
import { expect, test } from 'vitest';
import { DRAWN_WHOLE, windowOf } from './row-window.ts';

test('a short list is drawn whole', () => {
  expect(windowOf(DRAWN_WHOLE, 45, 0, 900)).toMatchObject({ first: 0, end: DRAWN_WHOLE, isWindowed: false });
});

test('of a long one what is in view is drawn, with something around it, and the rest keeps its height', () => {
  const { first, end, before, after, isWindowed } = windowOf(10_000, 45, 45_000, 900);
  expect([first, end, isWindowed]).toEqual([988, 1032, true]);
  expect(before + (end - first) * 45 + after).toBe(450_000);
});

test('a list that became shorter than where somebody had scrolled still shows its end', () => {
  const { first, end } = windowOf(200, 45, 45_000, 900);
  expect([first, end]).toEqual([199, 200]);
});
