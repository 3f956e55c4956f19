// The front channel in the profile `standard`: pushed requests (RFC 9126), logging in (RFC 9207, RFC 9700), consent to
// authorization details (RFC 9396 §3), refresh tokens.
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import type { Agent, Changes } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';
import { type Answer, call } from '../http-call.ts';
import { BANK_API, StandardBank } from './standard-bank.ts';

const CALLBACK = 'https://app.example/callback';
const PAYMENT = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
};
const VERIFIER = 'a-verifier-that-is-long-enough-for-RFC-7636-4.1';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let bank: StandardBank;

beforeAll(async () => {
  const web = (client_id: string, more: object = {}) => ({
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
      web('shop'),
      web('other-shop'),
      web('page', {
        client_secret: undefined,
        token_endpoint_auth_method: 'none' as const,
        app_type: 'spa' as const,
      }),
      web('careful', {
        grant_types: ['authorization_code' as const, CIBA_GRANT_TYPE],
        require_pushed_authorization_requests: true,
      }),
      web('directory', { is_first_party: false }),
    ],
  }));
});
afterAll(() => bank[Symbol.asyncDispose]());

const ASKED: Changes = {
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: 'openid offline_access payments',
  state: 'state-of-the-shop',
};

const push = (changes: Changes = {}, agent: Agent = bank.agent('shop')): Promise<Answer> =>
  agent.post('/oauth/par', { ...ASKED, ...changes });

/** What a browser finds at /authorize. */
function begin(parameters: Changes, browser = new Browser()): Promise<Visit> {
  const defined = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const url = new URL('/authorize', bank.assent.url);
  url.search = new URLSearchParams(defined).toString();
  return browser.open(url);
}

async function logIn(changes: Changes = {}, client_id = 'shop'): Promise<Visit> {
  const page = await (await begin({ client_id, ...ASKED, ...changes })).press('Ada Lovelace');
  return page.url.pathname === '/u/consent' ? page.press('Approve') : page;
}

const redeem = (callback: Visit, client = 'shop', more: Changes = {}): Promise<Answer> =>
  bank.agent(client).post('/oauth/token', {
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code: callback.url.searchParams.get('code') ?? '',
    ...more,
  });

const errorOf = ({ url }: Visit) => url.searchParams.get('error');

describe('a pushed request', () => {
  it('gets a reference of its own each time, with its lifetime', async () => {
    const [one, other] = [await push(), await push()];
    expect([one.status, one.headers['cache-control']]).toEqual([201, 'no-store']);
    expect(one.json()).toEqual({ request_uri: expect.stringMatching(/^urn:.{20,}/), expires_in: 60 });
    expect(one.json().request_uri).not.toBe(other.json().request_uri);
  });

  it.each([
    ['without credentials', { client_id: undefined, client_secret: undefined }, 401, 'invalid_client'],
    ['with a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['with a request_uri in it', { request_uri: 'urn:x' }, 400, 'invalid_request'],
    ['with a foreign address', { redirect_uri: `${CALLBACK}/more` }, 400, 'invalid_request'],
    ['with an implicit response', { response_type: 'token' }, 400, 'unsupported_response_type'],
    [
      'with an unknown type of details',
      { authorization_details: '[{"type":"x"}]' },
      400,
      'invalid_authorization_details',
    ],
    ['with details that are no list', { authorization_details: '{}' }, 400, 'invalid_authorization_details'],
    ['with details that are no JSON', { authorization_details: '[' }, 400, 'invalid_authorization_details'],
  ])('is refused %s', async (_what, changes, status, error) => {
    const answer = await push(changes);
    expect([answer.status, answer.json().error]).toEqual([status, error]);
  });

  it('is good for its client alone, until its time is over', async () => {
    const { request_uri } = (await push()).json();
    const foreign = await begin({ client_id: 'other-shop', request_uri });
    expect([errorOf(foreign), foreign.url.searchParams.get('code')]).toEqual([
      'invalid_request_object',
      null,
    ]);
    bank.clock.advance(61_000);
    const late = await begin({ client_id: 'shop', request_uri });
    expect([errorOf(late), late.url.searchParams.get('code')]).toEqual(['invalid_request_uri', null]);
  });

  it('cannot be widened by what stands beside its reference', async () => {
    const { request_uri } = (await push()).json();
    const page = await begin({
      client_id: 'shop',
      request_uri,
      authorization_details: JSON.stringify([PAYMENT]),
      scope: 'openid accounts',
    });
    const tokens = (await redeem(await page.press('Ada Lovelace'))).json();
    expect(tokens.authorization_details).toBeUndefined();
    expect(tokens.scope.split(' ')).not.toContain('accounts');
  });

  it('is the only way for a client that says so, which may still ask people', async () => {
    const refused = await begin({ client_id: 'careful', ...ASKED });
    expect(errorOf(refused)).toBe('invalid_request');
    const { request_uri } = (await push({ scope: 'openid' }, bank.agent('careful'))).json();
    expect((await begin({ client_id: 'careful', request_uri })).url.pathname).toBe('/u/login');
    expect((await bank.ask({}, 'careful')).status).toBe(200);
  });
});

describe('logging in', () => {
  it('names the issuer in what comes back, of success and of failure', async () => {
    expect((await logIn()).url.searchParams.get('iss')).toBe(bank.issuer);
    const failed = await begin({ client_id: 'shop', ...ASKED, prompt: 'none' });
    expect([errorOf(failed), failed.url.searchParams.get('iss')]).toEqual(['login_required', bank.issuer]);
    const discovery = await call(`${bank.assent.url}/.well-known/openid-configuration`);
    expect(discovery.json().authorization_response_iss_parameter_supported).toBe(true);
  });

  it.each([
    `${CALLBACK}/more`,
    `${CALLBACK}?more=1`,
    'https://sub.app.example/callback',
    'https://app.example',
  ])('goes nowhere for the unregistered address %s', async (redirect_uri) => {
    const page = await begin({ client_id: 'shop', ...ASKED, redirect_uri });
    expect([page.status, page.url.pathname, page.locations]).toEqual([400, '/authorize', []]);
  });

  it('asks PKCE of a public client, S256 alone', async () => {
    expect(errorOf(await begin({ client_id: 'page', ...ASKED }))).toBe('invalid_request');
    const plain = { code_challenge: VERIFIER, code_challenge_method: 'plain' };
    expect(errorOf(await begin({ client_id: 'page', ...ASKED, ...plain }))).toBe('invalid_request');
    const hashed = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const back = await logIn(hashed, 'page');
    const none = { client_id: 'page', client_secret: undefined };
    expect((await redeem(back, 'page', { ...none, code_verifier: CHALLENGE })).json().error).toBe(
      'invalid_grant',
    );
    expect((await redeem(back, 'page', { ...none, code_verifier: VERIFIER })).status).toBe(200);
  });

  it('asks a person about a client that nobody vouches for', async () => {
    const page = await (await begin({ client_id: 'directory', ...ASKED })).press('Ada Lovelace');
    expect(page.url.pathname).toBe('/u/consent');
    expect(page.text).toContain('Pay from your accounts');
    expect(page.text).toContain('does not vouch for it');
    expect(errorOf(await page.press('Deny'))).toBe('access_denied');
  });

  it('shows scopes and details together, and the token has both', async () => {
    const authorization_details = JSON.stringify([PAYMENT]);
    const page = await (await begin({ client_id: 'shop', ...ASKED, authorization_details })).press(
      'Ada Lovelace',
    );
    for (const shown of ['Pay 123.50 EUR', 'Merchant A', 'Pay from your accounts'])
      expect(page.text).toContain(shown);
    const tokens = (await redeem(await page.press('Approve'))).json();
    expect(tokens.authorization_details).toEqual([PAYMENT]);
    const claims = decodeJwt(tokens.access_token);
    expect([claims['authorization_details'], [claims.aud].flat()[0]]).toEqual([[PAYMENT], BANK_API]);
    expect(tokens.scope.split(' ')).toContain('payments');
    const told = (await bank.agent('shop').post('/oauth/introspect', { token: tokens.access_token })).json();
    expect([told.active, told.authorization_details]).toEqual([true, [PAYMENT]]);
  });
});

describe('the token endpoint', () => {
  const refresh = (refresh_token: string, more: Changes = {}) =>
    bank.agent('shop').post('/oauth/token', { grant_type: 'refresh_token', refresh_token, ...more });

  it('takes no more scope for a refresh token than it was given', async () => {
    const { refresh_token } = (await redeem(await logIn())).json();
    const wider = await refresh(refresh_token, { scope: 'openid accounts' });
    expect([wider.status, wider.json().error]).toEqual([400, 'invalid_scope']);
    const narrower = (await refresh(refresh_token, { scope: 'openid' })).json();
    expect(narrower.scope).toBe('openid');
    expect((await refresh('garbage')).json().error).toBe('invalid_grant');
  });

  it('rotates refresh tokens, and a spent one that comes back ends them all', async () => {
    const first = (await redeem(await logIn())).json();
    const second = (await refresh(first.refresh_token)).json();
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const replay = await refresh(first.refresh_token);
    expect([replay.status, replay.json().error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(second.refresh_token)).json().error).toBe('invalid_grant');
    const told = await bank.agent('shop').post('/oauth/introspect', { token: second.access_token });
    expect(told.json()).toEqual({ active: false });
  });

  it('keeps outdated grants closed', async () => {
    const answer = await bank.agent('shop').post('/oauth/token', {
      grant_type: 'password',
      username: 'ada@bank.example',
      password: 'password-not-real',
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'unsupported_grant_type']);
    const discovery = (await call(`${bank.assent.url}/.well-known/openid-configuration`)).json();
    expect(discovery.response_types_supported).toEqual(['code']);
  });
});

it('the key set is public, and has names and nothing private', async () => {
  const { keys } = (await call(`${bank.assent.url}/.well-known/jwks.json`)).json();
  expect(new Set(keys.map((key: { kid: string }) => key.kid)).size).toBe(keys.length);
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), kty: expect.any(String), use: 'sig' });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
  }
});
