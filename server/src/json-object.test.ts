import { expect, it } from 'vitest';
import { copyJson, toCompactJson } from './json-object.ts';

it.each([
  ['nothing beyond Latin-1', { text: 'Grüße', list: [1, null, 'a"b\\'] }],
  ['a few signs beyond it', { text: 'ey…Jh', 'a – name': `${'long '.repeat(20)} 😀` }],
  ['nothing else', { text: '送金の承認' }],
])('JSON that is kept reads as what it was made of: %s', (_what, value) => {
  expect(JSON.parse(toCompactJson(value))).toEqual(value);
});

it('JSON that is kept has no sign beyond Latin-1 where a few had to be spelt', () => {
  expect(toCompactJson({ token: 'ey…Jh', more: 'of it' })).toBe('{"token":"ey\\u2026Jh","more":"of it"}');
});

it('a copy has what JSON would carry, and nothing of it is shared', () => {
  const original = { list: [{ a: 1 }, null], 'left out': undefined, inner: { text: 'b', none: undefined } };
  const copy = copyJson(original);
  expect(JSON.stringify(copy)).toBe('{"list":[{"a":1},null],"inner":{"text":"b"}}');
  expect(Object.keys(copy)).toEqual(['list', 'inner']);
  expect(copy.list[0]).not.toBe(original.list[0]);
  expect(copy.inner).not.toBe(original.inner);
});

it('a member that is called as the prototype is copied as a member', () => {
  const copy = copyJson(JSON.parse('{"__proto__":{"isAdmin":true},"a":1}'));
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"isAdmin":true},"a":1}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(copy.isAdmin).toBeUndefined();
});

it('what says of itself how JSON has it is copied so: a date in a tenant that a program wrote', () => {
  const original = { since: new Date(0), list: [new URL('https://issuer.example/')] };
  expect(copyJson<unknown>(original)).toEqual(JSON.parse(JSON.stringify(original)));
});

it('what JSON cannot carry is not copied', () => {
  expect(() => copyJson({ deep: [{ call: () => 1 }] })).toThrow('JSON cannot carry a function');
});
