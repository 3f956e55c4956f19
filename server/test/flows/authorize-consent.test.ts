// Authorization details in the browser: pushed, read by the person who logs in, approved or denied, carried by the token.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_GRANT_TYPE, type TraceEvent } from '../../src/contract/index.ts';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFER, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';
import { call } from '../http-call.ts';
import { type Login, WebApplication } from '../web-application.ts';

const DETAILS = JSON.stringify([TRANSFER]);

let assent: RunningAssent;
let app: WebApplication;

beforeAll(async () => {
  const television = {
    client_id: 'television',
    name: 'Television',
    app_type: 'native' as const,
    token_endpoint_auth_method: 'none' as const,
    grant_types: [DEVICE_GRANT_TYPE] as Array<typeof DEVICE_GRANT_TYPE>,
  };
  const config = unlimitedBank({ clients: [...(bankTenant.clients ?? []), television] });
  assent = await startAssent({ tls: false, config });
  app = await WebApplication.of(assent);
});
afterAll(() => assent.close());

/** A browser in front of the consent page, somebody logged in. */
async function arrive(
  changes: Readonly<Record<string, string>> = {},
  browser = new Browser(),
): Promise<{ login: Login; page: Visit; browser: Browser }> {
  const login = await app.push({
    scope: 'openid create:transfer',
    audience: TRANSFERS,
    authorization_details: DETAILS,
    ...changes,
  });
  const first = await browser.open(login.url);
  const page = first.url.pathname === '/u/login' ? await first.press('Ada Lovelace') : first;
  return { login, page, browser };
}

describe('the consent page', () => {
  it('shows every value and every permission to whoever logged in, without a script', async () => {
    const { page } = await arrive();
    expect([page.status, page.url.pathname]).toEqual([200, '/u/consent']);
    expect(page.heading).toContain('Aiya asks to');
    for (const shown of ['250', 'EUR', 'Grace Hopper', 'checking', 'create:transfer', 'Ada Lovelace', 'aiya'])
      expect(page.text).toContain(shown);
    expect(page.markup).not.toContain('<script');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('leads to a token that carries exactly the approved details, also after a refresh', async () => {
    const { login, page } = await arrive({ scope: 'openid offline_access create:transfer' });
    const tokens = await app.finish(login, (await page.press('Approve')).url);
    expect(tokens['authorization_details']).toEqual([TRANSFER]);
    expect(decodeJwt(tokens.access_token)['authorization_details']).toEqual([TRANSFER]);
    expect(tokens.scope?.split(' ')).toContain('create:transfer');
    const refreshed = await new Agent(assent).token({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(decodeJwt(refreshed.json().access_token)['authorization_details']).toEqual([TRANSFER]);
  });

  it('tells the application of a denial, and no code leaves', async () => {
    const { login, page } = await arrive();
    const back = await page.press('Deny');
    expect(Object.fromEntries(back.url.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The end-user denied the authorization request',
      state: login.state,
      iss: assent.issuer,
    });
  });

  it('stands in the trace with what was asked and what was answered', async () => {
    const { page } = await arrive();
    const asked = await arrive();
    await page.press('Approve');
    await asked.page.press('Deny');
    const { events } = (await call(`${assent.url}/control/trace`)).json() as { events: TraceEvent[] };
    const told = events.filter(({ type }) => type === 'consent.answered').slice(-2);
    expect(told.map(({ number: _number, at: _at, ...event }) => event)).toEqual(
      ['approved', 'denied'].map((outcome) => ({
        type: 'consent.answered',
        client_id: 'aiya',
        client_name: 'Aiya',
        user_id: 'auth0|ada',
        user_name: 'Ada Lovelace',
        audience: TRANSFERS,
        scope: ['openid', 'create:transfer'],
        authorization_details: [TRANSFER],
        outcome,
      })),
    );
  });

  it('asks each time, whoever is logged in already', async () => {
    const { page, browser } = await arrive();
    await page.press('Approve');
    const again = await arrive({}, browser);
    expect(again.page.url.pathname).toBe('/u/consent');
    const silent = await arrive({ prompt: 'none' }, browser);
    expect(silent.page.url.searchParams.get('error')).toBe('consent_required');
  });

  it.each([{ prompt: 'login' }, { max_age: '0' }, { prompt: 'login consent' }])(
    'comes after a login that was asked for anew, once: %o',
    async (changes) => {
      const { browser } = await arrive();
      const login = await app.push({
        scope: 'openid create:transfer',
        audience: TRANSFERS,
        authorization_details: DETAILS,
        ...changes,
      });
      const first = await browser.open(login.url);
      expect(first.url.pathname).toBe('/u/login');
      const page = await first.press('Grace Hopper');
      expect([page.url.pathname, page.text.includes('Grace Hopper')]).toEqual(['/u/consent', true]);
      const tokens = await app.finish(login, (await page.press('Approve')).url);
      expect(tokens.claims()?.sub).toBe('auth0|grace');
      expect(tokens['authorization_details']).toEqual([TRANSFER]);
    },
  );

  it('may be read for longer than the pushed request is good', async () => {
    const clock = createManualClock(Date.now());
    await using slow = await startAssent({ tls: false, clock, config: unlimitedBank() });
    const patient = await WebApplication.of(slow);
    const login = await patient.push({
      scope: 'openid',
      audience: TRANSFERS,
      authorization_details: DETAILS,
    });
    const first = await new Browser().open(login.url);
    clock.advance(90_000);
    const page = await first.press('Ada Lovelace');
    clock.advance(600_000);
    expect((await page.press('Approve')).url.searchParams.get('code')).toBeTruthy();
  });

  it('is not asked by scopes alone, and the token then has no details', async () => {
    const tokens = await app.logIn({ scope: 'openid create:transfer', audience: TRANSFERS });
    expect(decodeJwt(tokens.access_token)['authorization_details']).toBeUndefined();
  });
});

describe('an answer counts only', () => {
  it('from the browser that was asked, by a form of its own page', async () => {
    const { page, browser } = await arrive();
    const { address, fields } = page.formOf('Approve');
    const stranger = await new Browser().submit(address, fields);
    expect([stranger.status, stranger.heading]).toEqual([400, 'This login is over']);
    const foreign = await browser.submit(address, fields, { Origin: 'https://evil.example' });
    expect([foreign.status, foreign.heading]).toEqual([403, 'Not from here']);
    const forged = await browser.submit(address, { ...fields, csrf: 'forged' });
    expect([forged.status, forged.heading]).toEqual([403, 'Not from here']);
    const seen = await browser.open(page.url);
    expect([seen.status, seen.url.pathname]).toEqual([200, '/u/consent']);
  });

  it('to what was on the page', async () => {
    const { page, browser } = await arrive();
    const { address, fields } = page.formOf('Approve');
    const other = await browser.submit(address, { ...fields, consent_hash: 'of something else' });
    expect(other.status).toBe(409);
    expect(other.text).toContain('Nothing was decided');
    expect((await other.press('Approve')).url.searchParams.get('code')).toBeTruthy();
  });

  it('of the person who logged in for it', async () => {
    const { page, browser } = await arrive();
    const { address, fields } = page.formOf('Approve');
    await (await browser.open((await app.begin({ prompt: 'login' })).url)).press('Grace Hopper');
    const answered = await browser.submit(address, fields);
    expect([answered.status, answered.heading]).toEqual([400, 'This login is over']);
  });

  it('once', async () => {
    const { page, browser } = await arrive();
    const { address, fields } = page.formOf('Approve');
    await page.press('Approve');
    const again = await browser.submit(address, fields);
    expect([again.status, again.heading]).toEqual([400, 'This login is over']);
  });
});

describe('authorization details are refused', () => {
  const push = (changes: Readonly<Record<string, string>>) =>
    new Agent(assent).post('/oauth/par', {
      response_type: 'code',
      redirect_uri: 'http://localhost:3000/auth/callback',
      scope: 'openid',
      audience: TRANSFERS,
      authorization_details: DETAILS,
      ...changes,
    });

  it.each([
    ['of a type that the API does not have', { authorization_details: '[{"type":"launch"}]' }],
    ['against RFC 9396 §2.2', { authorization_details: JSON.stringify([{ ...TRANSFER, actions: 'all' }]) }],
    ['that are no JSON', { authorization_details: '[{' }],
    ['that are no list', { authorization_details: '{}' }],
  ])('when they are pushed %s', async (_what, changes) => {
    const answer = await push(changes);
    expect(answer.status).toBe(400);
    expect(answer.json().error).toBe('invalid_authorization_details');
  });

  it('at /authorize, in the words of where to push them', async () => {
    const { url } = await app.begin({ audience: TRANSFERS, authorization_details: DETAILS });
    const back = await new Browser().open(url);
    expect(back.url.searchParams.get('error')).toBe('invalid_authorization_details');
    expect(back.url.searchParams.get('error_description')).toContain('/oauth/par');
  });

  it('from a device, which shows them to nobody', async () => {
    const television = new Agent(assent, { client_id: 'television', client_secret: undefined });
    const answer = await television.post('/oauth/device/code', {
      scope: 'openid',
      audience: TRANSFERS,
      authorization_details: DETAILS,
    });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_authorization_details']);
  });

  it('until an API has their type, without a restart', async () => {
    const config = unlimitedBank();
    const types = config.resource_servers?.[0]?.authorization_details ?? [];
    await using changing = await startAssent({ tls: false, config });
    const agent = new Agent(changing);
    const pushTo = async (details: unknown) =>
      (
        await agent.post('/oauth/par', {
          response_type: 'code',
          redirect_uri: 'http://localhost:3000/auth/callback',
          scope: 'openid',
          audience: TRANSFERS,
          authorization_details: JSON.stringify([details]),
        })
      ).status;
    expect([await pushTo(TRANSFER), await pushTo({ type: 'launch' })]).toEqual([201, 400]);
    const [api, ...others] = config.resource_servers ?? [];
    const resource_servers = [{ ...api, authorization_details: [...types, { type: 'launch' }] }, ...others];
    const changed = await call(`${changing.url}/control/tenant`, {
      method: 'PATCH',
      body: { resource_servers },
    });
    expect(changed.status).toBe(200);
    expect([await pushTo(TRANSFER), await pushTo({ type: 'launch' })]).toEqual([201, 201]);
  });
});
