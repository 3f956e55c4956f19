// Logging in through the browser: /authorize, the login and the sign-up page, the way back, and what the application gets.
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock, type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { CALLBACK, WebApplication } from '../web-application.ts';

const PASSWORD = 'password-not-real';

let assent: RunningAssent;
let app: WebApplication;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  app = await WebApplication.of(assent);
});
afterAll(() => assent.close());

describe('the login page', () => {
  it('logs a person in with one tap and hands the code to the registered callback', async () => {
    const login = await app.begin();
    const page = await new Browser().open(login.url);
    expect([page.status, page.url.pathname, page.heading]).toEqual([200, '/u/login', 'Log in']);
    expect(page.text).toContain('to continue to Aiya');

    const back = await page.press('Ada Lovelace');
    expect(back.url.origin + back.url.pathname).toBe(CALLBACK);
    expect(back.url.searchParams.get('state')).toBe(login.state);
    const tokens = await app.finish(login, back.url);
    expect(tokens.claims()).toMatchObject({
      iss: assent.issuer,
      sub: 'auth0|ada',
      aud: 'aiya',
      nonce: login.nonce,
      name: 'Ada Lovelace',
      email: 'ada@bank.example',
      email_verified: true,
    });
  });

  it('puts sid and auth_time into the ID token, and claims only as far as the scope goes', async () => {
    const claims = (await app.logIn({ scope: 'openid' })).claims();
    expect(Object.keys(claims ?? {}).sort()).toEqual(
      ['aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sid', 'sub'].sort(),
    );
    expect(claims?.auth_time).toBeLessThanOrEqual(claims?.iat ?? 0);
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(36_000);
  });

  it('takes the password of a person, in whatever case the address is typed', async () => {
    const tokens = await app.logIn({}, new Browser(), (page) =>
      page.press('Log in', { username: 'GRACE@bank.example', password: PASSWORD }),
    );
    expect(tokens.claims()?.sub).toBe('auth0|grace');
  });

  it.each([
    ['a wrong password', { username: 'ada@bank.example', password: 'guess' }],
    ['an unknown address', { username: 'nobody@bank.example', password: PASSWORD }],
    ['no password', { username: 'ada@bank.example', password: '' }],
  ])('says the same for %s, keeps the address, and lets the person try again', async (_what, fields) => {
    const login = await app.begin();
    const page = await (await new Browser().open(login.url)).press('Log in', fields);
    expect([page.status, page.url.pathname]).toEqual([400, '/u/login']);
    expect(page.text).toContain('Wrong e-mail or password.');
    expect(page.markup).toMatch(/<p[^>]* role="alert"/);
    expect(page.valueOf('username')).toBe(fields.username);
    expect(page.valueOf('password')).toBe('');
    const back = await page.press('Log in', { username: 'ada@bank.example', password: PASSWORD });
    expect((await app.finish(login, back.url)).claims()?.sub).toBe('auth0|ada');
  });

  it('shows whom login_hint means first, by address or id, and fills the form', async () => {
    for (const login_hint of ['grace@bank.example', 'auth0|grace']) {
      const page = await new Browser().open((await app.begin({ login_hint })).url);
      const people = [...page.markup.matchAll(/name="user_id" value="([^"]*)"/g)].map(([, id]) => id);
      expect(people[0]).toBe('auth0|grace');
      expect(people).toHaveLength(3);
    }
    const page = await new Browser().open((await app.begin({ login_hint: 'new@bank.example' })).url);
    expect(page.valueOf('username')).toBe('new@bank.example');
  });

  it('shows what others wrote as text, never as markup', async () => {
    await using strange = await startAssent({
      tls: false,
      config: {
        ...bankTenant,
        tenant: { name: 'bank', friendly_name: '<script>1</script>' },
        clients: (bankTenant.clients ?? []).map((client) => ({ ...client, name: '"><img src=x>' })),
        users: [{ user_id: 'auth0|"><b>', name: '<i>Ada</i>', email: "a'><u>@x" }],
      },
    });
    const page = await new Browser().open(
      (await (await WebApplication.of(strange)).begin({ login_hint: '"><script>alert(1)</script>@x' })).url,
    );
    expect(page.markup).not.toMatch(/<(script|img|i|u)\b/);
    expect(page.markup).not.toContain('"><b>');
    expect(page.text).toContain('<i>Ada</i>');
    expect(page.text).toContain('"><img src=x>');
    expect(page.valueOf('user_id')).toBeUndefined();
    expect((await page.press('<i>Ada</i>')).url.searchParams.get('code')).toBeTruthy();
  });

  it('may not be framed, scripted or stored', async () => {
    const page = await new Browser().open((await app.begin()).url);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const style = /<style>([\s\S]*?)<\/style>/.exec(page.markup)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
  });

  it('is good for nobody but the browser that was sent to it', async () => {
    const login = await app.begin();
    const page = await new Browser().open(login.url);
    const stranger = new Browser();
    const opened = await stranger.open(page.url);
    expect([opened.status, opened.heading]).toEqual([400, 'This login is over']);
    const sent = await stranger.submit(page.url, { user_id: 'auth0|ada' });
    expect([sent.status, sent.heading]).toEqual([400, 'This login is over']);
    // Somebody else's own attempt does not open this one either.
    await stranger.open((await app.begin()).url);
    expect((await stranger.submit(page.url, { user_id: 'auth0|ada' })).status).toBe(400);
  });

  it('refuses a form that a foreign page sends, and stays usable', async () => {
    const login = await app.begin();
    const browser = new Browser();
    const page = await browser.open(login.url);
    const foreign: ReadonlyArray<Record<string, string>> = [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://localhost:1', 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of foreign) {
      const refused = await browser.submit(page.url, { user_id: 'auth0|ada' }, headers);
      expect([refused.status, refused.heading]).toEqual([403, 'Not from here']);
    }
    expect((await page.press('Ada Lovelace')).url.searchParams.get('code')).toBeTruthy();
  });

  it('serves several tabs of one browser side by side, also for different people', async () => {
    const browser = new Browser();
    const logins = await Promise.all([app.begin(), app.begin(), app.begin({ prompt: 'login' })]);
    const pages = [];
    for (const login of logins) pages.push(await browser.open(login.url));
    const people = ['Ada Lovelace', 'Grace Hopper', 'Ada Lovelace'];
    const subjects = [];
    for (const [index, login] of logins.entries()) {
      const back = await pages[index]?.press(people[index] ?? '');
      if (!back) throw new Error('no page');
      subjects.push((await app.finish(login, back.url)).claims()?.sub);
    }
    expect(subjects).toEqual(['auth0|ada', 'auth0|grace', 'auth0|ada']);
  });

  it('is over once it has been used', async () => {
    const page = await new Browser().open((await app.begin()).url);
    await page.press('Ada Lovelace');
    const again = await page.press('Ada Lovelace');
    expect([again.status, again.heading]).toEqual([400, 'This login is over']);
  });
});

describe('signing up', () => {
  it('makes a person and logs them in, with a name or without', async () => {
    const login = await app.begin({ screen_hint: 'signup' });
    const page = await new Browser().open(login.url);
    expect([page.url.pathname, page.heading]).toEqual(['/u/signup', 'Sign up']);
    const back = await page.press('Sign up', {
      email: 'mary@bank.example',
      password: 'long enough',
      name: 'Mary Somerville',
    });
    const claims = (await app.finish(login, back.url)).claims();
    expect(claims).toMatchObject({
      name: 'Mary Somerville',
      email: 'mary@bank.example',
      email_verified: false,
    });
    expect(claims?.sub).toMatch(/^auth0\|[0-9a-f]{24}$/);

    const other = await app.logIn({ screen_hint: 'signup' }, new Browser(), (form) =>
      form.press('Sign up', { email: 'emmy@bank.example', password: 'long enough' }),
    );
    expect(other.claims()?.['name']).toBe('emmy@bank.example');
    expect(other.claims()?.sub).not.toBe(claims?.sub);
    const later = await app.logIn({}, new Browser(), (form) =>
      form.press('Log in', { username: 'mary@bank.example', password: 'long enough' }),
    );
    expect(later.claims()?.sub).toBe(claims?.sub);
  });

  it.each([
    [{ email: 'ada@bank.example', password: 'long enough' }, 'already somebody with this e-mail address'],
    [{ email: 'no address', password: 'long enough' }, 'Type an e-mail address'],
    [{ email: 'short@bank.example', password: 'short' }, 'at least 8 characters'],
  ])('explains what is wrong with %o and keeps what was typed', async (fields, problem) => {
    const page = await (await new Browser().open((await app.begin({ screen_hint: 'signup' })).url)).press(
      'Sign up',
      { ...fields, name: 'Sam' },
    );
    expect([page.status, page.url.pathname]).toEqual([400, '/u/signup']);
    expect(page.text).toContain(problem);
    expect([page.valueOf('email'), page.valueOf('name'), page.valueOf('password')]).toEqual([
      fields.email,
      'Sam',
      '',
    ]);
  });

  it('is linked from the login page and back', async () => {
    const page = await new Browser().open((await app.begin()).url);
    const signUp = await page.click('Sign up');
    expect(signUp.heading).toBe('Sign up');
    expect((await signUp.click('Log in instead')).heading).toBe('Log in');
  });

  it('is closed where the tenant says so', async () => {
    await using closed = await startAssent({
      tls: false,
      config: unlimitedBank({ tenant: { name: 'bank', allow_signup: false } }),
    });
    const browser = new Browser();
    const page = await browser.open(
      (await (await WebApplication.of(closed)).begin({ screen_hint: 'signup' })).url,
    );
    expect([page.heading, page.markup.includes('/u/signup')]).toEqual(['Log in', false]);
    const address = new URL(page.url);
    address.pathname = '/u/signup';
    const refused = await browser.submit(address, { email: 'x@x.example', password: 'long enough' });
    expect([refused.status, refused.heading]).toEqual([403, 'Sign-up is closed']);
  });
});

describe('the session', () => {
  it('logs the same browser in without a page, and tells the applications apart by sid', async () => {
    const browser = new Browser();
    const first = await app.logIn({}, browser);
    const again = await browser.open((await app.begin({ prompt: 'none' })).url);
    expect(again.url.searchParams.get('code')).toBeTruthy();
    const second = await app.logIn({}, browser, () => Promise.reject(new Error('a page was shown')));
    expect(second.claims()?.['sid']).toBe(first.claims()?.['sid']);
    expect((await app.logIn()).claims()?.['sid']).not.toBe(first.claims()?.['sid']);
  });

  it('answers prompt=none without a session with login_required, at the callback', async () => {
    const login = await app.begin({ prompt: 'none' });
    const back = await new Browser().open(login.url);
    expect(back.url.origin + back.url.pathname).toBe(CALLBACK);
    expect(back.url.searchParams.get('error')).toBe('login_required');
    expect(back.url.searchParams.get('state')).toBe(login.state);
  });

  it('is asked again with prompt=login, where another person may take over', async () => {
    const browser = new Browser();
    await app.logIn({}, browser);
    const page = await browser.open((await app.begin({ prompt: 'login' })).url);
    expect(page.heading).toBe('Log in');
    const switched = await app.logIn({ prompt: 'login' }, browser, (form) => form.press('Grace Hopper'));
    expect(switched.claims()?.sub).toBe('auth0|grace');
    expect((await app.logIn({ prompt: 'none' }, browser)).claims()?.sub).toBe('auth0|grace');
  });

  it('accepts prompt=consent and asks nothing', async () => {
    const browser = new Browser();
    await app.logIn({ prompt: 'consent' }, browser);
    const again = await app.logIn({ prompt: 'consent' }, browser, () => Promise.reject(new Error('a page')));
    expect(again.claims()?.sub).toBe('auth0|ada');
  });

  it('is too old once max_age has passed, and ends with session_lifetime however much it is used', async () => {
    const clock = createManualClock(Date.now());
    await using aged = await startAssent({
      tls: false,
      clock,
      config: unlimitedBank({ tenant: { name: 'bank', session_lifetime: 7_200 } }),
    });
    const there = await WebApplication.of(aged);
    const browser = new Browser();
    const loggedInAt = Math.floor(clock.now() / 1000);
    await there.logIn({}, browser);
    clock.advance(3_600_000);
    const authTime = (await there.logIn({ max_age: '4000' }, browser)).claims()?.auth_time ?? 0;
    // The tokens tell whole seconds of a clock that stands still beside one that runs.
    expect(Math.abs(authTime - loggedInAt)).toBeLessThanOrEqual(1);
    expect((await browser.open((await there.begin({ max_age: '3000' })).url)).heading).toBe('Log in');
    expect((await browser.open((await there.begin({ max_age: '0' })).url)).heading).toBe('Log in');

    clock.advance(1_400_000);
    const silent = async () =>
      (await browser.open((await there.begin({ prompt: 'none' })).url)).url.searchParams;
    expect((await silent()).get('code')).toBeTruthy();
    clock.advance(2_500_000);
    expect((await silent()).get('error')).toBe('login_required');
  });

  it('keeps to cookies that scripts, other hosts and other ports do not get', async () => {
    await using other = await startAssent({ tls: true, config: unlimitedBank() });
    const browser = new Browser({ ca: other.ca });
    const verifier = 'v'.repeat(43);
    const page = await browser.open(
      authorizeUrl(other, { code_challenge: sha256(verifier), code_challenge_method: 'S256' }),
    );
    await page.press('Ada Lovelace');
    const port = new URL(other.url).port;
    const cookies = [...browser.cookies.values()];
    expect(cookies.map(({ name }) => name)).toContain(`assent_bank_${port}`);
    for (const { name, attributes } of cookies) {
      expect(name.startsWith(`assent_bank_${port}`)).toBe(true);
      expect(attributes).toEqual(expect.arrayContaining(['httponly', 'secure', 'samesite=lax']));
      expect(attributes.some((attribute) => attribute.startsWith('domain'))).toBe(false);
    }
  });
});

describe('what is asked of /authorize', () => {
  it('never redirects to an address that is not registered, and says which are', async () => {
    for (const redirect_uri of [
      'https://evil.example/',
      `${CALLBACK}/`,
      `${CALLBACK}?x=1`,
      'http://localhost:3000',
    ]) {
      const page = await new Browser().open((await app.begin({ redirect_uri })).url);
      expect([page.status, page.heading, page.locations]).toEqual([400, 'Callback URL mismatch', []]);
      expect(page.text).toContain(redirect_uri);
      expect(page.text).toContain(CALLBACK);
    }
  });

  it('says when the client is unknown, to people as a page and to programs as JSON', async () => {
    const url = authorizeUrl(assent, { client_id: 'nobody' });
    const page = await new Browser().open(url);
    expect([page.status, page.heading]).toEqual([400, 'Unknown client']);
    expect(page.text).toContain('nobody');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    const answer = await call(url.href, { headers: { Accept: 'application/json' } });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_client']);
    expect(answer.headers['cache-control']).toContain('no-store');
  });

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ audience: 'urn:nowhere' }, 'access_denied', 'Service not found: urn:nowhere'],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
    [
      { authorization_details: '[{"type":"transfer_funds"}]', audience: TRANSFERS },
      'invalid_authorization_details',
    ],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ organization: 'org_1' }, 'invalid_request', 'parameter organization is not allowed for this client'],
  ])('sends %o back to the callback as %s', async (parameters, error, description?: string) => {
    const login = await app.begin(parameters);
    const back = await new Browser().open(login.url);
    expect(back.url.origin + back.url.pathname).toBe(CALLBACK);
    const answer =
      back.url.searchParams.size > 0 ? back.url.searchParams : new URLSearchParams(back.url.hash.slice(1));
    expect([answer.get('error'), answer.get('state')]).toEqual([error, login.state]);
    if (description !== undefined) expect(answer.get('error_description')).toBe(description);
  });

  it('may be asked by POST as well', async () => {
    const login = await app.begin();
    const page = await new Browser().submit(
      new URL('/authorize', assent.url),
      Object.fromEntries(login.url.searchParams),
    );
    expect([page.url.pathname, page.heading]).toEqual(['/u/login', 'Log in']);
    const back = await page.press('Ada Lovelace');
    expect((await app.finish(login, back.url)).claims()?.sub).toBe('auth0|ada');
    const broken = await call(`${assent.url}/authorize`, {
      method: 'POST',
      body: '<x/>',
      headers: { 'Content-Type': 'text/xml' },
    });
    expect(broken.status).toBe(400);
  });

  it('ignores parameters it does not know, and those that Auth0 has for other features', async () => {
    const tokens = await app.logIn({
      connection: 'google-oauth2',
      ui_locales: 'de',
      ext_whatever: 'x',
      resource: '',
    });
    expect(tokens.claims()?.sub).toBe('auth0|ada');
  });

  it('gives an access token for the audience, with the scopes of the API that the person may have', async () => {
    const tokens = await app.logIn({ audience: TRANSFERS, scope: 'openid create:transfer unknown:scope' });
    expect(tokens.scope).toBe('openid create:transfer');
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      scope: 'openid create:transfer',
      sub: 'auth0|ada',
    });
  });

  it('reads resource as the audience only where the tenant says so, and audience wins', async () => {
    const resource = TRANSFERS;
    const ignored = await app.logIn({ resource, scope: 'openid create:transfer' });
    expect([ignored.access_token.split('.').length, ignored.scope]).toEqual([1, 'openid']);

    await using compatible = await startAssent({
      tls: false,
      config: unlimitedBank({
        tenant: {
          name: 'bank',
          resource_parameter_profile: 'compatibility',
          default_audience: 'https://broker.example/api/orders',
        },
      }),
    });
    const there = await WebApplication.of(compatible);
    const audienceOf = async (parameters: Record<string, string>) =>
      [decodeJwt((await there.logIn(parameters)).access_token).aud].flat()[0];
    expect(await audienceOf({ resource })).toBe(TRANSFERS);
    expect(await audienceOf({ resource: 'urn:nowhere', audience: TRANSFERS })).toBe(TRANSFERS);
    expect(await audienceOf({})).toBe('https://broker.example/api/orders');
    const pushed = await there.push({ resource, scope: 'openid create:transfer' });
    const back = await (await new Browser().open(pushed.url)).press('Ada Lovelace');
    expect((await there.finish(pushed, back.url)).scope).toBe('openid create:transfer');
  });

  it('gives a refresh token for offline_access without prompt=consent, also silently', async () => {
    const browser = new Browser();
    const parameters = { audience: TRANSFERS, scope: 'openid offline_access' };
    expect((await app.logIn(parameters, browser)).refresh_token).toBeTruthy();
    expect((await app.logIn({ ...parameters, prompt: 'none' }, browser)).refresh_token).toBeTruthy();
    expect((await app.logIn({ scope: 'openid' }, browser)).refresh_token).toBeUndefined();
  });

  it('gives no refresh token where the API allows none, or the client lacks the grant', async () => {
    const broker = await app.logIn({
      audience: 'https://broker.example/api/orders',
      scope: 'openid offline_access',
    });
    expect([broker.refresh_token, broker.scope]).toEqual([undefined, 'openid']);
    await using other = await startAssent({
      tls: false,
      config: unlimitedBank({
        clients: (bankTenant.clients ?? []).map((client) => ({
          ...client,
          grant_types: ['authorization_code'],
        })),
      }),
    });
    const tokens = await (await WebApplication.of(other)).logIn({ scope: 'openid offline_access' });
    expect([tokens.refresh_token, tokens.scope]).toEqual([undefined, 'openid']);
  });

  it('proves the code with PKCE, by S256 and by plain, and refuses a wrong verifier', async () => {
    const agent = new Agent(assent);
    const verifier = 'a-verifier-that-is-long-enough-for-RFC-7636-4.1';
    const redeem = async (challenge: Record<string, string>, code_verifier: string | undefined) => {
      const page = await new Browser().open(authorizeUrl(assent, challenge));
      const code = (await page.press('Ada Lovelace')).url.searchParams.get('code') ?? undefined;
      const answer = await agent.token({
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier,
      });
      return [answer.status, answer.json().error];
    };
    const invalid = [403, 'invalid_grant'];
    const hashed = { code_challenge: sha256(verifier), code_challenge_method: 'S256' };
    expect(await redeem(hashed, verifier)).toEqual([200, undefined]);
    expect(await redeem(hashed, `${verifier}x`)).toEqual(invalid);
    expect(await redeem(hashed, undefined)).toEqual(invalid);
    const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
    expect(await redeem(plain, verifier)).toEqual([200, undefined]);
    expect(await redeem(plain, sha256(verifier))).toEqual(invalid);
    // RFC 7636 §4.3: without a method it is plain.
    expect(await redeem({ code_challenge: verifier }, verifier)).toEqual([200, undefined]);
    expect(await redeem({}, undefined)).toEqual([200, undefined]);
  });

  it('redeems a code once; the second time also takes away what the first one got', async () => {
    const agent = new Agent(assent);
    const page = await new Browser().open(authorizeUrl(assent, { scope: 'openid offline_access' }));
    const code = (await page.press('Ada Lovelace')).url.searchParams.get('code') ?? undefined;
    const redeem = () => agent.token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
    const first = await redeem();
    expect(first.status).toBe(200);
    const second = await redeem();
    expect([second.status, second.json()]).toEqual([
      403,
      { error: 'invalid_grant', error_description: 'Invalid authorization code' },
    ]);
    const refreshed = await agent.token({
      grant_type: 'refresh_token',
      refresh_token: first.json().refresh_token,
    });
    expect(refreshed.status).toBe(403);
  });
});

describe('the host in the address bar', () => {
  it('stays what it was through the whole login, whatever the issuer is called', async () => {
    const { port } = new URL(assent.url);
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = authorizeUrl(assent, {});
      url.host = `${host}:${port}`;
      const page = await new Browser().open(url);
      expect(page.url.host).toBe(`${host}:${port}`);
      const back = await page.press('Ada Lovelace');
      expect(back.url.origin + back.url.pathname).toBe(CALLBACK);
      expect([...page.locations, ...back.locations.slice(0, -1)].every((one) => one.startsWith('/'))).toBe(
        true,
      );
    }
  });

  it('cannot be made another one by a forged Host header', async () => {
    const answer = await call(authorizeUrl(assent, {}).href, { headers: { Host: 'evil.example' } });
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\/u\/login\?state=[\w-]+$/),
    ]);
    expect(JSON.stringify(answer.headers)).not.toContain('evil.example');
    expect(answer.text).not.toContain('evil.example');
    const nonsense = await call(authorizeUrl(assent, {}).href, { headers: { Host: 'a[b' } });
    expect(nonsense.status).toBe(303);
  });
});

function authorizeUrl(server: RunningAssent, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL('/authorize', server.url);
  url.search = new URLSearchParams({
    client_id: 'aiya',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    ...parameters,
  }).toString();
  return url;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
