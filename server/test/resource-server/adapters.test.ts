// The gate in every framework: the same requests, the same answers.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createSpentTokens,
  createTokenVerifier,
  type TokenVerifier,
} from '../../src/resource-server/index.ts';
import { type GuardedApp, guardedApps, TRANSFER } from './guarded-apps.ts';
import { startTokenIssuer, type TokenIssuer } from './token-issuer.ts';

const AUDIENCE = 'https://bank.example/transfers';
const APPROVED = {
  scope: 'openid create:transfer',
  authorization_details: [{ ...TRANSFER, amount: '25.00' }],
};

let issuer: TokenIssuer;
beforeAll(async () => {
  issuer = await startTokenIssuer(AUDIENCE, APPROVED);
});
afterAll(() => issuer[Symbol.asyncDispose]());

const createVerifier = (): TokenVerifier =>
  createTokenVerifier({ issuer: issuer.issuer, audience: AUDIENCE });

interface Sent {
  token?: string;
  authorization?: string;
  body?: object;
}

async function send(app: GuardedApp, { token, authorization, body = { amount: '25.00' } }: Sent) {
  const credentials = authorization ?? (token === undefined ? undefined : `Bearer ${token}`);
  const response = await fetch(app.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credentials === undefined ? {} : { authorization: credentials }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    retryAfter: response.headers.get('retry-after'),
    body: isJson ? JSON.parse(text) : text,
  };
}

describe.each(guardedApps)('in %s', (_framework, start) => {
  let app: GuardedApp;
  beforeAll(async () => {
    app = await start(createVerifier(), { realm: 'bank' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test('a good token of either dialect reaches the route, which knows whose it is', async () => {
    for (const token of [await issuer.sign(), await issuer.signRfc9068()]) {
      expect(await send(app, { token })).toEqual({
        status: 200,
        challenge: null,
        retryAfter: null,
        body: { sub: 'auth0|ada', moved: '25.00' },
      });
    }
  });

  test('no token gets a challenge without an error code', async () => {
    expect(await send(app, {})).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="bank"',
      body: { error: 'unauthorized' },
    });
  });

  test('a header that spells no token is a bad request', async () => {
    expect(await send(app, { authorization: 'Bearer a b' })).toMatchObject({
      status: 400,
      challenge: expect.stringContaining('error="invalid_request"'),
      body: { error: 'invalid_request' },
    });
  });

  test.each<[string, () => Promise<string>, string]>([
    ['has expired', () => issuer.sign({ exp: Math.floor(Date.now() / 1000) - 1 }), 'expired'],
    ['is for another API', () => issuer.sign({ aud: 'https://other.example/' }), `expected ${AUDIENCE}`],
    ['is of another issuer', () => issuer.sign({ iss: 'https://other.example/' }), 'expected exactly http'],
    ['is an ID token', () => issuer.signIdToken(), 'audience'],
    [
      'has the type of one dialect and the members of the other',
      () => issuer.signRfc9068({ jti: undefined }),
      'jti',
    ],
  ])('a token that %s is invalid', async (_why, make, description) => {
    const { status, challenge, body } = await send(app, { token: await make() });
    expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_token' });
    expect(body.error_description).toContain(description);
    expect(challenge).toContain('Bearer realm="bank", error="invalid_token"');
  });

  test('a missing scope is named in the challenge', async () => {
    expect(await send(app, { token: await issuer.sign({ scope: 'openid' }) })).toMatchObject({
      status: 403,
      challenge: expect.stringContaining('scope="create:transfer"'),
      body: { error: 'insufficient_scope' },
    });
  });

  test.each<[string, object, object]>([
    ['another amount', { amount: '250.00' }, { path: '/0/amount', approved: '25.00', requested: '250.00' }],
    ['one thing more', { amount: '25.00', urgent: true }, { path: '/0/urgent', requested: true }],
  ])('%s than was approved is refused with its place', async (_what, body, difference) => {
    expect(await send(app, { token: await issuer.sign(), body })).toMatchObject({
      status: 403,
      challenge: expect.stringContaining('error="insufficient_authorization_details"'),
      body: { error: 'insufficient_authorization_details', differences: [difference] },
    });
  });

  test('a mistake in the request itself is the route’s to answer, before the token is looked at', async () => {
    const { status, body } = await send(app, { body: {} });
    expect({ status, text: JSON.stringify(body) }).toEqual({
      status: 400,
      text: expect.stringContaining('amount is missing'),
    });
  });

  describe('where a token counts once', () => {
    let once: GuardedApp;
    beforeEach(async () => {
      once = await start(createVerifier(), { singleUse: createSpentTokens() });
      return () => once[Symbol.asyncDispose]();
    });

    test('the second request with it is refused, with a jti as without', async () => {
      for (const token of [await issuer.sign(), await issuer.signRfc9068()]) {
        expect(await send(once, { token })).toMatchObject({ status: 200 });
        expect(await send(once, { token })).toMatchObject({
          status: 401,
          challenge: expect.stringContaining('error="invalid_token"'),
          body: { error: 'invalid_token', error_description: expect.stringContaining('has been used') },
        });
      }
    });

    test('of ten at the same time one passes', async () => {
      const token = await issuer.sign();
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(once, { token })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    test('a refusal for another reason spends nothing', async () => {
      const token = await issuer.sign();
      expect(await send(once, { token, body: { amount: '250.00' } })).toMatchObject({ status: 403 });
      expect(await send(once, { token })).toMatchObject({ status: 200 });
    });
  });

  test('keys that cannot be read are no fault of the token', async () => {
    await using fresh = await start(createVerifier(), {});
    const token = await issuer.sign();
    issuer.hasKeys = false;
    try {
      expect(await send(fresh, { token })).toEqual({
        status: 503,
        challenge: null,
        retryAfter: '5',
        body: { error: 'temporarily_unavailable', error_description: expect.stringContaining('keys') },
      });
    } finally {
      issuer.hasKeys = true;
    }
    expect(await send(fresh, { token })).toMatchObject({ status: 200 });
  });
});
