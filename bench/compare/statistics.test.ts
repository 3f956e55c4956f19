import { expect, test } from 'vitest';
import { rotate } from './cases/rates.ts';
import { quantileOf, quartilesOf, ratiosOf } from './statistics.ts';

test('a quantile is a value that was measured, whatever their order', () => {
  const values = [5, 3, 1, 4, 2];
  expect([0, 0.25, 0.5, 0.75, 0.99, 1].map((share) => quantileOf(values, share))).toEqual([1, 2, 3, 4, 5, 5]);
  expect(quantileOf([], 0.5)).toBeNaN();
});

test('the median of an even number lies between the two in the middle', () => {
  expect(quartilesOf([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1, q3: 3, samples: 4 });
  expect(quartilesOf([7])).toEqual({ median: 7, q1: 7, q3: 7, samples: 1 });
});

test('ratios are taken pair by pair, so that a slow minute of the computer slows both sides', () => {
  expect(ratiosOf([10, 1, 100], [20, 2, 200])).toMatchObject({ median: 0.5, q1: 0.5, q3: 0.5 });
  expect(() => ratiosOf([1], [1, 2])).toThrow('1 samples have no ratio to 2');
});

test('everybody comes first as often, and follows everybody else', () => {
  const orders = [0, 1, 2, 3, 4, 5].map((round) => rotate(['a', 'b', 'c'], round).join(''));
  expect(orders).toEqual(['abc', 'bca', 'cab', 'cba', 'acb', 'bac']);
});
