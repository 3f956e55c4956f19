// Where approving needs a passkey, it verifies the person for exactly what they grant, not merely for what they were shown.
import { expect, test } from 'vitest';
import { passkeyCreationSchema, passkeyRequestSchema } from '../../src/contract/index.ts';
import { startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { SoftwareAuthenticator } from '../software-authenticator.ts';

const API = 'https://bank.example/accounts';
const ASKED = { type: 'account_information', actions: ['list_accounts', 'read_balances'] };
const LESS = { ...ASKED, actions: ['list_accounts'] };

test('a passkey that was asked about one grant does not approve another', async () => {
  await using assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      resource_servers: [
        {
          identifier: API,
          authorization_details: [{ type: ASKED.type, approver_may: { shorten: ['/actions'] } }],
        },
      ],
      client_grants: [],
      users: [
        { user_id: 'auth0|ada', name: 'Ada', devices: [{ id: 'dev_AdaLovelacePhon1', name: 'Phone' }] },
      ],
      guardian: { factors: { 'webauthn-platform': true } },
    }),
  });
  const agent = new Agent(assent);
  const browser = await PairedBrowser.pair({ url: assent.url, clock: Date }, 'auth0|ada');
  const authenticator = new SoftwareAuthenticator(new URL(assent.issuer).origin);
  const passkeys = `/approver/devices/${browser.device.id}/passkey`;
  const creation = await browser.call(`${passkeys}/challenge`, { method: 'POST', body: {} });
  await browser.call(passkeys, {
    method: 'PUT',
    body: authenticator.create(passkeyCreationSchema.parse(creation.json())),
  });
  const authReqId = await agent.askFor({
    audience: API,
    authorization_details: JSON.stringify([ASKED]),
  });
  const approval = await assent.control.request(authReqId);

  const challenge = (granted?: readonly object[]) =>
    browser.call(`/approver/requests/${approval.id}/challenge`, {
      method: 'POST',
      body: {
        consent_hash: approval.consent_hash,
        ...(granted === undefined ? {} : { granted_details: granted }),
      },
    });
  const approve = async (asked: readonly object[] | undefined, granted: readonly object[] | undefined) => {
    const passkey = authenticator.get(passkeyRequestSchema.parse((await challenge(asked)).json()));
    const transaction = await browser.transaction(approval.id);
    const claims = granted === undefined ? {} : { granted_details: granted };
    return browser.resolve(transaction.transaction_token, {
      challenge_response: await browser.signAnswer(approval, transaction, true, { claims }),
      passkey,
    });
  };

  expect((await challenge([{ ...ASKED, actions: ['pay'] }])).status).toBe(400);
  for (const [asked, granted] of [
    [[LESS], undefined],
    [undefined, [LESS]],
    [[{ ...ASKED, actions: ['read_balances'] }], [LESS]],
  ] as const) {
    const refused = await approve(asked, granted);
    expect([refused.status, refused.json().detail]).toEqual([
      400,
      'The answer of the passkey is about other content than the answer.',
    ]);
  }
  expect((await assent.control.request(authReqId)).state).toBe('pending');
  expect((await approve([LESS], [LESS])).json()).toMatchObject({
    result: 'decided',
    approval: { decision: { granted_details: [LESS], verified_by: 'passkey' } },
  });
  expect((await agent.poll(authReqId)).json().authorization_details).toEqual([LESS]);
});
