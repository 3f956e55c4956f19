// Clients that prove themselves by an assertion: RFC 7521 §4.2, RFC 7523 §3, OpenID Connect Core §9, CIBA Core §7.1, RFC 10070 §3.
import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { bankTenant, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { ADA } from '../world.ts';
import { assembleJwt, type Claims, type ClientInput, SigningClient } from './signing-client.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const BC = '/bc-authorize';
const TOKEN = '/oauth/token';

let clients: Record<'rsa' | 'pss' | 'curve' | 'edwards' | 'registered' | 'fapi' | 'bank', SigningClient>;
let assent: RunningAssent;
/** The same tenant, where the issuer alone is an audience. */
let strict: RunningAssent;

const sharedSecret: ClientInput = {
  client_id: 'shared',
  name: 'shared',
  profile: 'standard',
  client_secret: SECRET,
  token_endpoint_auth_method: 'client_secret_jwt',
  grant_types: [CIBA_GRANT_TYPE],
};

beforeAll(async () => {
  clients = {
    rsa: await SigningClient.create('rsa', 'RS256'),
    pss: await SigningClient.create('pss', 'PS256'),
    curve: await SigningClient.create('curve', 'ES256'),
    edwards: await SigningClient.create('edwards', 'EdDSA'),
    registered: await SigningClient.create('registered', 'RS256'),
    fapi: await SigningClient.create('fapi', 'PS256'),
    bank: await SigningClient.create('bank', 'ES256'),
  };
  const { rsa, pss, curve, edwards, registered, fapi, bank } = clients;
  const bankClients = [
    ...(bankTenant.clients ?? []),
    ...[rsa, pss, curve, edwards].map((one) => one.config()),
    registered.config({ token_endpoint_auth_signing_alg: 'PS256' }),
    fapi.config({ fapi_ciba: true }),
    bank.config({ profile: 'auth0' }),
    sharedSecret,
  ];
  const config = unlimitedBank({ clients: bankClients });
  assent = await startAssent({ tls: false, config });
  strict = await startAssent({
    tls: false,
    config: { ...config, tenant: { ...config.tenant, client_assertion_audience: 'issuer' } },
  });
});
afterAll(() => Promise.all([assent.close(), strict.close()]));

type Parameters = Readonly<Record<string, string | undefined>>;
const NOBODY = { client_id: undefined, client_secret: undefined };

function send(path: string, parameters: Parameters, server = assent): Promise<Answer> {
  const agent = new Agent(server, NOBODY);
  return path === BC
    ? agent.ask({ audience: undefined, scope: 'openid', ...parameters })
    : agent.post(path, { grant_type: CIBA_GRANT_TYPE, auth_req_id: 'unknown', ...parameters });
}

/** Whether `answer` has taken the client for who it says it is. */
const isAuthentic = (answer: Answer): boolean =>
  answer.status === 200 || (answer.status === 400 && answer.json().error === 'invalid_grant');

function refused(answer: Answer): void {
  expect([answer.status, answer.json().error]).toEqual([401, 'invalid_client']);
}

const now = (): number => Math.floor(Date.now() / 1000);

async function assertSymmetrically(claims: Claims = {}, secret = SECRET): Promise<Record<string, string>> {
  const client_assertion = await new SignJWT({
    iss: 'shared',
    sub: 'shared',
    aud: assent.issuer,
    iat: now(),
    exp: now() + 60,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(secret));
  const { client_assertion_type } = await clients.rsa.assert('');
  return { client_assertion_type: String(client_assertion_type), client_assertion };
}

describe.each([BC, TOKEN])('at %s an assertion', (path) => {
  it.each(['rsa', 'pss', 'curve', 'edwards'] as const)('of the client %s proves it', async (name) => {
    const answer = await send(path, await clients[name].assert(assent.issuer));
    expect(isAuthentic(answer), answer.text).toBe(true);
  });

  it('may be addressed to the issuer, to the token endpoint or to the endpoint itself', async () => {
    const token = new URL('oauth/token', assent.issuer).href;
    const own = new URL(path.slice(1), assent.issuer).href;
    for (const audience of [assent.issuer, [assent.issuer], token, own, ['https://other.example', own]]) {
      const answer = await send(path, await clients.curve.assert(audience));
      expect(isAuthentic(answer), JSON.stringify(audience)).toBe(true);
    }
  });

  it.each<[string, () => Claims, Claims?]>([
    ['for somebody else', () => ({ aud: 'https://other.example' })],
    ['for nobody', () => ({ aud: undefined })],
    ['of another issuer', () => ({ iss: 'rsa' })],
    ['about another client', () => ({ sub: 'rsa' })],
    ['without an end', () => ({ exp: undefined })],
    ['that has ended', () => ({ exp: now() - 3600 })],
    ['that ends in a year', () => ({ exp: now() + 31_536_000 })],
    ['without an id', () => ({ jti: undefined })],
    ['of another type', () => ({}), { typ: 'at+jwt' }],
    ['by an unknown key', () => ({}), { kid: 'nobody' }],
  ])('%s is refused', async (_what, changed, header = {}) => {
    refused(await send(path, await clients.curve.assert(assent.issuer, changed(), header)));
  });

  it('that is not signed is refused', async () => {
    const sent = await clients.curve.assert(assent.issuer);
    const claims = { iss: 'curve', sub: 'curve', aud: assent.issuer, exp: now() + 60, jti: randomUUID() };
    refused(await send(path, { ...sent, client_assertion: assembleJwt({ alg: 'none' }, claims) }));
  });

  it.each([undefined, 'JWT', 'client-authentication+jwt'])('may have the type %s', async (typ) => {
    const answer = await send(path, await clients.curve.assert(assent.issuer, {}, { typ }));
    expect(isAuthentic(answer), answer.text).toBe(true);
  });

  it('is good once, also of two at once', async () => {
    const sent = await clients.curve.assert(assent.issuer);
    const answers = await Promise.all([send(path, sent), send(path, sent)]);
    expect(answers.map(isAuthentic).sort()).toEqual([false, true]);
    refused(await send(path, sent));
  });

  it('names its type, and no other client beside it', async () => {
    const { client_assertion } = await clients.curve.assert(assent.issuer);
    for (const type of [undefined, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']) {
      const answer = await send(path, { client_assertion, client_assertion_type: type });
      expect([400, 401]).toContain(answer.status);
      expect(['invalid_client', 'invalid_request']).toContain(answer.json().error);
    }
    refused(await send(path, { ...(await clients.curve.assert(assent.issuer)), client_id: 'rsa' }));
    const own = await send(path, { ...(await clients.curve.assert(assent.issuer)), client_id: 'curve' });
    expect(isAuthentic(own), own.text).toBe(true);
  });

  it('does not stand beside a secret', async () => {
    const answer = await send(path, {
      ...(await clients.curve.assert(assent.issuer)),
      client_secret: SECRET,
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  });

  it('that cannot be read is refused', async () => {
    const { client_assertion_type } = await clients.curve.assert('');
    for (const client_assertion of ['nonsense', 'a.b.c', '..', assembleJwt({ alg: 'ES256' }, { sub: {} })]) {
      const answer = await send(path, { client_assertion_type, client_assertion });
      expect([400, 401]).toContain(answer.status);
    }
  });

  it('of a shared secret proves its client alone', async () => {
    const answer = await send(path, await assertSymmetrically());
    expect(isAuthentic(answer), answer.text).toBe(true);
    refused(await send(path, await assertSymmetrically({}, 'another-secret-of-more-than-thirty-two')));
    refused(await send(path, await assertSymmetrically({ iss: 'curve', sub: 'curve' })));
    const sent = await assertSymmetrically();
    expect((await Promise.all([send(path, sent), send(path, sent)])).filter(isAuthentic)).toHaveLength(1);
  });

  it('is signed with the algorithm that its client has registered', async () => {
    refused(await send(path, await clients.registered.assert(assent.issuer)));
    const client_assertion = await signAs(clients.registered, 'PS256', assent.issuer);
    const { client_assertion_type } = await clients.registered.assert('');
    const answer = await send(path, { client_assertion_type, client_assertion });
    expect(isAuthentic(answer), answer.text).toBe(true);
  });

  it('of a client held to FAPI-CIBA is signed with PS256 or ES256', async () => {
    const { client_assertion_type } = await clients.fapi.assert('');
    const client_assertion = await signAs(clients.fapi, 'RS256', assent.issuer);
    refused(await send(path, { client_assertion_type, client_assertion }));
  });
});

describe('where the issuer alone is an audience', () => {
  it.each([BC, TOKEN])('%s takes it and nothing else', async (path) => {
    const token = new URL('oauth/token', strict.issuer).href;
    for (const audience of [strict.issuer, [strict.issuer]]) {
      const answer = await send(path, await clients.curve.assert(audience), strict);
      expect(isAuthentic(answer), answer.text).toBe(true);
    }
    for (const audience of [
      token,
      new URL(path, strict.issuer).href,
      [strict.issuer, 'https://other.example'],
    ]) {
      refused(await send(path, await clients.curve.assert(audience), strict));
    }
    const typed = await clients.curve.assert(strict.issuer, {}, { typ: 'client-authentication+jwt' });
    expect(isAuthentic(await send(path, typed, strict))).toBe(true);
  });
});

describe('an assertion proves a client', () => {
  it('when it pushes a request, asks about a token or revokes one', async () => {
    const pushed = await send('/oauth/par', {
      ...(await clients.curve.assert(assent.issuer)),
      response_type: 'code',
      redirect_uri: 'https://client.example/',
      scope: 'openid',
    });
    // It has no callbacks, which is said to a client that is known alone.
    expect([pushed.status, pushed.json().error]).toEqual([
      400,
      expect.not.stringContaining('invalid_client'),
    ]);
    const revoked = await send('/oauth/revoke', {
      ...(await clients.curve.assert(assent.issuer)),
      token: 'unknown',
    });
    expect(revoked.status, revoked.text).toBe(200);
    const inspected = await send('/oauth/introspect', {
      ...(await clients.curve.assert(assent.issuer)),
      token: 'unknown',
    });
    expect(inspected.json()).toEqual({ active: false });
    for (const path of ['/oauth/par', '/oauth/revoke', '/oauth/introspect']) {
      refused(await send(path, await clients.curve.assert('https://other.example')));
    }
  });

  it('of Auth0 with RS256, RS384 or PS256 alone', async () => {
    const answer = await send(TOKEN, await clients.bank.assert(assent.issuer));
    expect([answer.status, answer.json().error]).toEqual([401, 'access_denied']);
  });
});

it('follows the clock of the tenant as well as that of the computer, whatever it is signed with', async () => {
  await using ahead = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        clients.curve.config(),
        clients.registered.config({ token_endpoint_auth_signing_alg: 'PS256' }),
        sharedSecret,
      ],
    }),
  });
  await ahead.control.clock.advance(30 * 86_400_000);
  const later = now() + 30 * 86_400;
  const { client_assertion_type } = await clients.curve.assert('');
  const times = { iat: later, exp: later + 60 };
  const sent = [
    await clients.curve.assert(ahead.issuer),
    await clients.curve.assert(ahead.issuer, times),
    await assertSymmetrically({ aud: ahead.issuer, ...times }),
    {
      client_assertion_type,
      client_assertion: await signAs(clients.registered, 'PS256', ahead.issuer, times),
    },
  ];
  for (const parameters of sent) {
    const answer = await send(BC, { ...parameters, login_hint: hint(ahead) }, ahead);
    expect(answer.status, answer.text).toBe(200);
  }
});

const hint = ({ issuer }: RunningAssent): string =>
  JSON.stringify({ format: 'iss_sub', iss: issuer, sub: ADA });

/** An assertion by the client's RSA key with another algorithm than its own. */
async function signAs(client: SigningClient, alg: string, aud: string, claims: Claims = {}): Promise<string> {
  const { alg: _alg, key_ops: _operations, ...jwk } = await crypto.subtle.exportKey('jwk', client.privateKey);
  const key = await importJWK({ ...jwk, kty: 'RSA' }, alg);
  return new SignJWT({
    iss: client.clientId,
    sub: client.clientId,
    aud,
    iat: now(),
    exp: now() + 60,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg, kid: client.publicKey.kid })
    .sign(key);
}
