// Addresses of the console, there and back.
import { expect, test } from 'vitest';
import { addressOf, pathOf } from './address.tsx';

test.each([
  { page: 'requests', item: undefined, query: {} },
  { page: 'requests', item: 'r7', query: { q: 'state:pending client:"a b"' } },
  { page: 'people', item: 'auth0|ada', query: {} },
  { page: 'apis', item: 'https://api.example.com/v1?x=%2F#y', query: {} },
])('$page $item is read as it was written', (address) => {
  const { pathname, search } = new URL(pathOf(address), 'https://localhost');
  expect(addressOf(pathname, search)).toEqual(address);
});

test('an address without a page, or one that was cut short, is an address still', () => {
  expect(addressOf('/console', '')).toEqual({ page: '', item: undefined, query: {} });
  expect(addressOf('/console/', '')).toEqual({ page: '', item: undefined, query: {} });
  expect(addressOf('/console/people/auth0%7', '')).toMatchObject({ page: 'people', item: 'auth0%7' });
});

test('an empty filter leaves no trace in the address', () => {
  expect(pathOf({ page: 'events', query: { q: '' } })).toBe('/console/events');
});
