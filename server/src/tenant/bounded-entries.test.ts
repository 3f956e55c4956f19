import { expect, test } from 'vitest';
import { BoundedEntries } from './bounded-entries.ts';

const BOUNDS = { mostEntries: 3, mostCharacters: 10 };

function filled(...lengths: number[]): {
  entries: BoundedEntries<{ number: number; length: number }>;
  givenUp: number[];
} {
  const entries = new BoundedEntries<{ number: number; length: number }>(BOUNDS);
  const givenUp = lengths.map((length, at) => entries.push({ number: at + 1, length }));
  return { entries, givenUp };
}

function numbersOf(entries: BoundedEntries<{ number: number; length: number }>): number[] {
  return entries.after(0).map(({ number }) => number);
}

test('the oldest are given up for a new one, by how many and how long they are, and how many is said', () => {
  const many = filled(1, 1, 1, 1, 1);
  expect(numbersOf(many.entries)).toEqual([3, 4, 5]);
  expect(many.givenUp).toEqual([0, 0, 0, 1, 1]);
  const long = filled(4, 4, 4, 9);
  expect(numbersOf(long.entries)).toEqual([4]);
  expect(long.givenUp).toEqual([0, 0, 1, 2]);
});

test('the newest stays, however long it is', () => {
  const { entries, givenUp } = filled(1, 50);
  expect(numbersOf(entries)).toEqual([2]);
  expect(givenUp).toEqual([0, 1]);
});

test('those up to a number are dropped, and make room', () => {
  const { entries } = filled(5, 3, 2);
  entries.dropUpTo(2);
  expect(numbersOf(entries)).toEqual([3]);
  expect(entries.push({ number: 4, length: 8 })).toBe(0);
  expect(entries.first(1)).toEqual([{ number: 3, length: 2 }]);
  expect(entries.first(9).map(({ number }) => number)).toEqual([3, 4]);
  entries.dropUpTo(99);
  expect([entries.oldest, entries.newest, entries.first(1)]).toEqual([undefined, undefined, []]);
  entries.dropUpTo(Number.POSITIVE_INFINITY);
  expect(entries.push({ number: 5, length: 10 })).toBe(0);
});
