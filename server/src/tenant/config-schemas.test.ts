import { expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { checkConfig } from './config-check.ts';

type Schema = Record<string, unknown>;

/** The mistakes of a tenant whose types have these schemas, each without the name of the source. */
function mistakesOf(...schemas: readonly Schema[]): readonly string[] {
  const types = schemas.map((schema, i) => ({ type: `type-${i}`, schema }));
  try {
    checkConfig({ resource_servers: [{ identifier: 'api', authorization_details: types }] });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.findings.map((finding) =>
      finding.replace('config  resource_servers[0].authorization_details', 'types'),
    );
  }
}

test.each<[string, Schema]>([
  [
    'formats',
    { properties: { on: { format: 'date' }, at: { format: 'date-time' }, to: { format: 'email' } } },
  ],
  ['a property called format', { properties: { format: { type: 'string' } }, required: ['format'] }],
  ['keywords that JSON Schema does not know', { 'x-order': 1, properties: { a: { example: 'b' } } }],
  [
    'an $id and references',
    { $id: 'https://bank.example/order', $defs: { a: { type: 'string' } }, $ref: '#/$defs/a' },
  ],
])('a schema with %s is fine', (_what, schema) => {
  expect(mistakesOf(schema)).toEqual([]);
});

test('one that answers later is a mistake, since nobody waits for it', () => {
  expect(mistakesOf({ $async: true, required: ['amount'] })).toEqual([
    'types[0].schema.$async  is of Ajv and no part of JSON Schema. Leave it out.',
  ]);
});

test('two under one $id are a mistake', () => {
  expect(
    mistakesOf(
      { $id: 'https://bank.example/order' },
      { $id: 'https://bank.example/order', required: ['amount'] },
    ),
  ).toEqual([
    'types[1].schema.$id  received "https://bank.example/order" a second time, it is already at resource_servers[0].authorization_details[0].schema.$id.',
  ]);
});

test('a format that would not be checked is a mistake, wherever it stands', () => {
  const [nested, unlike] = mistakesOf(
    { properties: { 'a/b': { anyOf: [{ type: 'string' }, { format: 'date_time' }] } } },
    { $id: 'https://bank.example/money', $ref: '#/$defs/amount', $defs: { amount: { format: 'money' } } },
  );
  expect(nested).toBe(
    'types[0].schema.properties["a/b"].anyOf[1].format  received "date_time", expected a known format. Did you mean "date-time"?',
  );
  expect(unlike).toMatch(
    /^types\[1\]\.schema\.\$defs\.amount\.format {2}received "money", expected one of date, time, date-time/,
  );
});

test('a pattern that no engine checks in bounded time is a mistake, and one that merely looks bad is fine', () => {
  expect(mistakesOf({ properties: { a: { pattern: '^(a+)+$' } } })).toEqual([]);
  const [look, back] = mistakesOf(
    { properties: { a: { pattern: '^(?=.*\\d).+$' } } },
    { properties: { a: { pattern: '(a)\\1' } } },
  );
  expect(look).toMatch(
    /^types\[0\]\.schema {2}expected a JSON Schema .* has what no engine checks in bounded time/,
  );
  expect(back).toMatch(/do without look-around and back references/);
});
