// The button that has somebody asked: it takes a client and an API that would succeed, whatever else the tenant has.
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { CIBA_GRANT_TYPE, type TenantConfigInput } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA, CONFIG } from '../world.ts';

type Clients = NonNullable<TenantConfigInput['clients']>;
type Apis = NonNullable<TenantConfigInput['resource_servers']>;

const { publicKey } = await generateKeyPair('RS256', { extractable: true });
const secret = 'not-real';
const able: Clients[number] = {
  client_id: 'able',
  client_secret: secret,
  name: 'Able',
  grant_types: [CIBA_GRANT_TYPE],
};

/** Presses the button as Ada. */
async function pressButton(assent: RunningAssent) {
  const ada = await PairedBrowser.pair({ url: assent.url, clock: Date }, ADA);
  const answer = await ada.call('/approver/demo-request', { method: 'POST', body: {} });
  return { status: answer.status, body: answer.json() };
}

/** What Ada is asked in a tenant with these clients and APIs. */
async function demoOf(config: TenantConfigInput) {
  await using assent = await startAssent({ tls: false, config: { ...CONFIG, ...config } });
  const { status, body } = await pressButton(assent);
  return status === 202 ? await assent.control.request(body.name) : body;
}

function payment(identifier: string, changes: Partial<Apis[number]> = {}): Apis[number] {
  return {
    identifier,
    authorization_details: [
      { type: 'payment', display: { action: 'Pay', amount: '/sum/value', currency: '/sum/unit', to: '/to' } },
    ],
    ...changes,
  };
}

test('the client is the first one that may ask and proves itself by a secret', async () => {
  const unable: Clients = [
    { client_id: 'foreign', client_secret: secret, name: 'Foreign', is_first_party: false },
    { client_id: 'legacy', client_secret: secret, name: 'Legacy', oidc_conformant: false },
    { client_id: 'public', client_secret: secret, name: 'Public', token_endpoint_auth_method: 'none' },
    {
      client_id: 'key',
      client_secret: secret,
      name: 'Key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)) }] },
    },
    { client_id: 'web', client_secret: secret, name: 'Web', grant_types: ['authorization_code'] },
  ];
  expect(await demoOf({ clients: [...unable, able] })).toMatchObject({ client: { client_id: 'able' } });
});

test('the payment is for an API that this client may ask at, in words of its type', async () => {
  const byGrant = { subject_type_authorization: { user: { policy: 'require_client_grant' as const } } };
  const closed = { subject_type_authorization: { user: { policy: 'deny_all' as const } } };
  const asked = await demoOf({
    clients: [able],
    resource_servers: [
      payment('https://no-grant.example/', byGrant),
      payment('https://closed.example/', closed),
      payment('https://other-type.example/', byGrant),
      payment('https://granted.example/', byGrant),
      payment('https://open.example/'),
    ],
    client_grants: [
      { client_id: 'able', audience: 'https://other-type.example/', subject_type: 'user' },
      {
        client_id: 'able',
        audience: 'https://granted.example/',
        subject_type: 'user',
        authorization_details_types: ['payment'],
      },
    ],
  });
  expect(asked).toMatchObject({
    audience: 'https://granted.example/',
    authorization_details: [{ type: 'payment', sum: { value: 42, unit: 'EUR' }, to: 'Ada Lovelace' }],
  });
});

test('where there is no such API the request is for a name and nothing else, whatever the default audience', async () => {
  const closed = payment('https://closed.example/', {
    subject_type_authorization: { user: { policy: 'deny_all' } },
  });
  const asked = await demoOf({
    tenant: { default_audience: closed.identifier },
    clients: [able],
    resource_servers: [closed],
  });
  expect(asked.audience).toBeUndefined();
  expect(asked).toMatchObject({ state: 'pending', scope: ['openid'] });
});

test('without a client that may ask, the button says what to add to the tenant file', async () => {
  expect(await demoOf({ clients: [{ ...able, is_first_party: false }] })).toMatchObject({
    status: 409,
    code: 'bad_request',
    hint: expect.stringContaining(CIBA_GRANT_TYPE),
  });
});

test('a refusal of the server’s own reaches the button in its words', async () => {
  await using assent = await startAssent({
    tls: false,
    config: { ...CONFIG, clients: [able], ciba: { pending_requests_per_tenant: 1 } },
  });
  expect((await pressButton(assent)).status).toBe(202);
  expect(await pressButton(assent)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('Global limit has been reached') },
  });
});
