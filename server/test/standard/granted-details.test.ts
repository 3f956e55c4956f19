// What an approver grants of the authorization details where their type lets it differ from what was asked, and that nobody
// else can make it differ. RFC 9396 §7.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthorizationDetail, TenantConfigInput } from '../../src/contract/index.ts';
import { GuardianDevice } from '../../src/guardian-device/guardian-device.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, claimsOf, unlimitedBank } from '../agent.ts';
import { PairedBrowser } from '../paired-browser.ts';

const API = 'https://bank.example/open-banking';
const SAVINGS = { iban: 'DE02500105170137075030' };
const CURRENT = { iban: 'DE02120300000000202051' };

const READ = {
  type: 'account_information',
  actions: ['list_accounts', 'read_balances', 'read_transactions'],
  access: { accounts: [] as unknown[] },
};
const PAY = { type: 'payment_initiation', amount: '12.00', creditor: { name: 'Merchant A' } };
const FIXED = { type: 'fixed', actions: ['a', 'b'] };

const CONFIG: TenantConfigInput = unlimitedBank({
  resource_servers: [
    {
      identifier: API,
      allow_offline_access: true,
      scopes: [{ value: 'accounts' }],
      authorization_details: [
        {
          type: 'account_information',
          name: 'Account information',
          display: { labels: { '/actions': 'What it may do' } },
          approver_may: {
            remove: true,
            shorten: ['/actions'],
            choose: [
              {
                at: '/access/accounts',
                name: 'Which accounts',
                many: true,
                options: [
                  { name: 'Current account', value: CURRENT },
                  { name: 'Savings', value: SAVINGS },
                ],
              },
            ],
          },
        },
        {
          type: 'payment_initiation',
          approver_may: {
            remove: true,
            choose: [
              {
                at: '/debtorAccount',
                options: [
                  { name: 'Current account', value: CURRENT },
                  { name: 'Savings', value: SAVINGS },
                ],
              },
            ],
          },
        },
        { type: 'fixed' },
      ],
    },
  ],
  client_grants: [],
  users: [
    { user_id: 'auth0|ada', name: 'Ada Lovelace', devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Phone' }] },
  ],
});

let assent: RunningAssent;
let agent: Agent;
let phone: PairedBrowser;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: CONFIG });
  agent = new Agent(assent);
  phone = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
});
afterAll(() => assent.close());

function ask(details: readonly AuthorizationDetail[], scope = 'openid accounts'): Promise<string> {
  return agent.askFor({ audience: API, scope, authorization_details: JSON.stringify(details) });
}

/** The details of the token answer and of the access token, which must agree. */
async function redeem(authReqId: string): Promise<unknown> {
  const answer = await agent.poll(authReqId);
  expect(answer.status, answer.text).toBe(200);
  const { access_token, authorization_details } = answer.json();
  expect(claimsOf(access_token)['authorization_details']).toEqual(authorization_details);
  return authorization_details;
}

it('what the person struck out on the phone is in no token, and everybody is told', async () => {
  const authReqId = await ask([READ, PAY]);
  const approval = await assent.control.request(authReqId);
  expect(approval.consent.sections[0]?.may).toEqual({
    remove: true,
    shorten: ['/actions'],
    choose: [expect.objectContaining({ path: '/access/accounts', label: 'Which accounts', many: true })],
  });
  const granted = [{ ...READ, actions: ['read_balances'], access: { accounts: [SAVINGS] } }];
  const answer = await phone.answer(approval, true, { claims: { granted_details: granted } });
  expect(answer.status, answer.text).toBe(200);

  const { authorization_details, decision } = await assent.control.request(authReqId);
  expect(authorization_details).toEqual([READ, PAY]);
  expect(decision).toMatchObject({
    outcome: 'approved',
    granted_details: granted,
    changes: [
      { kind: 'struck_out', entry: 0, path: '/actions/0', label: 'What it may do', value: 'list_accounts' },
      {
        kind: 'struck_out',
        entry: 0,
        path: '/actions/2',
        label: 'What it may do',
        value: 'read_transactions',
      },
      { kind: 'chosen', entry: 0, path: '/access/accounts', label: 'Which accounts', value: 'Savings' },
      { kind: 'struck_out', entry: 1, path: '', label: 'Payment initiation', value: '12.00' },
    ],
  });
  const made = (await assent.control.trace(authReqId)).find(({ type }) => type === 'decision.made');
  expect(made).toMatchObject({ granted_details: granted, changes: decision?.changes });
  expect(await redeem(authReqId)).toEqual(granted);
  const issued = (await assent.control.trace(authReqId)).find(({ type }) => type === 'token.issued');
  expect(issued).toMatchObject({ details_match: true });
});

it('whoever changes nothing grants what was asked, and nothing else is said of it', async () => {
  const authReqId = await ask([READ, PAY]);
  const { approval } = await assent.control.approve(authReqId, [READ, PAY]);
  expect(approval.decision).not.toHaveProperty('granted_details');
  expect(await redeem(authReqId)).toEqual([READ, PAY]);
});

it('of two equal objects the one that is left is found', async () => {
  const other = { ...PAY, amount: '7.00' };
  const authReqId = await ask([PAY, PAY, other]);
  await assent.control.approve(authReqId, [PAY, { ...other, debtorAccount: CURRENT }]);
  expect(await redeem(authReqId)).toEqual([PAY, { ...other, debtorAccount: CURRENT }]);
});

it('a member that is a single value is filled in with one of the values offered', async () => {
  const authReqId = await ask([PAY]);
  await assent.control.approve(authReqId, [{ ...PAY, debtorAccount: SAVINGS }]);
  expect(await redeem(authReqId)).toEqual([{ ...PAY, debtorAccount: SAVINGS }]);
});

it('a member that the client has named is not for the approver to choose', async () => {
  const named = { ...PAY, debtorAccount: CURRENT };
  const approval = await assent.control.request(await ask([named]));
  expect(approval.consent.sections[0]).not.toHaveProperty('may');
  await expect(assent.control.approve(approval.id, [{ ...PAY, debtorAccount: SAVINGS }])).rejects.toThrow(
    '/debtorAccount/iban of object 0 has another value',
  );
});

it.each<[string, readonly unknown[], string]>([
  ['another value', [{ ...PAY, amount: '1200.00' }], '/amount of object 0 has another value'],
  ['a member more', [{ ...PAY, urgent: true }], '/urgent of object 0 was not asked for'],
  ['a member less', [{ type: PAY.type, amount: PAY.amount }], '/creditor of object 0 is missing'],
  ['an account that is not offered', [{ ...PAY, debtorAccount: { iban: 'X' } }], 'values that are offered'],
  ['another type', [{ ...PAY, type: 'fixed' }], '/type of object 0 has another value'],
  ['an object more', [PAY, PAY], 'more than can be matched'],
  ['nothing at all', [], 'must keep at least one object'],
  ['no object', ['x'], 'has another value'],
  ['a member called __proto__', [JSON.parse('{"type":"x","__proto__":{"a":1}}')], 'of object 0'],
])('an approval with %s is refused, and the request stays open', async (_what, granted, why) => {
  const authReqId = await ask([PAY]);
  const approval = await assent.control.request(authReqId);
  await expect(assent.control.approve(authReqId, granted)).rejects.toThrow(why);
  const answer = await phone.answer(approval, true, { claims: { granted_details: granted } });
  expect([answer.status, answer.json().code]).toEqual([400, 'bad_request']);
  expect((await assent.control.request(authReqId)).state).toBe('pending');
});

it('a type that lets nothing be changed is granted as a whole, or not at all', async () => {
  const authReqId = await ask([FIXED, FIXED]);
  const approval = await assent.control.request(authReqId);
  expect(approval.consent.sections[0]).not.toHaveProperty('may');
  await expect(assent.control.approve(authReqId, [FIXED])).rejects.toThrow('may not be struck out');
  await expect(assent.control.approve(authReqId, [FIXED, { ...FIXED, actions: ['a'] }])).rejects.toThrow(
    'another length',
  );
});

it('a list keeps at least one member, in its order', async () => {
  const authReqId = await ask([READ]);
  for (const actions of [[], ['read_balances', 'list_accounts'], ['pay']]) {
    await expect(assent.control.approve(authReqId, [{ ...READ, actions }])).rejects.toThrow('/actions');
  }
});

it('a denial grants nothing, and says so where it came with something', async () => {
  const authReqId = await ask([READ]);
  const approval = await assent.control.request(authReqId);
  const answer = await phone.answer(approval, false, { claims: { granted_details: [READ] } });
  expect(answer.status).toBe(400);
  expect((await assent.control.request(authReqId)).state).toBe('pending');
});

it('a Guardian app that knows more than Guardian may grant less, and no more than that', async () => {
  const { barcode_uri: barcodeUri } = await assent.control.inviteBrowser('auth0|ada');
  await using app = await GuardianDevice.enrol({ barcodeUri, platform: 'ios', clock: Date });
  const authReqId = await ask([READ]);
  const push = await app.nextPush();
  await expect(app.allow(push, [{ ...READ, actions: ['pay'] }])).rejects.toMatchObject({
    errorCode: 'invalid_body',
  });
  await app.allow(push, [{ ...READ, actions: ['list_accounts'] }]);
  expect(await redeem(authReqId)).toEqual([{ ...READ, actions: ['list_accounts'] }]);
});

it('an answer whose claim was changed on its way decides nothing', async () => {
  const approval = await assent.control.request(await ask([READ]));
  const transaction = await phone.transaction(approval.id);
  const signed = await phone.signAnswer(approval, transaction, true, {
    claims: { granted_details: [{ ...READ, actions: ['list_accounts'] }] },
  });
  const [header, , signature] = signed.split('.');
  const claims = { ...claimsOf(signed), granted_details: [READ] };
  const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  const answer = await phone.resolve(transaction.transaction_token, { challenge_response: forged });
  expect(answer.status).toBe(401);
  expect((await assent.control.request(approval.id)).state).toBe('pending');
});
