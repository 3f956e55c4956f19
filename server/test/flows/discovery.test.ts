// What the server says about itself: always the issuer's name, and nothing that is not so.
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
});
afterAll(() => assent.close());

describe('discovery', () => {
  it('names the issuer with its slash, and every endpoint below it', async () => {
    const answer = await call(`${assent.url}/.well-known/openid-configuration`);
    expect(answer.status).toBe(200);
    const document = answer.json();
    expect(document).toMatchObject({
      issuer: assent.issuer,
      authorization_endpoint: `${assent.issuer}authorize`,
      token_endpoint: `${assent.issuer}oauth/token`,
      userinfo_endpoint: `${assent.issuer}userinfo`,
      jwks_uri: `${assent.issuer}.well-known/jwks.json`,
      revocation_endpoint: `${assent.issuer}oauth/revoke`,
      end_session_endpoint: `${assent.issuer}oidc/logout`,
      pushed_authorization_request_endpoint: `${assent.issuer}oauth/par`,
      backchannel_authentication_endpoint: `${assent.issuer}bc-authorize`,
      backchannel_token_delivery_modes_supported: ['poll'],
      code_challenge_methods_supported: ['S256', 'plain'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    });
    expect(assent.issuer.endsWith('/')).toBe(true);
  });

  it('is the same document for OAuth, for browsers of any origin, and for HEAD', async () => {
    const [openid, oauth] = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) =>
        call(`${assent.url}/.well-known/${name}`, { headers: { Origin: 'https://app.example' } }),
      ),
    );
    expect(oauth?.json()).toEqual(openid?.json());
    expect(openid?.headers['access-control-allow-origin']).toBe('*');
    const head = await call(`${assent.url}/.well-known/openid-configuration`, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('never follows the Host header, nor what a proxy claims', async () => {
    const document = (await call(`${assent.url}/.well-known/openid-configuration`)).text;
    const foreign: ReadonlyArray<Record<string, string>> = [
      { Host: 'evil.example' },
      { Host: 'evil.example:443' },
      { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
      { Forwarded: 'host=evil.example;proto=https' },
    ];
    for (const headers of foreign) {
      const answer = await call(`${assent.url}/.well-known/openid-configuration`, { headers });
      expect([answer.status, answer.text]).toEqual([200, document]);
    }
  });

  it('says the issuer that it was given, wherever it listens', async () => {
    await using named = await startAssent({
      tls: false,
      issuer: 'https://auth0.test/',
      config: unlimitedBank(),
    });
    const document = (await call(`${named.url}/.well-known/openid-configuration`)).json();
    expect(document.issuer).toBe('https://auth0.test/');
    expect(document.token_endpoint).toBe('https://auth0.test/oauth/token');
  });
});

describe('the key set', () => {
  it('shows public RSA keys in Auth0’s shape, and nothing private', async () => {
    const answer = await call(`${assent.url}/.well-known/jwks.json`);
    expect(answer.status).toBe(200);
    const { keys } = answer.json();
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', kid: expect.any(String), e: 'AQAB' });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
    }
  });
});

describe('of several keys of the tenant file', () => {
  it('the first one signs, whatever the algorithm, and all are published', async () => {
    const keys = await Promise.all(['first', 'second'].map(makeKey));
    const [api, ...others] = unlimitedBank().resource_servers ?? [];
    if (!api) throw new Error('the bank has no API');
    const config = unlimitedBank({
      signing_keys: keys,
      resource_servers: [{ ...api, signing_alg: 'PS256' }, ...others],
    });
    await using several = await startAssent({ tls: false, config });
    const published = (await call(`${several.url}/.well-known/jwks.json`)).json().keys;
    expect(published.map((key: { kid: string }) => key.kid)).toEqual(['first', 'second']);
    const agent = new Agent(several);
    const id = await agent.askFor();
    await several.control.approve('latest');
    const tokens = (await agent.poll(id)).json();
    expect(decodeProtectedHeader(tokens.id_token)).toMatchObject({ kid: 'first', alg: 'RS256' });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ kid: 'first', alg: 'PS256' });
  });
});

async function makeKey(kid: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kty: 'RSA', kid };
}

describe('what Auth0 has and this server does not', () => {
  it('says so in JSON', async () => {
    for (const path of ['/oidc/register', '/mfa/challenge']) {
      const answer = await call(`${assent.url}${path}`, { method: 'POST', body: {} });
      expect([answer.status, answer.json().error]).toEqual([404, 'not_found']);
      expect(answer.json().error_description).toContain(path);
    }
  });
});
