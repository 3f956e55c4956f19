// What happens to tokens, sessions and tickets when the clock is put forward: the server, the API and the trace agree.
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE, DEVICE_GRANT_TYPE, type TenantConfigInput } from '../../src/contract/index.ts';
import { bankTenant, type RunningAssent, startAssent } from '../../src/index.ts';
import { createIssuerClock, createTokenVerifier } from '../../src/resource-server/index.ts';
import { Agent, claimsOf, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { TELEVISION } from '../clients.ts';
import { call } from '../http-call.ts';
import { bankByEmail } from '../mail-tenant.ts';
import { WebApplication } from '../web-application.ts';
import { ADA } from '../world.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let assent: RunningAssent;
let agent: Agent;

async function start(config = unlimitedBank()): Promise<void> {
  assent = await startAssent({ tls: false, config });
  agent = new Agent(assent);
}
const advance = (ms: number) => assent.control.clock.advance(ms);

afterEach(() => assent.close());

/** How far an instant of a token lies ahead of the computer's time, to the nearest minute. */
const aheadSeconds = (instant: unknown): number =>
  Math.round((Number(instant) - Date.now() / 1000) / 60) * 60 + 0;

async function approvedTokens(changes: Record<string, string> = {}) {
  const authReqId = await agent.askFor(changes);
  await assent.control.approve(authReqId);
  const answer = await agent.poll(authReqId);
  expect(answer.status, answer.text).toBe(200);
  return answer.json();
}

const refresh = (refresh_token: string) => agent.token({ grant_type: 'refresh_token', refresh_token });

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];

/** The bank with one client more. */
function bankWith(one: ClientInput): TenantConfigInput {
  return unlimitedBank({ clients: [...(bankTenant.clients ?? []), one] });
}

/** Clients whose refresh tokens behave like this. */
function bankWhereTokens(settings: object) {
  const bank = unlimitedBank();
  return { ...bank, clients: (bank.clients ?? []).map((one) => ({ ...one, refresh_token: settings })) };
}

describe('a request', () => {
  it('of 72 hours ends when the clock says so, and the agent is told', async () => {
    await start(bankByEmail());
    const authReqId = await agent.askFor({ requested_expiry: String(72 * 3600) });
    await advance(72 * HOUR_MS - 60 * SECOND_MS);
    expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
    await advance(61 * SECOND_MS);
    expect((await agent.poll(authReqId)).json().error).toBe('access_denied');
    expect((await assent.control.trace(authReqId)).map(({ type }) => type)).toContain('request.expired');
  });

  it('that was polled too early may be polled again after a jump over its interval', async () => {
    await start();
    const authReqId = await agent.askFor();
    const poll = async () => (await agent.poll(authReqId)).json().error;
    expect([await poll(), await poll()]).toEqual(['authorization_pending', 'slow_down']);
    await advance(11 * SECOND_MS);
    expect(await poll()).toBe('authorization_pending');
  });

  it('that was approved before the jump is redeemed after it, in the time that is left', async () => {
    await start();
    const authReqId = await agent.askFor({ requested_expiry: '300' });
    await assent.control.approve(authReqId);
    await advance(250 * SECOND_MS);
    expect((await agent.poll(authReqId)).status).toBe(200);
  });
});

describe('a token', () => {
  it('is dated by the clock, whatever kind it is', async () => {
    await start();
    await advance(30 * DAY_MS);
    const { access_token, id_token } = await approvedTokens();
    const [access, id] = [claimsOf(access_token), claimsOf(id_token)];
    const month = 30 * 86_400;
    expect([access, id].map(({ iat }) => aheadSeconds(iat))).toEqual([month, month]);
    expect(Number(access['exp']) - Number(access['iat'])).toBe(86_400);
    expect(Number(id['exp']) - Number(id['iat'])).toBe(36_000);
  });

  it('of a program opens the Management API as long as the clock allows', async () => {
    await start();
    await advance(30 * DAY_MS);
    const audience = `${assent.issuer}api/v2/`;
    const machine = await agent.token({ grant_type: 'client_credentials', audience });
    const headers = { Authorization: `Bearer ${machine.json().access_token}` };
    const read = () => call(`${audience}users/${ADA}`, { headers });
    expect((await read()).status).toBe(200);
    await advance(DAY_MS);
    expect((await read()).status).toBe(401);
  });

  it('has ended for the API that goes by the same time, in this process and in another one', async () => {
    await start();
    const { access_token } = await approvedTokens();
    const trust = {
      issuer: assent.issuer,
      audience: TRANSFERS,
      jwksUri: `${assent.url}/.well-known/jwks.json`,
    };
    const near = createTokenVerifier({ ...trust, clock: assent.clock });
    const far = createTokenVerifier({ ...trust, clock: createIssuerClock(trust) });
    const alone = createTokenVerifier(trust);
    const verdicts = async () =>
      (await Promise.all([near, far, alone].map((one) => one.verify(`Bearer ${access_token}`)))).map(
        ({ accepted }) => accepted,
      );
    expect(await verdicts()).toEqual([true, true, true]);
    await advance(DAY_MS - 60 * SECOND_MS);
    expect(await verdicts()).toEqual([true, true, true]);
    await advance(60 * SECOND_MS);
    // The last one goes by its own clock, as a real API does.
    expect(await verdicts()).toEqual([false, false, true]);
    expect(await near.verify(`Bearer ${access_token}`)).toMatchObject({
      refusal: { status: 401, description: 'the token has expired' },
    });
  });

  it('opens /userinfo as long as the clock allows', async () => {
    await start();
    const { access_token } = await approvedTokens();
    const read = async () =>
      (await call(`${assent.url}/userinfo`, { headers: { Authorization: `Bearer ${access_token}` } })).status;
    await advance(23 * HOUR_MS);
    expect(await read()).toBe(200);
    await advance(HOUR_MS);
    expect(await read()).toBe(401);
    const later = await approvedTokens();
    const fresh = { Authorization: `Bearer ${later.access_token}` };
    expect((await call(`${assent.url}/userinfo`, { headers: fresh })).status).toBe(200);
  });
});

describe('a refresh token', () => {
  const login = async () => {
    const app = await WebApplication.of(assent);
    const tokens = await app.logIn({ audience: TRANSFERS, scope: 'openid offline_access create:transfer' });
    return tokens.refresh_token ?? '';
  };

  it('ends with its lifetime, which rotation does not prolong', async () => {
    await start(
      bankWhereTokens({
        rotation_type: 'rotating',
        expiration_type: 'expiring',
        token_lifetime: 30 * 86_400,
        leeway: 0,
      }),
    );
    const first = await login();
    await advance(20 * DAY_MS);
    const second = (await refresh(first)).json();
    expect(aheadSeconds(claimsOf(second.access_token)['iat'])).toBe(20 * 86_400);
    await advance(9 * DAY_MS);
    const third = (await refresh(second.refresh_token)).json();
    expect(third.refresh_token).toEqual(expect.any(String));
    await advance(DAY_MS);
    expect((await refresh(third.refresh_token)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('that was rotated still works within the leeway, and ends the family after it', async () => {
    await start(bankWhereTokens({ rotation_type: 'rotating', expiration_type: 'non-expiring', leeway: 60 }));
    const first = await login();
    const second = (await refresh(first)).json().refresh_token;
    await advance(40 * SECOND_MS);
    expect((await refresh(first)).status).toBe(200);
    await advance(21 * SECOND_MS);
    expect((await refresh(first)).status).toBe(403);
    expect((await refresh(second)).status).toBe(403);
  });
});

describe('a login', () => {
  it('ends with the session lifetime, and its age is what the clock says', async () => {
    await start(unlimitedBank({ tenant: { name: 'bank', session_lifetime: 7_200 } }));
    const app = await WebApplication.of(assent);
    const browser = new Browser();
    await app.logIn({}, browser);
    await advance(HOUR_MS);
    const again = await app.logIn({ max_age: '4000' }, browser);
    expect(Number(again.claims()?.iat) - Number(again.claims()?.auth_time)).toBeGreaterThanOrEqual(3_600);
    expect(aheadSeconds(again.claims()?.auth_time)).toBe(0);
    expect((await browser.open((await app.begin({ max_age: '3000' })).url)).heading).toBe('Log in');
    // The provider allows clocks to differ by a few seconds.
    await advance(HOUR_MS + 10 * SECOND_MS);
    const silent = await browser.open((await app.begin({ prompt: 'none' })).url);
    expect(silent.url.searchParams.get('error')).toBe('login_required');
  });

  it('under way ends too, and a code that was not redeemed', async () => {
    await start();
    const app = await WebApplication.of(assent);
    const browser = new Browser();
    const abandoned = await browser.open((await app.begin()).url);
    await advance(DAY_MS);
    expect((await abandoned.press('Ada Lovelace')).status).toBe(400);

    const begun = await app.begin();
    const back = await (await new Browser().open(begun.url)).press('Ada Lovelace');
    await advance(61 * SECOND_MS);
    await expect(app.finish(begun, back.url)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('keeps to cookies that browsers take, which reckon from the Date of the answer', async () => {
    await start();
    await advance(30 * DAY_MS);
    const app = await WebApplication.of(assent);
    const begun = await call((await app.begin()).url.href);
    const page = await call(new URL(begun.headers.location ?? '', assent.url).href, {
      headers: { Cookie: (begun.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ') },
    });
    expect(page.status).toBe(200);
    const lives = (begun.headers['set-cookie'] ?? []).map((cookie) => {
      const end = Date.parse(/expires=([^;]+)/i.exec(cookie)?.[1] ?? '');
      return (end - Date.parse(begun.headers.date ?? '')) / SECOND_MS;
    });
    expect(lives.length).toBeGreaterThan(1);
    for (const seconds of lives) expect([seconds > 0, seconds < DAY_MS / SECOND_MS]).toEqual([true, true]);
  });

  it('may bring an ID token from before the jump along as its hint', async () => {
    await start();
    const app = await WebApplication.of(assent);
    const browser = new Browser();
    await advance(DAY_MS);
    const { id_token = '' } = await app.logIn({}, browser);
    await advance(HOUR_MS);
    const silent = await app.logIn({ prompt: 'none', id_token_hint: id_token }, browser);
    expect(silent.claims()?.sub).toBe(ADA);
  });
});

it('a pushed request ends after a minute of the clock', async () => {
  await start();
  const app = await WebApplication.of(assent);
  const pushed = await app.push();
  await advance(61 * SECOND_MS);
  const answered = await new Browser().open(pushed.url);
  expect(answered.status).toBe(400);
});

it('a device code ends after its quarter of an hour', async () => {
  await start(bankWith(TELEVISION));
  const device = new Agent(assent, { client_id: 'television', client_secret: undefined });
  const code = (await device.post('/oauth/device/code', { scope: 'openid' })).json();
  const poll = async () =>
    (await device.token({ grant_type: DEVICE_GRANT_TYPE, device_code: code.device_code })).json().error;
  await advance(14 * 60 * SECOND_MS);
  expect(await poll()).toBe('authorization_pending');
  await advance(61 * SECOND_MS);
  expect(await poll()).toBe('expired_token');
});

it('an invitation of a browser ends after five minutes', async () => {
  await start();
  const { ticket } = await assent.control.inviteBrowser(ADA);
  const lookUp = { method: 'POST', body: { ticket } };
  const read = async () => (await call(`${assent.url}/approver/tickets/lookup`, lookUp)).status;
  const before = await read();
  await advance(301 * SECOND_MS);
  expect([before, await read()]).toEqual([200, 404]);
});

describe('a client that proves itself by a key', () => {
  const key = generateKeyPair('RS256', { extractable: true });

  beforeEach(async () => {
    const jwk = await exportJWK((await key).publicKey);
    await start(
      bankWith({
        client_id: 'keyed',
        name: 'Keyed',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...jwk, kty: 'RSA', kid: 'keyed-1' }] },
        grant_types: [CIBA_GRANT_TYPE],
      }),
    );
  });

  const assertionAt = async (atMs: number, jti: string, signer = key) => {
    const iat = Math.floor(atMs / 1000);
    return new SignJWT({ jti })
      .setProtectedHeader({ alg: 'RS256', kid: 'keyed-1' })
      .setIssuer('keyed')
      .setSubject('keyed')
      .setAudience(assent.issuer)
      .setIssuedAt(iat)
      .setNotBefore(iat)
      .setExpirationTime(iat + 60)
      .sign((await signer).privateKey);
  };
  const ask = async (client_assertion: string) => {
    const asked = await new Agent(assent, { client_id: 'keyed', client_secret: undefined }).ask({
      audience: undefined,
      scope: 'openid',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    });
    return asked.status;
  };

  it('may go by the computer’s time or by the server’s, by no other, and each proof is good once', async () => {
    await advance(30 * DAY_MS);
    const [computer, server] = [Date.now(), assent.clock.now()];
    expect(await ask(await assertionAt(computer, 'a'))).toBe(200);
    const ahead = await assertionAt(server, 'b');
    expect(await ask(ahead)).toBe(200);
    expect(await ask(ahead)).toBe(401);
    expect(await ask(await assertionAt(computer, 'b'))).toBe(401);
    expect(await ask(await assertionAt(server - HOUR_MS, 'c'))).toBe(401);
    expect(await ask(await assertionAt(server + HOUR_MS, 'd'))).toBe(401);
    expect(await ask(await assertionAt(computer - HOUR_MS, 'e'))).toBe(401);
    const stranger = generateKeyPair('RS256');
    expect(await ask(await assertionAt(server, 'f', stranger))).toBe(401);
  });

  it('is served through openid-client, whose clock nobody has moved', async () => {
    await advance(30 * DAY_MS);
    const { privateKey } = await key;
    const configuration = await client.discovery(
      new URL(assent.url),
      'keyed',
      {},
      client.PrivateKeyJwt({ key: privateKey, kid: 'keyed-1' }),
      { execute: [client.allowInsecureRequests] },
    );
    const asked = await client.initiateBackchannelAuthentication(configuration, {
      scope: 'openid',
      binding_message: 'RENT-4K9',
      login_hint: agent.hint(ADA),
    });
    await assent.control.approve(asked.auth_req_id);
    const tokens = await client.pollBackchannelAuthenticationGrant(configuration, asked);
    expect(tokens.claims()?.sub).toBe(ADA);
  });
});
