// /users and /users-by-email: the people of the tenant, while it runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { WebApplication } from '../web-application.ts';
import { type Administrator, administratorOf } from './administrator.ts';

const DATABASE = 'Username-Password-Authentication';
const PASSWORD = 'password-not-real';

let assent: RunningAssent;
let administrator: Administrator;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
  agent = new Agent(assent);
});
afterAll(() => assent.close());

const create = async (id: string, more: Record<string, unknown> = {}) =>
  (
    await administrator.post('/users', {
      connection: DATABASE,
      user_id: id,
      email: `${id}@people.example`,
      password: PASSWORD,
      ...more,
    })
  ).json();
const path = (id: string): string => `/users/${encodeURIComponent(`auth0|${id}`)}`;

describe('a person', () => {
  it('who is created has the shape of a profile, without the password', async () => {
    const answer = await administrator.post('/users', {
      connection: DATABASE,
      email: 'Mary.Somerville@people.example',
      password: PASSWORD,
      verify_email: false,
    });
    expect(answer.status).toBe(201);
    const user = answer.json();
    expect(user).toEqual({
      user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      email: 'Mary.Somerville@people.example',
      email_verified: false,
      name: 'Mary.Somerville@people.example',
      nickname: 'Mary.Somerville',
      picture: expect.stringMatching(/^data:image\/svg\+xml,/),
      created_at: expect.stringMatching(/Z$/),
      updated_at: user.created_at,
      identities: [
        { connection: DATABASE, user_id: user.user_id.slice(6), provider: 'auth0', isSocial: false },
      ],
    });
    const read = await administrator.get(`/users/${encodeURIComponent(user.user_id)}`);
    expect(read.json()).toEqual(user);
  });

  it('who is created with an id of one’s own gets it behind "auth0|" and can log in at once', async () => {
    await create('emmy', { name: 'Emmy Noether', email_verified: true });
    const application = await WebApplication.of(assent);
    const tokens = await application.logIn({}, new Browser(), (page) =>
      page.press('Log in', { username: 'emmy@people.example', password: PASSWORD }),
    );
    expect(tokens.claims()).toMatchObject({ sub: 'auth0|emmy', email_verified: true });
  });

  it.each([
    [
      { connection: DATABASE, email: 'ADA@bank.example', password: PASSWORD },
      409,
      /^The user already exists\.$/,
    ],
    [
      { connection: DATABASE, email: 'a@b.example', user_id: 'ada', password: PASSWORD },
      409,
      /already exists/,
    ],
    [{ email: 'a@b.example', password: PASSWORD }, 400, /Missing required property: connection/],
    [{ connection: DATABASE, password: PASSWORD }, 400, /Missing required property: email/],
    [{ connection: DATABASE, email: 'a@b.example' }, 400, /Missing required property: password/],
    [{ connection: DATABASE, email: 'a@b.example', password: 'short' }, 400, /Password is too weak/],
    [{ connection: DATABASE, email: 'nowhere', password: PASSWORD }, 400, /on property email/],
    [
      { connection: 'ldap', email: 'a@b.example', password: PASSWORD },
      400,
      /connection does not exist: ldap/,
    ],
    [{ connection: DATABASE, email: 'a@b.example', password: PASSWORD, sex: 'f' }, 400, /not allowed: sex/],
  ])('who cannot be is refused: %j', async (body, status, message) => {
    const answer = await administrator.post('/users', body);
    expect(answer.status).toBe(status);
    expect(answer.json().message).toMatch(message);
  });

  it('keeps metadata that a change does not name, at the first level', async () => {
    await create('sofya', { user_metadata: { a: { x: 1 }, b: 2 }, app_metadata: { plan: 'free' } });
    const changed = await administrator.patch(path('sofya'), {
      user_metadata: { a: { y: 1 }, b: null, c: 3 },
    });
    expect(changed.json()).toMatchObject({ app_metadata: { plan: 'free' } });
    expect(changed.json().user_metadata).toEqual({ a: { y: 1 }, c: 3 });
    const emptied = await administrator.patch(path('sofya'), { user_metadata: {} });
    expect(emptied.json()).not.toHaveProperty('user_metadata');
  });

  it('with a new address has to show again that it is theirs', async () => {
    await create('lise', { email_verified: true });
    const changed = await administrator.patch(path('lise'), { email: 'meitner@people.example' });
    expect(changed.json()).toMatchObject({ email: 'meitner@people.example', email_verified: false });
    const taken = await administrator.patch(path('lise'), { email: 'ada@bank.example' });
    expect([taken.status, taken.json().errorCode]).toEqual([409, 'auth0_idp_error']);
  });

  it('is found by address in any case, and nobody is an empty list', async () => {
    const found = await administrator.get('/users-by-email?email=Ada%40BANK.example&fields=user_id');
    expect(found.json()).toEqual([{ user_id: 'auth0|ada' }]);
    expect((await administrator.get('/users-by-email?email=nobody%40bank.example')).json()).toEqual([]);
    expect((await administrator.get('/users-by-email')).status).toBe(400);
  });

  it('who is unknown is answered in Auth0’s words, and deleting them twice is no mistake', async () => {
    await create('gone');
    expect((await administrator.delete(path('gone'))).status).toBe(204);
    expect((await administrator.delete(path('gone'))).status).toBe(204);
    const answer = await administrator.get(path('gone'));
    expect(answer.json()).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'The user does not exist.',
      errorCode: 'inexistent_user',
    });
    expect((await agent.ask({ login_hint: agent.hint('auth0|gone') })).json().error).toBe('unknown_user_id');
  });
});

describe('a person who is blocked', () => {
  it('cannot be asked, cannot log in and gets nothing by an earlier login, until unblocked', async () => {
    await create('rosalind', { name: 'Rosalind Franklin', email_verified: true });
    const browser = new Browser();
    const application = await WebApplication.of(assent);
    const logIn = (to: Browser) =>
      application.logIn({ scope: 'openid' }, to, (page) => page.press('Rosalind Franklin'));
    await logIn(browser);

    const blocked = await administrator.patch(path('rosalind'), { blocked: true });
    expect(blocked.json().blocked).toBe(true);
    const asked = await agent.ask({ login_hint: agent.hint('auth0|rosalind') });
    expect(asked.json()).toEqual({ error: 'unauthorized', error_description: 'user is blocked' });
    const refusal = { error: 'unauthorized', error_description: 'user is blocked' };
    await expect(logIn(new Browser())).rejects.toMatchObject(refusal);
    await expect(logIn(browser)).rejects.toMatchObject(refusal);
    const silent = await browser.open((await application.begin({ prompt: 'none' })).url);
    expect(silent.url.searchParams.get('error')).toBe('login_required');

    const unblocked = await administrator.patch(path('rosalind'), { blocked: false });
    expect(unblocked.json()).not.toHaveProperty('blocked');
    expect((await logIn(browser)).claims()?.sub).toBe('auth0|rosalind');
  });

  it('as one who was deleted, is asked to log in again instead of being let in by a session', async () => {
    await create('barbara', { name: 'Barbara McClintock' });
    const browser = new Browser();
    const application = await WebApplication.of(assent);
    await application.logIn({ scope: 'openid' }, browser, (page) => page.press('Barbara McClintock'));
    await administrator.delete(path('barbara'));
    const tokens = await application.logIn({ scope: 'openid' }, browser);
    expect(tokens.claims()?.sub).toBe('auth0|ada');
  });
});
