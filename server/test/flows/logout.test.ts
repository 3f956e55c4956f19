// Logging out, by the standard and by Auth0's older address: the session ends, and the browser goes only where the client
// said it may.
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { unlimitedBank } from '../agent.ts';
import { Browser, type Visit } from '../browser.ts';
import { call } from '../http-call.ts';
import { WebApplication } from '../web-application.ts';

const HOME = 'http://localhost:3000';

let assent: RunningAssent;
let app: WebApplication;
let browser: Browser;
let idToken: string;

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        {
          ...bankTenant.clients?.[0],
          client_id: 'other',
          name: 'Other',
          allowed_logout_urls: ['https://other.example/bye'],
        },
      ],
    }),
  });
  app = await WebApplication.of(assent);
});
afterAll(() => assent.close());
beforeEach(async () => {
  browser = new Browser();
  idToken = (await app.logIn({}, browser)).id_token ?? '';
});

function visit(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const url = new URL(path, assent.url);
  url.search = new URLSearchParams(parameters).toString();
  return browser.open(url);
}

async function isLoggedIn(): Promise<boolean> {
  const back = await browser.open((await app.begin({ prompt: 'none' })).url);
  return back.url.searchParams.get('code') !== null;
}

describe('GET /oidc/logout', () => {
  it('ends the session without a question and returns to the registered address with state', async () => {
    for (const who of [
      { id_token_hint: idToken },
      { client_id: 'aiya' },
      { id_token_hint: idToken, client_id: 'aiya' },
    ]) {
      const left = await visit('/oidc/logout', { ...who, post_logout_redirect_uri: HOME, state: 's&=?' });
      expect(left.url.origin).toBe(HOME);
      expect(left.url.searchParams.get('state')).toBe('s&=?');
      expect(await isLoggedIn()).toBe(false);
      expect([...browser.cookies.values()].some(({ name }) => /^assent_bank_\d+$/.test(name))).toBe(false);
      await app.logIn({}, browser);
    }
  });

  it('says so on a page when nobody asked to return', async () => {
    for (const parameters of [{}, { id_token_hint: idToken }]) {
      const page = await visit('/oidc/logout', parameters);
      expect([page.status, page.heading]).toEqual([200, 'You are logged out']);
      expect(await isLoggedIn()).toBe(false);
    }
  });

  it('takes a form as well', async () => {
    const page = await browser.submit(new URL('/oidc/logout', assent.url), {
      id_token_hint: idToken,
      post_logout_redirect_uri: HOME,
    });
    expect(page.url.origin).toBe(HOME);
    expect(await isLoggedIn()).toBe(false);
  });

  it('leaves refresh tokens alone, as Auth0 does', async () => {
    const tokens = await app.logIn({ scope: 'openid offline_access' }, browser);
    await visit('/oidc/logout', { client_id: 'aiya' });
    const answer = await call(`${assent.url}/oauth/token`, {
      method: 'POST',
      body: {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        client_id: 'aiya',
        client_secret: 'aiya-secret-not-real',
      },
    });
    expect(answer.status).toBe(200);
  });

  it.each([
    [
      'an address that is not registered',
      { client_id: 'aiya', post_logout_redirect_uri: 'https://evil.example/' },
    ],
    [
      'an address that only begins like one',
      { client_id: 'aiya', post_logout_redirect_uri: `${HOME}.evil.example` },
    ],
    [
      'a registered address with a query',
      { client_id: 'aiya', post_logout_redirect_uri: `${HOME}?next=evil` },
    ],
    [
      'an address of another client',
      { client_id: 'aiya', post_logout_redirect_uri: 'https://other.example/bye' },
    ],
    ['an address without a client', { post_logout_redirect_uri: HOME }],
    ['an unknown client', { client_id: 'nobody', post_logout_redirect_uri: HOME }],
    ['a hint that is no token', { id_token_hint: 'x.y.z', post_logout_redirect_uri: HOME }],
  ])('goes nowhere for %s, and ends nothing', async (_what, parameters) => {
    const page = await visit('/oidc/logout', parameters as Record<string, string>);
    expect([page.status, page.heading, page.locations]).toEqual([400, 'The logout was refused', []]);
    expect(await isLoggedIn()).toBe(true);
  });

  it('believes only ID tokens of its own, and only for their client', async () => {
    const forged = await new SignJWT({ iss: assent.issuer, aud: 'aiya', sub: 'auth0|ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('a secret that the server does not share'));
    const [header, payload, signature] = idToken.split('.');
    const altered = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), aud: 'other' }),
    ).toString('base64url');
    const hints: ReadonlyArray<Record<string, string>> = [
      { id_token_hint: forged },
      { id_token_hint: `${header}.${altered}.${signature}` },
      { id_token_hint: idToken, client_id: 'other' },
    ];
    for (const hint of hints) {
      const page = await visit('/oidc/logout', { ...hint, post_logout_redirect_uri: HOME });
      expect([page.status, page.locations]).toEqual([400, []]);
    }
    expect(await isLoggedIn()).toBe(true);
  });

  it('answers a program with JSON', async () => {
    const answer = await call(`${assent.url}/oidc/logout?client_id=nobody`, {
      headers: { Accept: 'application/json' },
    });
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'Unknown client: nobody' },
    ]);
  });
});

describe('GET /v2/logout', () => {
  it('ends the session and returns to returnTo, whose query is not compared', async () => {
    for (const returnTo of [HOME, `${HOME}?from=logout`]) {
      const left = await visit('/v2/logout', { client_id: 'aiya', returnTo });
      expect(left.locations).toEqual([new URL(returnTo).href]);
      expect(await isLoggedIn()).toBe(false);
      await app.logIn({}, browser);
    }
  });

  it('returns to the first address of the client when none is given, or shows a page', async () => {
    expect((await visit('/v2/logout', { client_id: 'aiya' })).locations).toEqual([`${HOME}/`]);
    expect((await visit('/v2/logout')).heading).toBe('You are logged out');
    expect((await visit('/v2/logout', { client_id: 'night-trader' })).heading).toBe('You are logged out');
  });

  it('refuses a returnTo that is not allowed, in Auth0’s words', async () => {
    const page = await visit('/v2/logout', { client_id: 'aiya', returnTo: 'https://evil.example/' });
    expect([page.status, page.locations]).toEqual([400, []]);
    expect(page.text).toContain(
      'The "returnTo" querystring parameter "https://evil.example/" is not defined as a valid URL in "Allowed Logout URLs"',
    );
    expect(page.text).toContain(HOME);
    expect(await isLoggedIn()).toBe(true);
  });

  it('without client_id compares with what any client of the tenant allows', async () => {
    expect((await visit('/v2/logout', { returnTo: 'https://other.example/bye' })).url.host).toBe(
      'other.example',
    );
    expect((await visit('/v2/logout', { returnTo: 'https://evil.example/' })).status).toBe(400);
  });
});
