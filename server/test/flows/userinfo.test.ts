// Claims about the person of a token, for JWT and for opaque access tokens.
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { WebApplication } from '../web-application.ts';

let signingKey: CryptoKey;
let assent: RunningAssent;
let app: WebApplication;

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  signingKey = privateKey;
  const jwk = { ...(await exportJWK(privateKey)), kty: 'RSA', kid: 'test-only' };
  assent = await startAssent({ tls: false, config: unlimitedBank({ signing_keys: [jwk] }) });
  app = await WebApplication.of(assent);
});
afterAll(() => assent.close());

function ask(token: string | undefined, method = 'GET') {
  return call(`${assent.url}/userinfo`, {
    method,
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
  });
}

const isJwt = (token: string) => token.split('.').length === 3;

describe.each([
  ['a JWT access token', { audience: TRANSFERS }, true],
  ['an opaque access token', {}, false],
])('with %s', (_kind, audience, expectsJwt) => {
  it('says what the scope allows, and no more', async () => {
    const byScope = {
      openid: { sub: 'auth0|ada' },
      'openid email': { sub: 'auth0|ada', email: 'ada@bank.example', email_verified: true },
      'openid profile': {
        sub: 'auth0|ada',
        name: 'Ada Lovelace',
        nickname: 'ada',
        given_name: 'Ada',
        family_name: 'Lovelace',
        updated_at: expect.any(String),
      },
    };
    for (const [scope, claims] of Object.entries(byScope)) {
      const { access_token } = await app.logIn({ ...audience, scope });
      expect(isJwt(access_token)).toBe(expectsJwt);
      for (const method of ['GET', 'POST']) {
        const answer = await ask(access_token, method);
        expect([answer.status, answer.json()]).toEqual([200, claims]);
        expect(answer.headers['cache-control']).toContain('no-store');
      }
      expect(await client.fetchUserInfo(app.configuration, access_token, 'auth0|ada')).toEqual(claims);
    }
  });
});

describe('without a good token', () => {
  it('answers 401 and a challenge, RFC 6750 §3', async () => {
    const { access_token } = await app.logIn({ audience: TRANSFERS });
    const [header, payload] = access_token.split('.');
    const foreign = await new SignJWT({ scope: 'openid', aud: `${assent.issuer}userinfo` })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(assent.issuer)
      .setSubject('auth0|ada')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode('not a key of this server, but long enough'));
    const machine = (
      await new Agent(assent).token({ grant_type: 'client_credentials', audience: TRANSFERS })
    ).json().access_token;
    for (const token of ['never-issued', `${header}.${payload}.AAAA`, foreign, machine]) {
      const answer = await ask(token);
      expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
    }
    const nothing = await ask(undefined);
    expect(nothing.status).toBe(401);
  });

  it('answers 401 once the token has expired', async () => {
    const issuer = assent.issuer;
    const expired = await new SignJWT({ scope: 'openid' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'test-only' })
      .setIssuer(issuer)
      .setSubject('auth0|ada')
      .setAudience([TRANSFERS, `${issuer}userinfo`])
      .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
      .sign(signingKey);
    const answer = await ask(expired);
    expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
  });
});

describe.each([
  ['a JWT', { audience: TRANSFERS }],
  ['an opaque token', {}],
])('whose person was blocked since, %s', (_kind, audience) => {
  it('is good for nothing until that is taken back', async () => {
    const { access_token } = await app.logIn({ ...audience, scope: 'openid' });
    const block = async (blocked: boolean): Promise<void> => {
      const body = { users: [{ user_id: 'auth0|ada', blocked }] };
      expect((await call(`${assent.url}/control/tenant`, { method: 'PATCH', body })).status).toBe(200);
    };
    await block(true);
    const answer = await ask(access_token);
    await block(false);
    expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer .*\berror="invalid_token"/);
    expect((await ask(access_token)).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  it.each([
    ['a JWT', { audience: TRANSFERS }],
    ['an opaque token', {}],
  ])('may read it with %s, in the header or in a form', async (_kind, audience) => {
    const { access_token } = await app.logIn({ ...audience, scope: 'openid' });
    const headers = { Origin: 'http://localhost:3000', Accept: 'text/html' };
    const byHeader = await call(`${assent.url}/userinfo`, {
      headers: { ...headers, Authorization: `Bearer ${access_token}` },
    });
    const byForm = await call(`${assent.url}/userinfo`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ access_token }).toString(),
    });
    for (const answer of [byHeader, byForm]) {
      expect([answer.status, answer.json()]).toEqual([200, { sub: 'auth0|ada' }]);
      expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
    }
  });
});
