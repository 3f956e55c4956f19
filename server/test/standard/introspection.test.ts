// Introspection (RFC 7662) and revocation (RFC 7009) in the profile `standard`: what a client is told of a token, and when it
// is good no more.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { type Tokens, WebApplication } from '../web-application.ts';

const START = Date.parse('2030-01-01T12:00:00Z');
const machine = (client_id: string, more: object = {}) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  name: client_id,
  profile: 'standard' as const,
  grant_types: ['client_credentials' as const],
  ...more,
});

let clock: ManualClock;
let assent: RunningAssent;
let app: WebApplication;
let aiya: Agent;

beforeAll(async () => {
  clock = createManualClock(START);
  const clients = [
    ...(bankTenant.clients ?? []).map((client) =>
      client.client_id === 'aiya' ? { ...client, profile: 'standard' as const } : client,
    ),
    machine('accounts-api', { resource_server_identifier: TRANSFERS }),
    machine('stranger'),
    {
      ...machine('public-page', { grant_types: ['authorization_code'] }),
      token_endpoint_auth_method: 'none' as const,
    },
  ];
  assent = await startAssent({ tls: false, clock, config: unlimitedBank({ clients }) });
  app = await WebApplication.of(assent);
  aiya = new Agent(assent);
});
afterAll(() => assent.close());

const as = (client_id: string) => new Agent(assent, { client_id, client_secret: `${client_id}-secret` });

async function logIn(person = 'Ada Lovelace'): Promise<Tokens> {
  const login = await app.push({
    scope: 'openid offline_access create:transfer',
    audience: TRANSFERS,
    authorization_details: JSON.stringify([TRANSFER]),
  });
  const page = await (await new Browser().open(login.url)).press(person);
  return app.finish(login, (await page.press('Approve')).url);
}

const inspect = (token: string, agent = aiya, more: Readonly<Record<string, string>> = {}) =>
  agent.post('/oauth/introspect', { token, ...more });
const isActive = async (token: string, agent = aiya): Promise<unknown> =>
  (await inspect(token, agent)).json().active;

describe('introspection', () => {
  it('tells a client all of its own token, the details as the token has them', async () => {
    const { access_token } = await logIn();
    const answer = await inspect(access_token);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { client_id, scope, sub, aud, iss, exp, iat, jti, authorization_details } = decodeJwt(access_token);
    expect(answer.json()).toEqual({
      active: true,
      token_type: 'Bearer',
      client_id,
      scope,
      sub,
      aud,
      iss,
      exp,
      iat,
      jti,
      authorization_details,
    });
    expect(authorization_details).toEqual([TRANSFER]);
    expect(jti).toBeTruthy();
  });

  it('tells the API of a token for it, and nobody else', async () => {
    const { access_token } = await logIn();
    expect(await isActive(access_token, as('accounts-api'))).toBe(true);
    const foreign = await inspect(access_token, as('stranger'));
    expect([foreign.status, foreign.json()]).toEqual([200, { active: false }]);
  });

  it('tells of refresh tokens, too, whatever the hint says', async () => {
    const { refresh_token = '', access_token } = await logIn();
    const told = (await inspect(refresh_token, aiya, { token_type_hint: 'access_token' })).json();
    expect(told).toMatchObject({ active: true, client_id: 'aiya', sub: 'auth0|ada' });
    expect(told.iat).toBe(Math.floor(clock.now() / 1000));
    expect(await isActive(access_token)).toBe(true);
  });

  it.each([
    ['no token of anybody', 'garbage'],
    ['a header alone', 'eyJhbGciOiJub25lIn0'],
    ['something with a header', 'eyJhbGciOiJub25lIn0.x'],
    ['an encrypted token', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AA.AA.AA'],
    ['a token of an API whose header is odd', 'eyJhbGciOiJSUzI1NiIsImNyaXQiOlsieCJdLCJ4IjoxfQ.e30.AA'],
    ['a JWT of somebody else', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhdXRoMHxhZGEifQ.x'],
  ])('says no more than inactive of %s', async (_what, token) => {
    const answer = await inspect(token);
    expect([answer.status, answer.json()]).toEqual([200, { active: false }]);
  });

  it('takes no ID token for an access token', async () => {
    expect(await isActive((await logIn()).id_token ?? '')).toBe(false);
  });

  it.each([
    ['without credentials', { client_id: undefined, client_secret: undefined }, 401],
    ['with a wrong secret', { client_secret: 'wrong' }, 401],
    ['of a public client', { client_id: 'public-page', client_secret: undefined }, 401],
    [
      'of a client that speaks the dialect of Auth0',
      { client_id: 'night-trader', client_secret: 'night-trader-secret-not-real' },
      404,
    ],
    ['without a token', { token: undefined }, 400],
  ])('is refused %s', async (_what, changes, status) => {
    const answer = await aiya.post('/oauth/introspect', { token: 'x', ...changes });
    expect(answer.status).toBe(status);
    expect(answer.json().error).toBeTruthy();
  });

  it('does not exist where nobody speaks the standard profile', async () => {
    await using plain = await startAssent({ tls: false, config: bankTenant });
    const answer = await new Agent(plain).post('/oauth/introspect', { token: 'x' });
    expect(answer.status).toBe(404);
  });
});

describe('a token is inactive', () => {
  it('once it is over by the time of the tenant', async () => {
    const { access_token } = await logIn();
    const { exp = 0 } = decodeJwt(access_token);
    clock.advance(exp * 1000 - clock.now() - 1_000);
    expect(await isActive(access_token)).toBe(true);
    clock.advance(1_000);
    expect(await isActive(access_token)).toBe(false);
  });

  it('once its client has revoked it, also at /userinfo, but not by another client', async () => {
    const { access_token } = await logIn();
    const userInfo = async () =>
      (await call(`${assent.url}/userinfo`, { headers: { Authorization: `Bearer ${access_token}` } })).status;
    expect((await as('stranger').post('/oauth/revoke', { token: access_token })).status).toBe(200);
    expect([await isActive(access_token), await userInfo()]).toEqual([true, 200]);
    expect((await aiya.post('/oauth/revoke', { token: access_token })).status).toBe(200);
    expect([await isActive(access_token), await userInfo()]).toEqual([false, 401]);
    expect((await aiya.post('/oauth/revoke', { token: access_token })).status).toBe(200);
  });

  it('once the refresh token of the same grant is revoked', async () => {
    const { access_token, refresh_token } = await logIn();
    expect((await aiya.post('/oauth/revoke', { token: refresh_token })).status).toBe(200);
    expect(await isActive(access_token)).toBe(false);
  });

  it('once its person is blocked or gone', async () => {
    const { access_token, refresh_token = '' } = await logIn('Grace Hopper');
    const address = `${assent.url}/control/tenant`;
    const tenant = (await call(address)).json();
    type User = { user_id: string };
    const change = async (users: User[]) => {
      const answer = await call(address, { method: 'PUT', body: { ...tenant, users } });
      expect(answer.status).toBe(200);
    };
    const users: User[] = tenant.users;
    const state = async () => [await isActive(access_token), await isActive(refresh_token)];
    const blocked = users.map((user) => (user.user_id === 'auth0|grace' ? { ...user, blocked: true } : user));
    await change(blocked);
    expect(await state()).toEqual([false, false]);
    await change(users);
    expect(await state()).toEqual([true, true]);
    await change(users.filter((user) => user.user_id !== 'auth0|grace'));
    expect(await state()).toEqual([false, false]);
  });
});

it('a machine may ask about its own token', async () => {
  const { access_token } = (
    await aiya.token({ grant_type: 'client_credentials', audience: TRANSFERS })
  ).json();
  expect((await inspect(access_token)).json()).toMatchObject({ active: true, client_id: 'aiya' });
});
