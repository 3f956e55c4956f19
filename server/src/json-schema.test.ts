import { expect, test } from 'vitest';
import { compileSchema } from './json-schema.ts';

test('a pattern for which backtracking would take longer than the world exists has its answer at once', () => {
  const check = compileSchema({ properties: { a: { type: 'string', pattern: '^(a|aa|a+)+$' } } });
  expect(check({ a: 'a'.repeat(2_000) })).toEqual([]);
  expect(check({ a: `${'a'.repeat(2_000)}!` })).toEqual(['/a must match pattern "^(a|aa|a+)+$"']);
});

test.each([
  ['^[A-Z]{3}$', 'EUR', 'EURO'],
  ['^\\d{1,12}(\\.\\d{2})?$', '123.50', '1e9'],
  ['^\\p{L}+$', 'Zoë', 'x1'],
  ['^\\u{1F3E0}$', '🏠', 'x'],
  ['^.$', '🏠', 'xx'],
  ['^(?<year>\\d{4})-(0[1-9]|1[0-2])$', '2018-12', '2018-13'],
  ['^https:\\/\\/[^/]+\\/$', 'https://a/', 'http://a/'],
])('the pattern %s takes %s and not %s, as in JavaScript', (pattern, good, bad) => {
  const check = compileSchema({ type: 'string', pattern });
  expect([check(good), check(bad).length]).toEqual([[], 1]);
  expect([new RegExp(pattern, 'u').test(good), new RegExp(pattern, 'u').test(bad)]).toEqual([true, false]);
});

test('a member that a closed schema does not know is named', () => {
  const check = compileSchema({ properties: { a: {} }, additionalProperties: false });
  expect(check({ a: 1, surprise: true })).toEqual(['/ must NOT have additional properties: "surprise"']);
});
