import { expect, test } from 'vitest';
import { DRAWN_WHOLE, windowOf } from '../desk/row-window.ts';

const ROW = 47;
const PANE = 800;

test('a short story is drawn whole', () => {
  expect(windowOf(DRAWN_WHOLE, ROW, 400, PANE)).toMatchObject({
    first: 0,
    end: DRAWN_WHOLE,
    isWindowed: false,
  });
});

test.each([0, 47, 46_999, 470_000])(
  'of ten thousand rows only those around the view are drawn, at %i px',
  (top) => {
    const count = 10_000;
    const { first, end, before, after } = windowOf(count, ROW, top, PANE);
    expect(end - first).toBeLessThan(60);
    expect(before + (end - first) * ROW + after).toBe(count * ROW);
    expect([first * ROW <= top, end * ROW >= Math.min(top + PANE, count * ROW)]).toEqual([true, true]);
  },
);
