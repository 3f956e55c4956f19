// What a client can learn of the types of authorization details before it asks, and that asking holds it to that.
// RFC 9396 §2, §5 and §10.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE, type TenantConfigInput } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

const BANK = 'https://bank.example/payments';
const TAX = 'https://tax.example/declarations';
const PATH = '/oauth/authorization-details-types';

const PAYMENT = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
};

const PAYMENT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['instructedAmount', 'creditorName'],
  properties: {
    type: {},
    locations: {},
    instructedAmount: {
      type: 'object',
      required: ['currency', 'amount'],
      additionalProperties: false,
      properties: {
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        amount: { type: 'string', pattern: '^\\d{1,12}(\\.\\d{1,2})?$' },
      },
    },
    creditorName: { type: 'string', maxLength: 140 },
  },
};

const CONFIG: TenantConfigInput = unlimitedBank({
  tenant: { name: 'standard-bank', profile: 'standard' },
  clients: [
    {
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
      name: 'Aiya',
      grant_types: [CIBA_GRANT_TYPE],
    },
    {
      client_id: 'payer',
      client_secret: 'payer-secret-not-real',
      name: 'Payer',
      grant_types: [CIBA_GRANT_TYPE],
      authorization_details_types: ['payment_initiation'],
    },
  ],
  resource_servers: [
    {
      identifier: BANK,
      authorization_details: [
        {
          type: 'payment_initiation',
          name: 'Payment',
          description: 'One credit transfer.',
          schema: PAYMENT_SCHEMA,
        },
        { type: 'read', name: 'Reading' },
        { type: 'closed', schema: false },
      ],
    },
    {
      identifier: TAX,
      authorization_details: [
        { type: 'read', description: 'A declaration of one year.', schema: { required: ['year'] } },
      ],
    },
  ],
  client_grants: [],
  users: [{ user_id: 'auth0|ada', name: 'Ada', devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Phone' }] }],
});

let assent: RunningAssent;
let agent: Agent;
beforeAll(async () => {
  assent = await startAssent({ tls: false, config: CONFIG });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

const ask = (details: unknown, changes: Record<string, string> = {}, by = agent) =>
  by.ask({
    audience: BANK,
    scope: 'openid',
    login_hint: 'auth0|ada',
    authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
    ...changes,
  });

it('every type is described by a schema that takes what the server takes', async () => {
  const answer = await call(`${assent.url}${PATH}`);
  expect([
    answer.status,
    answer.headers['content-type'],
    answer.headers['access-control-allow-origin'],
  ]).toEqual([200, expect.stringContaining('application/json'), '*']);
  const types = answer.json();
  expect(Object.keys(types)).toEqual(['payment_initiation', 'read']);
  expect(types['payment_initiation']).toMatchObject({
    name: 'Payment',
    description: 'One credit transfer.',
    audiences: [BANK],
  });
  expect(types['read']).toMatchObject({ name: 'Reading', audiences: [BANK, TAX] });
  const takes = new Ajv2020({ strict: false }).compile(types['payment_initiation'].schema);
  for (const detail of [
    PAYMENT,
    { ...PAYMENT, type: 'read' },
    { ...PAYMENT, locations: 'x' },
    { ...PAYMENT, surprise: true },
  ]) {
    const { status } = await ask([detail]);
    expect([detail, takes(detail) ? 200 : 400]).toEqual([detail, detail.type === 'read' ? 400 : status]);
  }
});

it('the discovery document names the types and where they are described', async () => {
  const document = (await call(`${assent.url}/.well-known/openid-configuration`)).json();
  expect(document).toMatchObject({
    authorization_details_types_supported: ['payment_initiation', 'read'],
    authorization_details_types_metadata_endpoint: `${assent.issuer}${PATH.slice(1)}`,
  });
});

it.each<[string, unknown]>([
  ['an object', PAYMENT],
  ['a text', '"x"'],
  ['a number', '42'],
  ['a list of numbers', [1]],
  ['a list of lists', [[]]],
  ['no JSON', 'not-json'],
  ['nothing at all', []],
  ['no type', [{ actions: ['read'] }]],
  ['a type that is a number', [{ type: 1 }]],
  ['an empty type', [{ type: '' }]],
  ['locations as a text', [{ type: 'read', locations: 'https://a.example' }]],
  ['actions with a number', [{ type: 'read', actions: ['read', 1] }]],
  ['datatypes as an object', [{ type: 'read', datatypes: {} }]],
  ['privileges as null', [{ type: 'read', privileges: null }]],
  ['an identifier that is an object', [{ type: 'read', identifier: {} }]],
  ['an unknown type', [{ type: 'urn:nobody:knows' }]],
  ['a type of another API', [{ type: 'tax_data' }]],
  ['a type that accepts nothing', [{ type: 'closed' }]],
  ['an unknown member of a closed schema', [{ ...PAYMENT, surprise: true }]],
  ['an amount that is a number', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: 123.5 } }]],
  ['an amount that is a text', [{ ...PAYMENT, instructedAmount: '123.50 EUR' }]],
  ['a currency of four letters', [{ ...PAYMENT, instructedAmount: { currency: 'EURO', amount: '1' } }]],
  ['a negative amount', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '-5' } }]],
  ['an amount with an exponent', [{ ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '1e9' } }]],
  ['a missing member', [{ type: PAYMENT.type, creditorName: 'Merchant A' }]],
  ['one bad object behind a good one', [PAYMENT, { type: 'urn:nobody:knows' }]],
  ['twenty-one objects', Array.from({ length: 21 }, () => ({ type: 'read' }))],
  ['eleven levels', [{ type: 'read', a: JSON.parse(`${'['.repeat(11)}${']'.repeat(11)}`) }]],
  ['a text of 2049 characters', [{ type: 'read', a: 'x'.repeat(2_049) }]],
  ['a name with a line break', [{ type: 'read', 'a\nb': 1 }]],
])('%s is refused, and nobody is asked', async (_what, details) => {
  const before = (await assent.control.requests()).length;
  const answer = await ask(details);
  expect([answer.status, answer.json().error]).toEqual([400, 'invalid_authorization_details']);
  expect(await assent.control.requests()).toHaveLength(before);
});

it('a question may be larger than Auth0 lets it be', async () => {
  const details = Array.from({ length: 12 }, (_, at) => ({
    type: 'read',
    'number of the account, as printed': at,
    note: 'x'.repeat(600),
    ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`member-${n}`, n])),
  }));
  const answer = await ask(details);
  expect(answer.status, answer.text).toBe(200);
  expect((await assent.control.request(answer.json().auth_req_id)).authorization_details).toEqual(details);
});

it('the same type may be there more than once', async () => {
  const details = [PAYMENT, { ...PAYMENT, instructedAmount: { currency: 'EUR', amount: '7.00' } }];
  const { auth_req_id } = (await ask(details)).json();
  expect((await assent.control.approve(auth_req_id)).approval.consent.sections).toHaveLength(3);
  expect((await agent.poll(auth_req_id)).json().authorization_details).toEqual(details);
});

it('a client that is registered for some types may ask for no others', async () => {
  const payer = new Agent(assent, { client_id: 'payer', client_secret: 'payer-secret-not-real' });
  expect((await ask([PAYMENT], {}, payer)).status).toBe(200);
  const refused = await ask([{ type: 'read' }], {}, payer);
  expect([refused.status, refused.json().error]).toEqual([400, 'invalid_authorization_details']);
});

it('a tenant that speaks Auth0’s dialect has no such endpoint', async () => {
  await using other = await startAssent({ tls: false });
  expect((await call(`${other.url}${PATH}`)).status).toBe(404);
});
