// Signed requests to log a person in (RFC 9101): in the query of /authorize and pushed, with authorization details in them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, type Visit } from '../browser.ts';
import { BANK_API, StandardBank } from './standard-bank.ts';

const CALLBACK = 'https://app.example/callback';
const PAYMENT = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
};

let bank: StandardBank;
let privateKey: CryptoKey;
const published = createServer();

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one' }] };
  published.on('request', (_request, response) => response.end(JSON.stringify(jwks)));
  await new Promise<void>((resolve) => published.listen(0, '127.0.0.1', resolve));
  const { port } = published.address() as AddressInfo;
  const client = (client_id: string, more: object) => ({
    client_id,
    client_secret: `${client_id}-secret-not-real`,
    name: client_id,
    grant_types: ['authorization_code' as const, 'refresh_token' as const],
    callbacks: [CALLBACK],
    ...more,
  });
  bank = await StandardBank.start((config) => ({
    ...config,
    clients: [
      ...(config.clients ?? []),
      client('signer', { jwks, require_signed_request_object: true }),
      client('publisher', { jwks_uri: `http://localhost:${port}/keys` }),
      client('dialect', { jwks, profile: 'auth0' as const }),
    ],
  }));
});
afterAll(async () => {
  await bank[Symbol.asyncDispose]();
  published.close();
});

function sign(
  client_id: string,
  changes: object = {},
  alg = 'ES256',
  key: CryptoKey = privateKey,
  atSeconds = Math.floor(Date.now() / 1000),
): Promise<string> {
  return new SignJWT({
    client_id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid offline_access payments',
    authorization_details: [PAYMENT],
    ...changes,
  })
    .setProtectedHeader({ alg, kid: 'one', typ: 'oauth-authz-req+jwt' })
    .setIssuer(client_id)
    .setAudience(bank.issuer)
    .setIssuedAt(atSeconds)
    .setExpirationTime(atSeconds + 60)
    .sign(key);
}

function begin(parameters: Readonly<Record<string, string>>): Promise<Visit> {
  const url = new URL('/authorize', bank.assent.url);
  url.search = new URLSearchParams(parameters).toString();
  return new Browser().open(url);
}

async function tokensOf(client_id: string, login: Visit) {
  const consent = await login.press('Ada Lovelace');
  expect(consent.text).toContain('Merchant A');
  const { url } = await consent.press('Approve');
  const answer = await bank.agent(client_id).post('/oauth/token', {
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code: url.searchParams.get('code') ?? '',
  });
  return answer.json();
}

describe('a signed request', () => {
  it.each(['signer', 'publisher'])('logs in for %s, and its details are consented to', async (client_id) => {
    // What stands beside it in the query has no effect. RFC 9101 §6.3.
    const login = await begin({ client_id, request: await sign(client_id), scope: 'openid accounts' });
    const tokens = await tokensOf(client_id, login);
    expect(tokens.authorization_details).toEqual([PAYMENT]);
    expect(tokens.scope.split(' ').sort()).toEqual(['offline_access', 'openid', 'payments']);
    expect([decodeJwt(tokens.access_token).aud].flat()).toContain(BANK_API);
    expect(tokens.refresh_token).toBeTruthy();
  });

  it('may be pushed', async () => {
    const pushed = await bank.agent('signer').post('/oauth/par', { request: await sign('signer') });
    expect(pushed.status).toBe(201);
    const login = await begin({ client_id: 'signer', request_uri: pushed.json().request_uri });
    expect((await tokensOf('signer', login)).authorization_details).toEqual([PAYMENT]);
  });

  it('is the only way for a client that says so', async () => {
    const asked = { client_id: 'signer', response_type: 'code', redirect_uri: CALLBACK, scope: 'openid' };
    expect((await begin(asked)).url.searchParams.get('error')).toBe('invalid_request');
    const pushed = await bank.agent('signer').post('/oauth/par', asked);
    expect([pushed.status, pushed.json().error]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['of another key', async () => sign('signer', {}, 'ES256', (await generateKeyPair('ES256')).privateKey)],
    ['of another client', () => sign('publisher')],
    ['that names the API by resource', () => sign('signer', { resource: BANK_API })],
    ['that is no JWT', async () => 'garbage'],
  ])('is refused %s', async (_what, make) => {
    const request = await make();
    const pushed = await bank.agent('signer').post('/oauth/par', { request });
    expect([pushed.status, pushed.json().error]).toEqual([400, 'invalid_request_object']);
    const login = await begin({ client_id: 'signer', request });
    expect(login.url.searchParams.get('code')).toBeNull();
    expect(login.url.pathname).not.toBe('/u/login');
  });

  it.each(['nonce', 'state', 'acr_values'])('with a %s that is too long is refused', async (name) => {
    const request = await sign('signer', { state: 'kept', [name]: 'x'.repeat(2_049) });
    const description = `${name} has 2049 characters, expected at most 2048`;
    const { searchParams } = (await begin({ client_id: 'signer', request })).url;
    expect(Object.fromEntries(searchParams)).toEqual({
      error: 'invalid_request',
      error_description: description,
      iss: bank.issuer,
      ...(name === 'state' ? {} : { state: 'kept' }),
    });
    const pushed = await bank.agent('signer').post('/oauth/par', { request });
    expect([pushed.status, pushed.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: description },
    ]);
  });

  it('with details of an unknown type is refused before anybody is asked', async () => {
    const request = await sign('signer', { authorization_details: [{ type: 'launch' }] });
    const login = await begin({ client_id: 'signer', request });
    expect(login.url.searchParams.get('error')).toBe('invalid_authorization_details');
  });

  it('is nothing that a client in the dialect of Auth0 can send', async () => {
    const login = await begin({
      client_id: 'dialect',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      request: await sign('dialect'),
    });
    expect(login.url.searchParams.get('error')).toBe('request_not_supported');
  });
});

it('a signed request may go by the clock of the computer or by that of the tenant, which is ahead', async () => {
  await bank.assent.control.clock.advance(72 * 3_600_000);
  const computerSeconds = Math.floor(Date.now() / 1000);
  const tenantSeconds = computerSeconds + 72 * 3_600;
  for (const atSeconds of [computerSeconds, tenantSeconds]) {
    const request = await sign('publisher', { nbf: atSeconds }, 'ES256', privateKey, atSeconds);
    const login = await begin({ client_id: 'publisher', request });
    expect((await tokensOf('publisher', login)).authorization_details).toEqual([PAYMENT]);
    const pushed = await bank.agent('publisher').post('/oauth/par', { request });
    expect(pushed.status, pushed.text).toBe(201);
  }
  const late = await sign('signer', {}, 'ES256', privateKey, tenantSeconds - 3_600);
  const refused = await begin({ client_id: 'signer', request: late });
  expect(refused.url.searchParams.get('error')).toBe('invalid_request_object');
  const { privateKey: foreign } = await generateKeyPair('ES256');
  const forged = await sign('signer', {}, 'ES256', foreign, tenantSeconds);
  const refusedToo = await begin({ client_id: 'signer', request: forged });
  expect(refusedToo.url.searchParams.get('error')).toBe('invalid_request_object');
});
