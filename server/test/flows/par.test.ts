// Pushed authorization requests (RFC 9126).
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { CALLBACK, WebApplication } from '../web-application.ts';

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

let assent: RunningAssent;
let agent: Agent;
let privateKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  const jwk = await exportJWK(pair.publicKey);
  const [aiya] = bankTenant.clients ?? [];
  if (!aiya) throw new Error('the bank has no client');
  const { client_secret: _secret, ...withoutSecret } = aiya;
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        {
          ...withoutSecret,
          client_id: 'signer',
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [{ ...jwk, kid: 'signer-1', alg: 'RS256' }] },
        },
      ],
    }),
  });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

function push(changes: Readonly<Record<string, string | undefined>> = {}) {
  return agent.post('/oauth/par', {
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  });
}

describe('a pushed request', () => {
  it('is answered with 201 and a request_uri that logs a person in', async () => {
    const answer = await push();
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]+$/),
      expires_in: expect.any(Number),
    });
    expect(answer.headers['cache-control']).toBe('no-store');

    const app = await WebApplication.of(assent);
    const login = await app.push({ scope: 'openid offline_access', audience: TRANSFERS });
    expect([...login.url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const back = await (await new Browser().open(login.url)).press('Ada Lovelace');
    const tokens = await app.finish(login, back.url);
    expect(tokens.claims()?.sub).toBe('auth0|ada');
    expect(decodeJwt(tokens.access_token)['aud']).toContain(TRANSFERS);
    // Asked for in the pushed request, without prompt=consent.
    expect(tokens.refresh_token).toBeTruthy();
  });

  it('is good once', async () => {
    const app = await WebApplication.of(assent);
    const login = await app.push();
    await (await new Browser().open(login.url)).press('Ada Lovelace');
    const again = await new Browser().open(login.url);
    expect(again.url.pathname).toBe('/authorize');
    expect([again.status, again.text.includes('already used')]).toEqual([400, true]);
  });

  it('belongs to the browser that opened it first, which may load it again', async () => {
    const app = await WebApplication.of(assent);
    const login = await app.push();
    const [first, other] = [new Browser(), new Browser()];
    await first.open(login.url);
    const foreign = await other.open(login.url);
    expect([foreign.status, foreign.text.includes('already used')]).toEqual([400, true]);
    for (let times = 0; times < 10; times += 1) expect((await first.open(login.url)).status).toBe(200);
    const back = await (await first.open(login.url)).press('Ada Lovelace');
    expect((await app.finish(login, back.url)).claims()?.sub).toBe('auth0|ada');
  });

  it('cannot be used by another client', async () => {
    const { request_uri } = (await push()).json();
    const url = new URL('/authorize', assent.url);
    url.search = new URLSearchParams({ client_id: 'signer', request_uri }).toString();
    const page = await new Browser().open(url);
    expect([page.status, page.heading]).toEqual([400, 'The login cannot begin']);
  });

  it.each([
    ['an address that is not registered', { redirect_uri: 'https://evil.example/' }, 400, 'invalid_request'],
    ['no response_type', { response_type: undefined }, 400, 'invalid_request'],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'access_denied'],
    ['no client at all', { client_id: undefined, client_secret: undefined }, 401, 'invalid_client'],
    ['an unknown API', { audience: 'urn:nowhere' }, 403, 'access_denied'],
    ['a request_uri in it', { request_uri: 'urn:x' }, 400, 'request_uri_not_supported'],
  ])('is refused at once for %s, as JSON without a challenge', async (_what, changes, status, error) => {
    const answer = await push(changes);
    expect([answer.status, answer.json().error]).toEqual([status, error]);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('takes a plain challenge', async () => {
    const verifier = 'a-verifier-that-is-long-enough-for-RFC-7636-4.1';
    const { request_uri } = (await push({ code_challenge: verifier, code_challenge_method: 'plain' })).json();
    const url = new URL('/authorize', assent.url);
    url.search = new URLSearchParams({ client_id: 'aiya', request_uri }).toString();
    const back = await (await new Browser().open(url)).press('Ada Lovelace');
    const code = back.url.searchParams.get('code') ?? '';
    const redeem = (code_verifier: string) =>
      agent.token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier });
    expect((await redeem(CHALLENGE)).status).toBe(403);
    expect((await redeem(verifier)).status).toBe(200);
  });
});

describe('client authentication', () => {
  it.each([
    ['client_secret_post', () => client.ClientSecretPost('aiya-secret-not-real')],
    ['client_secret_basic', () => client.ClientSecretBasic('aiya-secret-not-real')],
  ])('works by %s', async (_method, auth) => {
    const app = await WebApplication.of(assent, { auth: auth() });
    const login = await app.push();
    const back = await (await new Browser().open(login.url)).press('Ada Lovelace');
    expect((await app.finish(login, back.url)).claims()?.aud).toBe('aiya');
  });

  it('works by private_key_jwt, with each assertion good once', async () => {
    let assertion: string | undefined;
    const auth = client.PrivateKeyJwt({ key: privateKey, kid: 'signer-1' });
    const remember: client.ClientAuth = async (as, metadata, body, headers) => {
      await auth(as, metadata, body, headers);
      assertion = body.get('client_assertion') ?? undefined;
    };
    const app = await WebApplication.of(assent, { id: 'signer', auth: remember });
    const login = await app.push();
    const back = await (await new Browser().open(login.url)).press('Ada Lovelace');
    expect((await app.finish(login, back.url)).claims()?.aud).toBe('signer');

    const replay = await push({
      client_id: 'signer',
      client_secret: undefined,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    expect([replay.status, replay.json().error]).toEqual([401, 'access_denied']);
  });
});
