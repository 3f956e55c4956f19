// What is known of a tenant without the schemas, held to what these say: of tenants that are there, and of many that are drawn.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { quickAnswersInputSchema, tenantConfigSchema } from '../contract/index.ts';
import { bankTenant } from './bank-tenant.ts';
import { readOutline } from './config-outline.ts';
import { OUTLINE_SHAPE, QUICK_ANSWERS_SHAPE, TENANT_SHAPE } from './config-shapes.ts';
import { type Node, readShape } from './shape.ts';
import { readSoundConfig } from './sound-config.ts';

test('a tenant with nothing unusual in it takes no schemas, and is what they make of it', () => {
  for (const input of [{}, bankTenant]) {
    const config = readSoundConfig(input);
    expect(JSON.stringify(config)).toBe(JSON.stringify(tenantConfigSchema.parse(input)));
    expect(config).toEqual(tenantConfigSchema.parse(input));
    expect(Object.isFrozen(config?.ciba.errors)).toBe(true);
  }
});

test('two tenants of the same defaults share none of them', () => {
  const [one, other] = [readShape(TENANT_SHAPE, {}), readShape(TENANT_SHAPE, {})];
  expect(one?.connections).not.toBe(other?.connections);
  expect(one?.clients).not.toBe(other?.clients);
});

test('what is wrong, and what is out of the ordinary, is left to the schemas', () => {
  const inherited = Object.create({ tenant: { name: 'inherited' } });
  const hidden = Object.defineProperty({}, 'seed', { value: 'hidden' });
  const proto = JSON.parse('{"unimitated":{"__proto__":{"a":1}}}');
  const spread = [{ client_id: 'a', name: 'A', client_secret: 's', unimitated: undefined }];
  const inputs = [
    undefined,
    null,
    [],
    'tenant',
    inherited,
    hidden,
    proto,
    { seed: 1.5 },
    { surprise: true },
    { clients: spread },
    { clients: [{ client_id: 'a', name: 'A' }] },
    { users: [{ user_id: 'auth0|ada', name: 'Ada', roles: ['nobody'] }] },
    { tenant: new Map() },
    { [Symbol('tenant')]: 1 },
  ];
  for (const input of inputs) expect(readSoundConfig(input)).toBeUndefined();
});

const membersOf = ({ node }: { node: Node }) => (node.is === 'members' ? Object.entries(node.of) : []);

test.each(membersOf(TENANT_SHAPE))('of "%s", no more is let pass than by the schemas', (name, node) => {
  const schema = Reflect.get(tenantConfigSchema.shape, name);
  compare(node, (value) => schema.safeParse(value, { jitless: true }), 150);
});

test.each(membersOf(OUTLINE_SHAPE))('the outline of "%s" is the same both ways', (name, node) => {
  const read = (value: unknown) => ({ data: readOutline({ [name]: value }) });
  const whole = fc.record({ [name]: drawValue(node) }, { noNullPrototype: true });
  fc.assert(
    fc.property(whole, (input) => {
      const outline = readShape(OUTLINE_SHAPE, input);
      if (outline) expect(outline).toEqual(read(input[name]).data);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test('of quick answers, no more is let pass than by their schema', () => {
  compare(QUICK_ANSWERS_SHAPE.node, (value) => quickAnswersInputSchema.safeParse(value), 300);
});

type Verdict = { success: boolean; data?: unknown; error?: z.ZodError | undefined };

function compare(node: Node, judge: (value: unknown) => Verdict, numRuns: number): void {
  let passed = 0;
  fc.assert(
    fc.property(drawValue(node), (value) => {
      const made = readShape({ node }, value);
      if (made === undefined) return;
      passed += 1;
      const { success, data } = judge(value);
      expect(success, JSON.stringify(value)).toBe(true);
      expect(made).toEqual(data);
      expect(JSON.stringify(made)).toBe(JSON.stringify(data));
    }),
    { seed: 42, numRuns },
  );
  // Else nothing would have been compared.
  expect(passed).toBeGreaterThan(numRuns / 10);
}

const JUNK = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  2 ** 60,
  '',
  'x',
  '\u{1F600}',
  [],
  [undefined],
  {},
  new Date(0),
];

/** Mostly of the shape, and now and then anything. */
function drawValue(node: Node): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 200, arbitrary: drawSoundValue(node) },
    { weight: 1, arbitrary: fc.constantFrom(...JUNK) },
  );
}

function drawSoundValue(node: Node): fc.Arbitrary<unknown> {
  switch (node.is) {
    case 'anything':
    case 'unsure':
      return fc.jsonValue({ maxDepth: 2 });
    case 'flag':
      return fc.boolean();
    case 'text':
      if (node.like) return fc.stringMatching(node.like, { size: 'small' });
      return drawText(node.least ?? 0, node.most ?? 300);
    case 'number':
    case 'whole':
      return drawNumber(node);
    case 'one':
      return fc.constantFrom(...node.of);
    case 'list':
      return fc.array(drawValue(node.of), { minLength: node.least ?? 0, maxLength: 2 });
    case 'map':
      return fc.dictionary(
        fc.constantFrom('a', '/b', '7', '0', 'constructor', 'é', 'kty', 'kid', '__proto__'),
        drawValue(node.of),
        {
          maxKeys: 2,
          noNullPrototype: true,
        },
      );
    case 'either':
      return fc.oneof(...node.of.map(drawValue));
    case 'members': {
      const sayable = Object.entries(node.of).filter(([, member]) => mustBe(member) || !isUnsure(member));
      const members = Object.fromEntries(sayable.map(([name, member]) => [name, drawValue(member)]));
      const required = Object.keys(node.of).filter((name) => node.of[name] && mustBe(node.of[name]));
      const known = fc.record(members, { requiredKeys: required, noNullPrototype: true });
      return fc.oneof(
        { weight: 200, arbitrary: known },
        { weight: 1, arbitrary: known.map((value) => ({ ...value, surprise: 1 })) },
      );
    }
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
      return drawSoundValue(node.of);
  }
}

/** Whoever says it is left to the schemas. */
function isUnsure(node: Node): boolean {
  return node.is === 'unsure' || (node.is === 'optional' && isUnsure(node.of));
}

function mustBe({ is }: Node): boolean {
  return !['optional', 'default', 'prefault', 'catch'].includes(is);
}

/** Now and then too short or too long. */
function drawText(least: number, most: number): fc.Arbitrary<string> {
  const fitting = { minLength: least, maxLength: Math.min(most, least + 8) };
  const edges = [least - 1, most, most + 1].filter((length) => length >= 0);
  return fc.oneof(
    { weight: 200, arbitrary: fc.string({ ...fitting, unit: 'binary-ascii' }) },
    { weight: 20, arbitrary: fc.string({ ...fitting, unit: 'grapheme' }) },
    { weight: 1, arbitrary: fc.constantFrom(...edges.map((length) => '\u{1F600}'.repeat(length))) },
  );
}

/** Now and then beside what is allowed. */
function drawNumber({
  least,
  above,
  most,
}: {
  least?: number;
  above?: number;
  most?: number;
}): fc.Arbitrary<number> {
  const edges = [least, above, most].flatMap((edge = 0) => [edge - 1, edge, edge + 0.5, edge + 1]);
  const fitting = Math.min(most ?? 500, Math.max(least ?? 0, above === undefined ? 0 : above + 1));
  return fc.oneof(
    { weight: 200, arbitrary: fc.constant(fitting) },
    { weight: 1, arbitrary: fc.constantFrom(...edges) },
  );
}
