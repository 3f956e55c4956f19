// The phone's checks and the contract they were made from: whatever arrives, both judge alike and read the same.
import * as contract from 'assent/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as wire from '../src/wire/contract.ts';
import { ignoringOthers, readAs, type Schema } from '../src/wire/schema.ts';

/** Each check of the phone beside the schema that it was made from. */
const originals = new Map(Object.entries(contract).filter(([, value]) => value instanceof z.ZodType));
const pairs = Object.entries(wire).flatMap(([name, own]) => {
  const original = originals.get(name);
  return original instanceof z.ZodType && typeof own === 'object' ? [{ name, own, original }] : [];
});

/** What may stand in place of any value. */
const STRANGE: readonly unknown[] = [
  undefined,
  null,
  '',
  'x',
  'é ',
  '2026-02-30T12:00:00Z',
  '2028-02-29T23:59:59.125Z',
  '2026-01-01T00:00:00+01:00',
  'https://example.com/a?b#c',
  'example.com',
  `https://example.com/${'a'.repeat(2_048)}`,
  'A'.repeat(87),
  0,
  32,
  33,
  -1,
  1.5,
  1e300,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  [],
  ['x'],
  [null],
  {},
  { type: 'x', more: { deep: [1] } },
];

/** A value that the schema accepts, with every member. */
function sampleOf(schema: z.core.$ZodType): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string': {
      const examples = [
        'some text',
        '2026-11-22T12:00:00.000Z',
        'https://push.example/s/1',
        `BA${'a'.repeat(85)}`,
      ];
      const found = [...examples, 'a'.repeat(22), 'abc'].find((text) => z.safeParse(schema, text).success);
      expect(found, JSON.stringify(def)).toBeDefined();
      return found;
    }
    case 'number':
      return 7;
    case 'unknown':
      return { any: ['thing'] };
    case 'boolean':
      return true;
    case 'enum':
      return Object.values(def.entries)[0];
    case 'literal':
      return def.values[0];
    case 'array':
      return [sampleOf(def.element), sampleOf(def.element)];
    case 'object':
      return Object.fromEntries(Object.entries(def.shape).map(([name, member]) => [name, sampleOf(member)]));
    case 'optional':
    case 'nullable':
      return sampleOf(def.innerType);
    case 'union':
      return sampleOf(def.options[0] as z.core.$ZodType);
    default:
      throw new TypeError(`No sample of the type "${def.type}".`);
  }
}

/** Everything that differs from `value` in one place. */
function* variantsOf(value: unknown): Generator<unknown> {
  yield* STRANGE;
  if (Array.isArray(value)) {
    yield [...value, value[0]];
    for (const variant of variantsOf(value[0])) yield [variant, ...value.slice(1)];
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, unheardOf: 1 };
    for (const [name, member] of Object.entries(value)) {
      const { [name]: _, ...others } = value as Record<string, unknown>;
      yield others;
      for (const variant of variantsOf(member)) yield { ...value, [name]: variant };
    }
  }
}

function expectSameVerdict(own: Schema<unknown>, original: z.ZodType, value: unknown): void {
  const verdict = original.safeParse(value);
  const read = readAs(own, value);
  const told = { accepted: read !== undefined, value, read };
  expect(told).toEqual({ accepted: verdict.success, value, read: verdict.data });
}

test.each(pairs)(
  '$name judges and reads as the contract does, whatever differs in one place',
  ({ own, original }) => {
    const sample = sampleOf(original);
    expect(original.safeParse(sample).success).toBe(true);
    expectSameVerdict(own, original, sample);
    for (const variant of variantsOf(sample)) expectSameVerdict(own, original, variant);
  },
);

test('every kind of result is told apart, and none is taken for another', () => {
  const approval = sampleOf(contract.approvalViewSchema);
  for (const result of ['decided', 'already_decided', 'expired', 'changed', 'toString', '', undefined, 7])
    expectSameVerdict(wire.decisionResultSchema, contract.decisionResultSchema, { result, approval });
});

test('a message may bring members of a later server, where nothing else is wrong with it', () => {
  const lenient = ignoringOthers(wire.pushMessageSchema);
  const original = z.object(contract.pushMessageSchema.shape);
  const sample = sampleOf(original);
  for (const variant of variantsOf(sample)) expectSameVerdict(lenient, original, variant);
});

test('a finding says where, what was expected and what came', () => {
  const findings: string[] = [];
  const device = sampleOf(contract.deviceSchema) as Record<string, unknown>;
  wire.devicesSchema.read({ devices: [device, { ...device, push: 'pigeon', more: 1 }] }, '', findings);
  expect(findings).toEqual([
    'devices[1].more: not known here',
    'devices[1].push: expected none, web-push, relay, lost, received "pigeon"',
  ]);
});
