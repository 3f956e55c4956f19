import { expect, test } from 'vitest';
import { fitLabel, hasRoomForNames, layOut } from './geometry.ts';

test.each([
  [18, 'POST /bc-authorize'],
  [17, '/bc-authorize'],
  [10, '/bc-autho…'],
])('in the room of %i characters a request stands as %j', (room, shown) => {
  expect(fitLabel('POST /bc-authorize', room, 1)).toBe(shown);
});

test('an answer goes without its status before its word is cut', () => {
  expect(fitLabel('200 access_token', 12, 1)).toBe('access_token');
  expect(fitLabel('push, pointer only', 12, 1)).toBe('push, point…');
});

test('the names over the columns are short where two of them would touch', () => {
  expect(hasRoomForNames(layOut(920, 16))).toBe(true);
  expect(hasRoomForNames(layOut(760, 16))).toBe(false);
  // Larger text needs more.
  expect(hasRoomForNames(layOut(920, 24))).toBe(false);
});
