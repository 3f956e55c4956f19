// Refresh tokens: rotating or not, with leeway, reuse that ends the family, lifetimes, revocation.
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { createManualClock, type ManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, type Changes, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { WebApplication } from '../web-application.ts';

type RefreshSettings = NonNullable<NonNullable<TenantConfigInput['clients']>[number]['refresh_token']>;

const REFUSED = [
  403,
  { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
] as const;

let clock: ManualClock;
let assent: RunningAssent;
let agent: Agent;

beforeEach(() => {
  clock = createManualClock(Date.now());
});
afterEach(() => assent.close());

/** Starts the bank with these settings for its clients and logs Ada in. @returns her refresh token */
async function logIn(settings: RefreshSettings, parameters: Record<string, string> = {}): Promise<string> {
  assent = await startAssent({
    tls: false,
    clock,
    config: unlimitedBank({
      clients: (bankTenant.clients ?? []).map((client) => ({ ...client, refresh_token: settings })),
    }),
  });
  agent = new Agent(assent);
  const tokens = await (await WebApplication.of(assent)).logIn({
    audience: TRANSFERS,
    scope: 'openid profile offline_access create:transfer',
    ...parameters,
  });
  if (tokens.refresh_token === undefined) throw new Error('no refresh token');
  return tokens.refresh_token;
}

function refresh(refresh_token: string, changes: Changes = {}) {
  return agent.token({ grant_type: 'refresh_token', refresh_token, ...changes });
}

describe('a refresh token that does not rotate', () => {
  it('works again and again, and the answer does not repeat it', async () => {
    const token = await logIn({ rotation_type: 'non-rotating' });
    for (const _time of [1, 2, 3]) {
      const answer = await refresh(token);
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.json()).sort()).toEqual([
        'access_token',
        'expires_in',
        'id_token',
        'scope',
        'token_type',
      ]);
    }
  });

  it('gives the same access as the login, and a new ID token', async () => {
    const answer = (await refresh(await logIn({}))).json();
    expect(answer.scope).toBe('openid profile offline_access create:transfer');
    expect(decodeJwt(answer.access_token)).toMatchObject({
      sub: 'auth0|ada',
      aud: [TRANSFERS, `${assent.issuer}userinfo`],
      scope: 'openid profile offline_access create:transfer',
    });
    expect(decodeJwt(answer.id_token)).toMatchObject({ sub: 'auth0|ada', aud: 'aiya', name: 'Ada Lovelace' });
  });

  it('can be used for less than it is good for, and not for more', async () => {
    const token = await logIn({});
    const narrow = (await refresh(token, { scope: 'openid create:transfer' })).json();
    expect(decodeJwt(narrow.access_token)['scope']).toBe('openid create:transfer');
    const wide = await refresh(token, { scope: 'openid create:small_transfer' });
    expect([wide.status, wide.json().error]).toEqual([400, 'invalid_scope']);
  });

  it('is taken as JSON as well', async () => {
    const refresh_token = await logIn({});
    const answer = await call(`${assent.url}/oauth/token`, {
      method: 'POST',
      body: {
        grant_type: 'refresh_token',
        refresh_token,
        client_id: 'aiya',
        client_secret: 'aiya-secret-not-real',
      },
    });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'Bearer']);
  });

  it('is worth nothing to another client, or as another kind of token', async () => {
    const token = await logIn({});
    const other = new Agent(assent, {
      client_id: 'night-trader',
      client_secret: 'night-trader-secret-not-real',
    });
    const stolen = await other.token({ grant_type: 'refresh_token', refresh_token: token });
    expect([stolen.status, stolen.json()]).toEqual(REFUSED);
    const asCode = await agent.token({ grant_type: 'authorization_code', code: token, redirect_uri: 'x' });
    expect([asCode.status, asCode.json().error]).toEqual([403, 'invalid_grant']);
    expect((await refresh(token)).status).toBe(200);
  });

  it('outlives the login session, and the logout', async () => {
    const token = await logIn({});
    clock.advance(4 * 86_400_000);
    expect((await refresh(token)).status).toBe(200);
  });
});

describe('a refresh token that rotates', () => {
  it('is followed by its successor; reuse ends the whole family', async () => {
    const first = await logIn({ rotation_type: 'rotating' });
    const second = (await refresh(first)).json().refresh_token;
    const third = (await refresh(second)).json().refresh_token;
    expect(new Set([first, second, third]).size).toBe(3);

    const reused = await refresh(first);
    expect([reused.status, reused.json()]).toEqual(REFUSED);
    const youngest = await refresh(third);
    expect([youngest.status, youngest.json()]).toEqual(REFUSED);
  });

  it('still works within the leeway, and not a second later', async () => {
    const first = await logIn({ rotation_type: 'rotating', leeway: 10 });
    const second = (await refresh(first)).json().refresh_token;
    clock.advance(9_000);
    const within = await refresh(first);
    expect(within.status).toBe(200);
    expect((await refresh(second)).status).toBe(200);
    clock.advance(2_000);
    expect((await refresh(first)).status).toBe(403);
    // Reuse after the leeway is reuse.
    expect((await refresh(within.json().refresh_token)).status).toBe(403);
  });

  it('goes to one of many that use it at once', async () => {
    const token = await logIn({ rotation_type: 'rotating' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
    const won = answers.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    for (const lost of answers.filter((answer) => answer.status !== 200)) {
      expect([lost.status, lost.json()]).toEqual(REFUSED);
    }
  });
});

describe('a refresh token that expires', () => {
  it('ends at its time', async () => {
    const token = await logIn({ expiration_type: 'expiring', token_lifetime: 1_000 });
    // The store keeps what has expired a minute longer, for the precise error.
    clock.advance(1_060_000);
    expect((await refresh(token)).status).toBe(403);
  });

  it('lives on for years where it does not expire', async () => {
    const token = await logIn({ expiration_type: 'non-expiring' });
    clock.advance(5 * 365 * 86_400_000);
    expect((await refresh(token)).status).toBe(200);
  });
});

describe('revocation', () => {
  it('ends a refresh token and answers 200 with nothing, by form and by JSON', async () => {
    for (const isJson of [false, true]) {
      const token = await logIn({});
      const answer = isJson
        ? await call(`${assent.url}/oauth/revoke`, {
            method: 'POST',
            body: { token, client_id: 'aiya', client_secret: 'aiya-secret-not-real' },
          })
        : await agent.post('/oauth/revoke', { token });
      expect([answer.status, answer.text]).toEqual([200, '']);
      expect((await refresh(token)).status).toBe(403);
      await assent.close();
    }
  });

  it('says the same about a token that nobody knows, or that another client holds', async () => {
    const token = await logIn({});
    const unknown = await agent.post('/oauth/revoke', { token: 'never-issued' });
    expect([unknown.status, unknown.text]).toEqual([200, '']);
    const other = new Agent(assent, {
      client_id: 'night-trader',
      client_secret: 'night-trader-secret-not-real',
    });
    expect((await other.post('/oauth/revoke', { token })).status).toBe(200);
    expect((await refresh(token)).status).toBe(200);
  });

  it('needs the client’s secret', async () => {
    const token = await logIn({});
    const answer = await agent.post('/oauth/revoke', { token, client_secret: 'wrong' });
    expect([answer.status, answer.json()]).toEqual([
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
    ]);
    expect((await refresh(token)).status).toBe(200);
  });
});
