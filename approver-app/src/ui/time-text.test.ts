import { expect, test } from 'vitest';
import { timeWithMilliseconds } from '../desk/trace-time.ts';
import { clockTime, dayTime, exactTime } from './time-text.ts';

test('hours are counted to 24, whatever the device would do', () => {
  const at = new Date(2030, 0, 1, 18, 20, 5, 7);
  const instant = at.toISOString();
  expect([clockTime(instant), exactTime(instant), timeWithMilliseconds(instant)]).toEqual([
    '18:20',
    '18:20:05',
    '18:20:05.007',
  ]);
  expect(dayTime(instant, at.getTime())).toBe('18:20');
  expect(dayTime(instant, at.getTime() + 86_400_000)).toMatch(/18:20$/);
});

test('midnight is 00', () => {
  expect(clockTime(new Date(2030, 0, 1, 0, 5).toISOString())).toBe('00:05');
});
