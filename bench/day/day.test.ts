// What is said of a day, and what can be asked for. The day itself is no test.
import { expect, test } from 'vitest';
import { readDayOptions } from './day-options.ts';
import { formatMinute, HEAD, judge, type Minute } from './day-record.ts';

const minute = (number: number, changes: Partial<Minute> = {}): Minute => ({
  ...{ number, cycles: 300, errors: 0, cpuMs: 2, rssMiB: 200, openFiles: 40, storeMiB: 80 },
  ...changes,
});
const day = (changesOf: (number: number) => Partial<Minute>): Minute[] =>
  Array.from({ length: 40 }, (_, index) => minute(index + 1, changesOf(index + 1)));

test('a day that ends as it began is steady, whatever single minutes were', () => {
  const { lines, isSteady } = judge(day((number) => (number % 7 === 0 ? { cpuMs: 9, rssMiB: 400 } : {})));
  expect(isSteady).toBe(true);
  expect(lines).toHaveLength(4);
});

test.each([
  ['CPU ms', (number: number) => ({ cpuMs: 2 + number / 40 })],
  ['memory', (number: number) => ({ rssMiB: 200 + number * 2 })],
  ['open files', (number: number) => ({ openFiles: 40 + number })],
  ['store', (number: number) => ({ storeMiB: 80 + number * 2 })],
])('what grew is named: %s', (title, changesOf) => {
  const { lines, isSteady } = judge(day(changesOf));
  expect(isSteady).toBe(false);
  expect(lines.filter((line) => line.startsWith('GREW'))).toEqual([expect.stringContaining(title)]);
});

test('where the store is memory nothing is said of it, and a line is as wide as its head', () => {
  const { lines } = judge(day(() => ({ storeMiB: undefined })));
  expect(lines.filter((line) => line.includes('store'))).toEqual([]);
  expect(formatMinute(minute(1, { storeMiB: undefined }))).toHaveLength(HEAD.length);
});

test('what cannot be understood is refused with what would be', () => {
  expect(readDayOptions(['--hours', '0.5', '--rate', '20'])).toMatchObject({
    minutes: 30,
    minutesToFill: 10,
  });
  expect(() => readDayOptions(['--hours', 'long'])).toThrow('--hours received "long", expected a number');
  expect(() => readDayOptions(['--hours', '0.1'])).toThrow('it takes 35 minutes until what is kept is full');
  expect(() => readDayOptions(['--store', 'disk'])).toThrow(
    '--store received "disk", expected memory, sqlite',
  );
  expect(readDayOptions(['--help'])).toBeUndefined();
});
