// Dynamic client registration (RFC 7591) and management (RFC 7592): a program becomes a client by itself, looks after itself,
// and is like any other client from then on.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { bankTenant, createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { type Answer, call } from '../http-call.ts';
import { ADA } from '../world.ts';
import { SigningClient } from './signing-client.ts';

const START = Date.parse('2030-01-01T12:00:00Z');
const CALLBACK = 'https://app.example/callback';
const INITIAL = 'initial-token-not-real';

let assent: RunningAssent;
let keys: { keys: object[] };

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    clock: createManualClock(START),
    config: unlimitedBank({ registration: { enabled: true } }),
  });
  keys = {
    keys: [{ ...(await exportJWK((await generateKeyPair('ES256')).publicKey)), kid: 'own', use: 'sig' }],
  };
});
afterAll(() => assent.close());

const WEB = { client_name: 'Planner', redirect_uris: [CALLBACK] };
const AGENT = {
  client_name: 'Night agent',
  grant_types: [CIBA_GRANT_TYPE],
  response_types: [],
  backchannel_token_delivery_mode: 'poll',
};

function register(metadata: unknown, token?: string, server = assent): Promise<Answer> {
  return call(`${server.url}/oidc/register`, {
    method: 'POST',
    body: metadata,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  });
}

/** Calls the address that a registration was answered with. */
function manage(
  client: Record<string, string>,
  method: string,
  body?: unknown,
  token?: string,
  server = assent,
): Promise<Answer> {
  const url = new URL(client['registration_client_uri'] ?? '');
  return call(`${server.url}${url.pathname}`, {
    method,
    headers: { Authorization: `Bearer ${token ?? client['registration_access_token']}` },
    ...(body === undefined ? {} : { body }),
  });
}

describe('a registration', () => {
  it('is answered with everything that was registered, and what to come back with', async () => {
    const answer = await register({ ...WEB, tos_uri: 'https://app.example/tos' });
    expect([answer.status, answer.headers['cache-control']]).toEqual([201, 'no-store']);
    expect(answer.json()).toEqual({
      client_id: expect.stringMatching(/^\w{32}$/),
      client_secret: expect.stringMatching(/^.{64}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: START / 1000,
      client_name: 'Planner',
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      registration_access_token: expect.stringMatching(/^.{43}$/),
      registration_client_uri: expect.stringMatching(/\/oidc\/register\/\w{32}$/),
    });
  });

  it('makes a client that asks people, and one that logs them in once they have consented', async () => {
    const { client_id, client_secret } = (
      await register({ ...AGENT, token_endpoint_auth_method: 'client_secret_post' })
    ).json();
    const agent = new Agent(assent, { client_id, client_secret });
    expect((await agent.ask({ audience: undefined, scope: 'openid' })).status).toBe(200);

    const web = (await register(WEB)).json();
    const url = new URL('/authorize', assent.url);
    url.search = new URLSearchParams({
      client_id: web.client_id,
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid create:transfer',
      audience: TRANSFERS,
    }).toString();
    const page = await (await new Browser().open(url)).press('Ada Lovelace');
    // Nobody vouches for it, so the person is asked for scopes, too.
    expect([page.url.pathname, page.heading]).toEqual(['/u/consent', expect.stringContaining('Planner')]);
    expect((await page.press('Approve')).url.searchParams.get('code')).toBeTruthy();
  });

  it('carries the metadata of CIBA, certificates, DPoP and authorization details', async () => {
    const metadata = {
      client_name: 'Ledger',
      grant_types: [CIBA_GRANT_TYPE],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: keys,
      id_token_signed_response_alg: 'ES256',
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://ledger.example/told',
      backchannel_authentication_request_signing_alg: 'ES256',
      backchannel_user_code_parameter: true,
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      authorization_details_types: ['transfer_funds'],
    };
    const answer = await register(metadata);
    expect([answer.status, answer.json()]).toEqual([201, expect.objectContaining(metadata)]);
    expect(answer.json().client_secret).toBeUndefined();
    const push = { backchannel_token_delivery_mode: 'push', dpop_bound_access_tokens: false };
    const pushed = await register({ ...metadata, ...push });
    expect([pushed.status, pushed.json().backchannel_token_delivery_mode]).toEqual([201, 'push']);
  });

  it('shows in the tenant as every other client', async () => {
    const { client_id, registration_access_token } = (await register(AGENT)).json();
    const tenant = await call(`${assent.url}/control/tenant`);
    expect(tenant.json().clients).toContainEqual(
      expect.objectContaining({ client_id, profile: 'standard', is_first_party: false }),
    );
    expect(tenant.text).not.toContain(registration_access_token);
  });
});

describe('a registration is refused', () => {
  it.each([
    ['without a delivery mode', { backchannel_token_delivery_mode: undefined }],
    ['with a mode that there is not', { backchannel_token_delivery_mode: 'pushpush' }],
    ['with two modes', { backchannel_token_delivery_mode: ['poll', 'ping'] }],
    ['for ping without an address', { backchannel_token_delivery_mode: 'ping' }],
    ['for push without an address', { backchannel_token_delivery_mode: 'push' }],
    [
      'for ping by plain http',
      {
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'http://client.example/cb',
      },
    ],
    ['with requests signed by none', { backchannel_authentication_request_signing_alg: 'none' }],
    ['with requests signed by a secret', { backchannel_authentication_request_signing_alg: 'HS256' }],
    ['with pairwise subjects', { subject_type: 'pairwise' }],
    ['with keys missing', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['for a certificate without its name', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['for a type that there is not', { authorization_details_types: ['launch'] }],
    ['with a name that is no text', { client_name: 7 }],
    ['with a name that reads otherwise than it is', { client_name: 'Bank \u202Etnega' }],
    ['with a name of nothing but blanks', { client_name: ' ' }],
    ['with a name that nobody reads to its end', { client_name: 'x'.repeat(201) }],
    ['with an implicit response', { response_types: ['token'] }],
    ['with a grant that there is not', { grant_types: ['magic'] }],
    ['with an outdated grant', { grant_types: ['password'] }],
  ])('as invalid metadata %s', async (_what, changes) => {
    const before = (await call(`${assent.url}/control/tenant`)).text;
    const answer = await register({ ...AGENT, ...changes });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_client_metadata']);
    expect(answer.json().error_description).toBeTruthy();
    expect((await call(`${assent.url}/control/tenant`)).text).toBe(before);
  });

  it.each([
    ['none', []],
    ['no address', ['callback']],
    ['one with a fragment', ['https://app.example/#here']],
    ['a script', ['javascript:alert(1)']],
  ])('for its redirect URIs: %s', async (_what, redirect_uris) => {
    const answer = await register({ client_name: 'Planner', redirect_uris });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_redirect_uri']);
  });

  it.each([
    ['a list', '[]'],
    ['broken JSON', '{'],
    ['nothing', ''],
  ])('when the body is %s', async (_what, body) => {
    const answer = await call(`${assent.url}/oidc/register`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_client_metadata']);
  });

  it('without the initial access token, where one is asked for', async () => {
    await using closed = await startAssent({
      tls: false,
      config: unlimitedBank({ registration: { enabled: true, initial_access_token: INITIAL } }),
    });
    for (const token of [undefined, 'wrong']) {
      const answer = await register(WEB, token, closed);
      expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    expect((await register(WEB, INITIAL, closed)).status).toBe(201);
  });

  it('where the tenant has not turned it on, as at the start', async () => {
    await using plain = await startAssent({ tls: false, config: unlimitedBank() });
    expect((await register(WEB, undefined, plain)).status).toBe(404);
  });
});

it('those whose client somebody else removed take no room of a thousand', async () => {
  await using full = await startAssent({
    tls: false,
    config: unlimitedBank({ registration: { enabled: true } }),
  });
  const kept = (await register(WEB, undefined, full)).json().client_id;
  const snapshot = await full.snapshot();
  const gone = Array.from({ length: 1_000 }, (_, index) => ({
    collection: 'client-registrations',
    id: `gone-${index}`,
    version: 1,
    expires_at: null,
    value: { tokenHash: 'x', issuedAtSeconds: 0 },
  }));
  await full.restore({ ...snapshot, documents: [...snapshot.documents, ...gone] });
  const answer = await register(WEB, undefined, full);
  expect(answer.status, answer.text).toBe(201);
  const { documents } = await full.snapshot();
  const left = documents.filter(({ collection }) => collection === 'client-registrations');
  expect(left.map(({ id }) => id)).toEqual([kept, answer.json().client_id]);
});

/** Metadata that come to so many characters of JSON. */
function padded(metadata: object, length: number): object {
  const address = `${CALLBACK}?`;
  const bare = JSON.stringify({ ...metadata, redirect_uris: [address] }).length;
  return { ...metadata, redirect_uris: [address + 'x'.repeat(length - bare)] };
}

describe('metadata have 16,384 characters at most', () => {
  const tooLong = {
    error: 'invalid_client_metadata',
    error_description: 'The metadata have 16385 characters of JSON, expected at most 16384',
  };

  it('when a client registers', async () => {
    const before = (await call(`${assent.url}/control/tenant`)).text;
    const refused = await register(padded(WEB, 16_385));
    expect([refused.status, refused.json()]).toEqual([400, tooLong]);
    expect((await call(`${assent.url}/control/tenant`)).text).toBe(before);
    expect((await register(padded(WEB, 16_384))).status).toBe(201);
  });

  it('when it is replaced', async () => {
    const client = (await register(WEB)).json();
    const metadata = { ...WEB, client_id: client.client_id };
    const refused = await manage(client, 'PUT', padded(metadata, 16_385));
    expect([refused.status, refused.json()]).toEqual([400, tooLong]);
    expect((await manage(client, 'GET')).json()).toEqual(client);
    expect((await manage(client, 'PUT', padded(metadata, 16_384))).status).toBe(200);
  });

  it('which is enough for several keys with their certificates, however they are laid out', async () => {
    const certificate = 'MIIC'.repeat(400);
    const { publicKey } = await generateKeyPair('RS256', { modulusLength: 4096 });
    const key = { ...(await exportJWK(publicKey)), use: 'sig', x5c: [certificate, certificate] };
    const metadata = { ...AGENT, jwks: { keys: ['one', 'two', 'three'].map((kid) => ({ ...key, kid })) } };
    const body = JSON.stringify(metadata).replaceAll(',', `,${' '.repeat(500)}`);
    expect(body.length).toBeGreaterThan(16_384);
    const answer = await call(`${assent.url}/oidc/register`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.json().jwks).toEqual(metadata.jwks);
  });
});

describe('a registered client', () => {
  it('reads, replaces and removes itself', async () => {
    const client = (await register(WEB)).json();
    const read = await manage(client, 'GET');
    expect([read.status, read.json()]).toEqual([200, client]);

    const { client_id, client_secret } = client;
    const updated = await manage(client, 'PUT', {
      client_id,
      client_secret,
      client_name: 'Planner 2',
      redirect_uris: ['https://app.example/other'],
      post_logout_redirect_uris: null,
    });
    expect([updated.status, updated.json()]).toEqual([
      200,
      { ...client, client_name: 'Planner 2', redirect_uris: ['https://app.example/other'] },
    ]);
    expect((await manage(client, 'DELETE')).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await manage(client, method)).status).toBe(401);
    const agent = new Agent(assent, { client_id, client_secret });
    expect((await agent.token({ grant_type: 'client_credentials' })).status).toBe(401);
  });

  it('is nobody else’s to manage', async () => {
    const [one, other] = [(await register(WEB)).json(), (await register(WEB)).json()];
    for (const token of [other.registration_access_token, 'wrong', ''])
      expect((await manage(one, 'DELETE', undefined, token)).status).toBe(401);
    const unregistered = { ...one, registration_client_uri: `${assent.url}/oidc/register/aiya` };
    expect((await manage(unregistered, 'GET')).status).toBe(401);
    expect((await manage(one, 'GET')).status).toBe(200);
  });

  it.each([
    ['another identifier', { client_id: 'aiya' }, 'invalid_request'],
    ['no identifier', { client_id: undefined }, 'invalid_request'],
    ['a secret of its choice', { client_secret: 'mine' }, 'invalid_request'],
    ['what the server alone says', { client_id_issued_at: 1 }, 'invalid_request'],
    [
      'metadata that do not fit',
      { backchannel_token_delivery_mode: 'push', grant_types: [CIBA_GRANT_TYPE] },
      'invalid_client_metadata',
    ],
    ['a bad redirect URI', { redirect_uris: ['nowhere'] }, 'invalid_redirect_uri'],
  ])('cannot update itself to %s', async (_what, changes, error) => {
    const client = (await register(WEB)).json();
    const answer = await manage(client, 'PUT', { client_id: client.client_id, ...WEB, ...changes });
    expect([answer.status, answer.json().error]).toEqual([400, error]);
    expect((await manage(client, 'GET')).json()).toEqual(client);
  });
});

it('clients that register anew have no more guesses at a user code than one', async () => {
  const users = (bankTenant.users ?? []).map((user) => ({ ...user, user_code: '4711' }));
  const registration = { enabled: true };
  const bank = await startAssent({ tls: false, config: unlimitedBank({ users, registration }) });
  onTestFinished(() => bank.close());
  const guess = async (user_code: string): Promise<string | undefined> => {
    const metadata = {
      ...AGENT,
      token_endpoint_auth_method: 'client_secret_post',
      backchannel_user_code_parameter: true,
    };
    const { client_id, client_secret } = (await register(metadata, undefined, bank)).json();
    return (await new Agent(bank, { client_id, client_secret }).ask({ user_code })).json().error;
  };
  for (const code of ['1', '2', '3', '4', '5']) expect(await guess(code)).toBe('invalid_user_code');
  expect(await guess('4711')).toBe('access_denied');
});

it('a client that removes itself while its guesses at a user code are on their way has made them all the same, and asks nobody', async () => {
  const users = (bankTenant.users ?? []).map((user) => ({ ...user, user_code: '4711' }));
  const bank = await startAssent({
    tls: false,
    config: unlimitedBank({
      users,
      registration: { enabled: true },
      ciba: { notification_hosts: ['localhost'] },
    }),
  });
  onTestFinished(() => bank.close());
  const signer = await SigningClient.create('', 'ES256', 'own');
  /** Registers, sends guesses that wait for its keys, removes itself, and hands out its keys then. */
  const guess = async (...codes: string[]): Promise<string[]> => {
    const { promise: areWanted, resolve: want } = Promise.withResolvers<void>();
    const { promise: mayCome, resolve: come } = Promise.withResolvers<void>();
    const keyServer = createServer(async (_request, response) => {
      want();
      await mayCome;
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ keys: [signer.publicKey] }));
    });
    await once(keyServer.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void keyServer.close());
    const { port } = keyServer.address() as AddressInfo;
    const metadata = {
      ...AGENT,
      token_endpoint_auth_method: 'client_secret_post',
      backchannel_user_code_parameter: true,
      jwks_uri: `http://localhost:${port}/keys`,
    };
    const { client_id, client_secret, ...rest } = (await register(metadata, undefined, bank)).json();
    const login_hint_token = await signer.sign({
      iss: client_id,
      sub: ADA,
      aud: bank.issuer,
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 60,
    });
    const agent = new Agent(bank, { client_id, client_secret });
    const asking = codes.map((user_code) =>
      agent.ask({ login_hint: undefined, login_hint_token, user_code }),
    );
    await areWanted;
    const removal = await manage({ client_id, ...rest }, 'DELETE', undefined, undefined, bank);
    expect(removal.status).toBe(204);
    come();
    return Promise.all(
      asking.map(async (answering) => {
        const answer = await answering;
        return `${answer.status} ${answer.json().error}`;
      }),
    );
  };
  // Right at once, and all the same nobody is asked for a client that is gone.
  expect(await guess('4711')).toEqual(['401 access_denied']);
  expect(await bank.control.requests()).toEqual([]);
  expect(await guess('1', '2', '3')).toEqual(Array(3).fill('400 invalid_user_code'));
  expect(await guess('4', '5', '6')).toContain('403 access_denied');
  expect(await guess('4711')).toEqual(['403 access_denied']);
});

it('a client that has registered itself cannot do without the user code of a person', async () => {
  const users = (bankTenant.users ?? []).map((user) => ({ ...user, user_code: '4711' }));
  const bank = await startAssent({
    tls: false,
    config: unlimitedBank({ users, registration: { enabled: true } }),
  });
  onTestFinished(() => bank.close());
  const metadata = { ...AGENT, token_endpoint_auth_method: 'client_secret_post' };
  const { client_id, client_secret } = (await register(metadata, undefined, bank)).json();
  const agent = new Agent(bank, { client_id, client_secret });
  expect((await agent.ask({})).json().error).toBe('missing_user_code');
  expect((await agent.ask({ user_code: '4711' })).status).toBe(200);
});

describe('whatever is sent', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);
  const VALUES: readonly unknown[] = [
    0,
    -1,
    '',
    ' ',
    true,
    {},
    [],
    [null],
    [[]],
    [{}],
    { keys: [] },
    { keys: [{}] },
    { keys: [{ kty: 'RSA', n: 1 }] },
    { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', d: 'AA' }] },
    ['x'.repeat(5_000)],
    'https://[',
    deep(200),
  ];

  it('the answer is an error of the protocol or a client, and the server goes on', async () => {
    const names = Object.keys((await register({ ...AGENT, jwks: keys })).json()).filter(
      (name) => !name.startsWith('registration_'),
    );
    for (const name of [...names, 'jwks_uri', 'tls_client_auth_subject_dn', '__proto__', 'toString']) {
      for (const value of VALUES) {
        const answer = await register({ ...AGENT, [name]: value });
        expect([name, value, [201, 400].includes(answer.status)]).toEqual([name, value, true]);
        if (answer.status === 201) await manage(answer.json(), 'DELETE');
      }
    }
  });

  it('another method is told the right one', async () => {
    const answer = await call(`${assent.url}/oidc/register`);
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  it('an address with odd characters is nobody’s', async () => {
    for (const path of ['%E0%A4%A', '%2e%2e', 'a%00b', '..']) {
      const answer = await call(`${assent.url}/oidc/register/${path}`, {
        headers: { Authorization: 'Bearer x' },
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });
});
