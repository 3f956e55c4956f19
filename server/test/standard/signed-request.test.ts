// Signed authentication requests: CIBA Core §7.1.1, RFC 9101, RFC 9396 §3, and what FAPI-CIBA §5.2.2 and §7.10 add.
import { createHmac } from 'node:crypto';
import { CompactEncrypt, decodeJwt, FlattenedSign, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankTenant, type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import type { Answer } from '../http-call.ts';
import { ADA } from '../world.ts';
import { assembleJwt, type Claims, type ClientInput, SigningClient } from './signing-client.ts';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const SIGNER_AUTHENTICATES: Partial<ClientInput> = {
  token_endpoint_auth_method: 'client_secret_post',
  client_secret: SECRET,
};

let assent: RunningAssent;
/** Signs with PS256, and may with anything. */
let signer: SigningClient;
let signerOfCurve: SigningClient;
let other: SigningClient;
let registered: SigningClient;
let fapi: SigningClient;
let agent: Agent;

beforeAll(async () => {
  signer = await SigningClient.create('signer', 'PS256');
  signerOfCurve = await SigningClient.create('signer', 'ES256');
  other = await SigningClient.create('other', 'PS256');
  registered = await SigningClient.create('registered', 'PS256');
  fapi = await SigningClient.create('fapi', 'PS256');
  const edwards = await SigningClient.create('signer', 'EdDSA');
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        signer.config({
          ...SIGNER_AUTHENTICATES,
          jwks: { keys: [signer.publicKey, signerOfCurve.publicKey, edwards.publicKey] },
        }),
        other.config(SIGNER_AUTHENTICATES),
        registered.config({
          ...SIGNER_AUTHENTICATES,
          backchannel_authentication_request_signing_alg: 'PS256',
          jwks: { keys: [registered.publicKey, signerOfCurve.publicKey] },
        }),
        fapi.config({ fapi_ciba: true }),
      ],
    }),
  });
  signersOfAll = [signer, signerOfCurve, edwards];
  agent = new Agent(assent, { client_id: 'signer', client_secret: SECRET });
});
afterAll(() => assent.close());

let signersOfAll: SigningClient[] = [];

const send = (request: string, changes: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> =>
  agent.post('/bc-authorize', { request, ...changes });

const ask = async (claims: Claims = {}, header: Claims = {}): Promise<Answer> =>
  send(await signer.request(assent.issuer, claims, header));

/** What the approver sees of an accepted request. */
async function shown(answer: Answer): Promise<string | undefined> {
  expect(answer.status, answer.text).toBe(200);
  return (await assent.control.request(answer.json().auth_req_id)).binding_message;
}

function refused(answer: Answer, words: string): void {
  expect([answer.status, answer.json().error, answer.json().error_description]).toEqual([
    400,
    'invalid_request',
    expect.stringContaining(words),
  ]);
}

const now = (): number => Math.floor(Date.now() / 1000);

describe('a signed request', () => {
  it('is honoured, and its claims are the parameters', async () => {
    expect(await shown(await ask())).toBe('INSIDE-1');
    expect(await shown(await ask({ aud: ['https://elsewhere.example', assent.issuer] }))).toBe('INSIDE-1');
  });

  it('may be signed with PS256, ES256 or EdDSA', async () => {
    for (const one of signersOfAll) {
      expect(await shown(await send(await one.request(assent.issuer)))).toBe('INSIDE-1');
    }
  });

  it.each([
    ['left out', undefined],
    ['JWT', 'JWT'],
    ['that of a request', 'oauth-authz-req+jwt'],
    ['that of a request in odd letters', 'OautH-auThZ-REQ+jWt'],
    ['that of a request in full', 'application/oauth-authz-req+jwt'],
  ])('may have the type %s', async (_what, typ) => {
    expect(await shown(await ask({}, { typ }))).toBe('INSIDE-1');
  });

  it('may have its lifetime as a number or as text', async () => {
    for (const requested_expiry of [30, '30']) {
      expect((await ask({ requested_expiry })).json().expires_in).toBe(30);
    }
  });

  it('may have no longer texts than any other', async () => {
    refused(await ask({ acr_values: 'a '.repeat(1_025) }), 'acr_values has 2050 characters');
    expect(await shown(await ask({ acr_values: 'a '.repeat(1_024) }))).toBe('INSIDE-1');
  });

  it('has authorization details as an array, which the approver sees', async () => {
    const details = { scope: 'openid create:transfer', audience: TRANSFERS };
    const answer = await ask({ ...details, authorization_details: [TRANSFER] });
    expect(answer.status, answer.text).toBe(200);
    const { authorization_details: asked } = await assent.control.request(answer.json().auth_req_id);
    expect(asked).toEqual([TRANSFER]);
    refused(await ask({ ...details, authorization_details: JSON.stringify([TRANSFER]) }), 'JSON array');
  });

  it('is told of in the trace by its claims, without what is secret in it', async () => {
    const user_code = 'a-code-that-nobody-may-read';
    const answer = await ask({ user_code, requested_expiry: 60 });
    const [opened] = await assent.control.trace(answer.json().auth_req_id);
    if (opened?.type !== 'request.received') throw new Error('the story does not begin with the request');
    const [header = '', claims = '', signature] = (
      opened.exchange?.request.parameters['request'] ?? ''
    ).split('.');
    const read = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(read(header)).toMatchObject({ alg: 'PS256' });
    expect(read(claims)).toMatchObject({
      binding_message: 'INSIDE-1',
      requested_expiry: 60,
      user_code: '[27 characters removed]',
    });
    expect(signature).toBe('[signature removed]');
  });

  it('may describe its context, which reaches no token', async () => {
    const answer = await ask({ request_context: { device: { name: 'till 3' } } });
    const authReqId = answer.json().auth_req_id;
    await assent.control.approve(authReqId);
    const tokens = (await agent.poll(authReqId)).json();
    expect(JSON.stringify(decodeJwt(tokens.id_token))).not.toContain('till 3');
    for (const request_context of ['till 3', ['till 3']]) {
      refused(await ask({ request_context }), 'request_context must be a JSON object');
    }
  });
});

describe('beside a signed request', () => {
  it.each([
    ['binding_message', 'OUTSIDE'],
    ['authorization_details', JSON.stringify([TRANSFER])],
    ['scope', 'openid'],
  ])('%s is refused', async (name, value) => {
    refused(await send(await signer.request(assent.issuer), { [name]: value }), name);
  });

  it('a parameter does not fill a gap', async () => {
    const login_hint = agent.hint(ADA);
    refused(
      await send(await signer.request(assent.issuer, { login_hint: undefined }), { login_hint }),
      'alone',
    );
  });

  it('a request by reference is refused, and nobody is called', async () => {
    for (const request_uri of ['https://client.example/ro.jwt', 'urn:ietf:params:oauth:request_uri:abc']) {
      refused(await agent.post('/bc-authorize', { request_uri }), 'request_uri');
    }
  });
});

describe('a signed request is refused', () => {
  it.each(['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'])('without %s', async (claim) => {
    refused(await ask({ [claim]: undefined }), `no ${claim}`);
  });

  it.each<[string, () => Claims, string]>([
    ['to somebody else', () => ({ aud: 'https://www.other1.example.com/' }), 'aud'],
    ['of another client', () => ({ iss: 'other' }), 'iss'],
    ['that names another client', () => ({ client_id: 'other' }), 'client_id'],
    ['that has expired', () => ({ exp: now() - 3600, nbf: now() - 7200 }), 'expired'],
    ['that is not valid yet', () => ({ nbf: now() + 600, exp: now() + 900 }), 'not valid yet'],
    ['of the future', () => ({ iat: now() + 600 }), 'future'],
    ['that lives for days', () => ({ exp: now() + 200_000 }), 'too long'],
    ['whose times are text', () => ({ exp: String(now() + 300) }), 'number of seconds'],
    ['whose id is a number', () => ({ jti: 7 }), 'jti'],
    ['with a request inside', () => ({ request: 'a.b.c' }), 'must not have request'],
    ['with a reference inside', () => ({ request_uri: 'https://client.example/' }), 'request_uri'],
    ['with a number for a message', () => ({ binding_message: 7 }), 'binding_message'],
  ])('%s', async (_what, changed, words) => {
    refused(await ask(changed()), words);
  });

  it('a few seconds before it is valid it is not, for clocks differ', async () => {
    expect(await shown(await ask({ nbf: now() + 5 }))).toBe('INSIDE-1');
  });

  it('with a symmetric algorithm, with none, or with one that was changed afterwards', async () => {
    const claims = decodeJwt(await signer.request(assent.issuer));
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));
    refused(await send(hmac), 'PS256');
    refused(await send(assembleJwt({ alg: 'none' }, claims)), 'PS256');
    const parts = (await signer.request(assent.issuer)).split('.');
    const byPublicKey = createHmac('sha256', JSON.stringify(signer.publicKey)).update(
      `${parts[0]}.${parts[1]}`,
    );
    refused(await send(`${parts[0]}.${parts[1]}.${byPublicKey.digest('base64url')}`), 'signature');
  });

  it('with a broken signature, or that of another client', async () => {
    const [header, claims, signature = ''] = (await signer.request(assent.issuer)).split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    refused(await send(`${header}.${claims}.${bytes.toString('base64url')}`), 'signature');
    const byOther = await other.request(assent.issuer, { iss: 'signer' });
    refused(await send(byOther), 'signature');
  });

  it('with another algorithm than the registered one, and a plain request, too', async () => {
    const as = new Agent(assent, { client_id: 'registered', client_secret: SECRET });
    const accepted = await as.post('/bc-authorize', { request: await registered.request(assent.issuer) });
    expect(accepted.status, accepted.text).toBe(200);
    const request = await signerOfCurve.request(assent.issuer, { iss: 'registered' });
    refused(await as.post('/bc-authorize', { request }), 'must be signed with PS256');
    refused(await as.ask({ audience: undefined, scope: 'openid' }), 'signed authentication request');
  });

  it('when it is encrypted', async () => {
    const inner = Buffer.from(await signer.request(assent.issuer));
    const key = await importJWK({ ...signer.publicKey, alg: 'RSA-OAEP-256' });
    const jwe = await new CompactEncrypt(inner)
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM' })
      .encrypt(key);
    refused(await send(jwe), 'encrypted');
  });

  it('when its claims are not encoded', async () => {
    const claims = JSON.stringify({
      ...decodeJwt(await signer.request(assent.issuer)),
      binding_message: 'A',
    });
    const escaped = claims.replaceAll('.', '\\u002e');
    const { protected: header, signature } = await new FlattenedSign(Buffer.from(escaped))
      .setProtectedHeader({ alg: 'PS256', kid: signer.publicKey.kid, b64: false, crit: ['b64'] })
      .sign(signer.privateKey);
    refused(await send(`${header}.${escaped}.${signature}`), 'not encoded');
  });

  it('when it is no JWT at all, or says things twice', async () => {
    for (const request of ['nonsense', 'a.b.c', '..', assembleJwt({ alg: 'PS256', crit: ['x'] }, {}, 'AA')]) {
      const answer = await send(request);
      expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
    }
    const twice = await agent.post(
      '/bc-authorize?request=again',
      { request: await signer.request(assent.issuer) },
      {},
    );
    expect(twice.status).toBeLessThan(500);
  });

  it('the second time, also of two at once', async () => {
    const request = await signer.request(assent.issuer);
    const statuses = (await Promise.all([send(request), send(request)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 400]);
    refused(await send(request), 'good once');
  });

  it('and nobody is asked', async () => {
    const before = (await assent.control.requests()).length;
    await ask({ aud: 'https://www.other1.example.com/' });
    await ask({ jti: undefined });
    expect((await assent.control.requests()).length).toBe(before);
  });
});

it('follows the clock of the tenant as well as that of the computer', async () => {
  await using ahead = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [...(bankTenant.clients ?? []), signer.config(SIGNER_AUTHENTICATES)],
    }),
  });
  await ahead.control.clock.advance(30 * 86_400_000);
  const as = new Agent(ahead, { client_id: 'signer', client_secret: SECRET });
  const later = now() + 30 * 86_400;
  const times: Claims[] = [{}, { iat: later, nbf: later, exp: later + 300 }];
  for (const claims of times) {
    const answer = await as.post('/bc-authorize', { request: await signer.request(ahead.issuer, claims) });
    expect(answer.status, answer.text).toBe(200);
  }
  const week = now() + 7 * 86_400;
  const neither = await signer.request(ahead.issuer, { iat: week, nbf: week, exp: week + 300 });
  expect((await as.post('/bc-authorize', { request: neither })).status).toBe(400);
});

describe('a client held to FAPI-CIBA', () => {
  const asFapi = async (parameters: Readonly<Record<string, string>>): Promise<Answer> =>
    new Agent(assent, { client_id: undefined, client_secret: undefined }).post('/bc-authorize', {
      ...(await fapi.assert(assent.issuer)),
      ...parameters,
    });
  const askAsFapi = async (claims: Claims = {}, header: Claims = {}): Promise<Answer> =>
    asFapi({ request: await fapi.request(assent.issuer, claims, header) });

  it('must sign its requests', async () => {
    expect(await shown(await askAsFapi())).toBe('INSIDE-1');
    const login_hint = agent.hint(ADA);
    refused(await asFapi({ scope: 'openid', login_hint, binding_message: 'PLAIN' }), 'signed');
  });

  it('signs them for at most an hour', async () => {
    refused(await askAsFapi({ exp: now() + 4200 }), 'too long');
    refused(await askAsFapi({ nbf: now() - 4200 }), 'too long');
    const at = now();
    expect((await askAsFapi({ nbf: at, exp: at + 3600 })).status).toBe(200);
  });

  it('says what each of them is about', async () => {
    refused(await askAsFapi({ binding_message: undefined }), 'what each request is about');
  });

  it('does not sign with RS256, though its key could', async () => {
    const { privateKey } = fapi;
    const jwk = await crypto.subtle.exportKey('jwk', privateKey);
    const key = await importJWK({ ...jwk, alg: 'RS256' } as Parameters<typeof importJWK>[0], 'RS256');
    const claims = decodeJwt(await fapi.request(assent.issuer));
    const request = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: fapi.publicKey.kid })
      .sign(key);
    refused(await asFapi({ request }), 'PS256 or ES256');
  });
});
