// /logs: what a tool reads about requests, devices, logins and changes, and how it looks for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { call } from '../http-call.ts';
import { WebApplication } from '../web-application.ts';
import { type Administrator, administratorOf } from './administrator.ts';

interface Entry {
  log_id: string;
  type: string;
  date: string;
  description: string;
  client_id?: string;
  user_id?: string;
  details: Record<string, unknown>;
}

let assent: RunningAssent;
let administrator: Administrator;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
  agent = new Agent(assent);
});
afterAll(() => assent.close());

async function search(q: string, more: Record<string, string> = {}): Promise<Entry[]> {
  return (await administrator.get(`/logs?${new URLSearchParams({ q, ...more })}`)).json();
}

const newest = async (q: string): Promise<Entry> => {
  const [entry] = await search(q);
  if (!entry) throw new Error(`nothing in the log is ${q}`);
  return entry;
};

const SDK = { name: 'auth0', version: '4.37.1', env: { node: '24.0.0' } };

/** A request as an SDK sends it. */
const askBySdk = () =>
  call(`${assent.url}/bc-authorize`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': 'test-agent/1',
      'Auth0-Client': Buffer.from(JSON.stringify({ ...SDK, secret: 'not told' })).toString('base64url'),
    },
    body: new URLSearchParams({
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
      scope: 'openid create:transfer',
      audience: TRANSFERS,
      binding_message: 'RENT-4K9',
      login_hint: agent.hint('auth0|ada'),
    }).toString(),
  });

describe('a backchannel request in the log', () => {
  it('starts with who asked for what, by which program and SDK', async () => {
    expect((await askBySdk()).status).toBe(200);
    expect(await newest('type:ciba_start_succeeded')).toEqual({
      log_id: expect.stringMatching(/^900\d{17,}$/),
      _id: expect.stringMatching(/^900\d{17,}$/),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      type: 'ciba_start_succeeded',
      description: 'Successful backchannel authentication request',
      client_id: 'aiya',
      client_name: 'Aiya',
      user_id: 'auth0|ada',
      user_name: 'Ada Lovelace',
      audience: TRANSFERS,
      scope: 'openid create:transfer',
      ip: '127.0.0.1',
      user_agent: 'test-agent/1',
      auth0_client: SDK,
      hostname: new URL(assent.issuer).host,
      is_mobile: false,
      tenant_name: 'bank',
      environment_name: 'assent',
      details: {
        body: {
          audience: TRANSFERS,
          login_hint: agent.hint('auth0|ada'),
          scope: 'openid create:transfer',
          binding_message: 'RENT-4K9',
        },
        notification_channel: 'guardian-push',
        transaction_linking_id: expect.stringMatching(/^cns_[A-Za-z0-9-_]{22}$/),
      },
      $event_schema: { version: '1.0.0' },
    });
  });

  it('goes on with the push, the answer and the exchange, all by the same linking id', async () => {
    const approved = await agent.askFor();
    await assent.control.approve('latest');
    expect((await agent.poll(approved)).status).toBe(200);
    const exchanged = await newest('type:ciba_exchange_succeeded');
    expect(exchanged).toMatchObject({ client_id: 'aiya', user_id: 'auth0|ada', audience: TRANSFERS });
    const link = exchanged.details['transaction_linking_id'];
    const story = await search(`details.transaction_linking_id:"${link}"`, { sort: 'date:1' });
    expect(story.map(({ type }) => type)).toEqual([
      'ciba_start_succeeded',
      'gd_start_auth',
      'gd_auth_succeed',
      'ciba_exchange_succeeded',
    ]);

    const denied = await agent.askFor();
    await assent.control.deny('latest');
    await agent.poll(denied);
    expect((await newest('type:gd_auth_rejected')).user_id).toBe('auth0|ada');
    expect(await newest('type:ciba_exchange_failed')).toMatchObject({
      client_id: 'aiya',
      user_id: 'auth0|ada',
      details: { error: { oauthError: 'access_denied' } },
    });
  });

  it('that is refused says why, and whether the client was not authentic', async () => {
    await agent.ask({ binding_message: 'x'.repeat(65) });
    expect(await newest('type:ciba_start_failed')).toMatchObject({
      client_id: 'aiya',
      details: { error: { message: 'binding_message must not exceed 64 characters' } },
    });
    await new Agent(assent, { client_secret: 'wrong' }).ask();
    const entry = await newest('type:ciba_start_failed');
    expect(entry.details).toMatchObject({ client_authentication_error: 'Unauthorized' });
  });

  it('has no secrets: neither of clients, nor tokens, nor auth_req_id', async () => {
    const authReqId = await agent.askFor();
    await assent.control.approve('latest');
    const tokens = (await agent.poll(authReqId)).json();
    const { text } = await administrator.get('/logs?per_page=100');
    for (const secret of [authReqId, tokens.access_token, tokens.id_token, 'aiya-secret-not-real']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('logins, exchanges and changes in the log', () => {
  it('tell who logged in, signed up, failed and left, and for which client', async () => {
    const app = await WebApplication.of(assent);
    const browser = new Browser();
    await app.logIn({}, browser);
    expect(await newest('type:s')).toMatchObject({
      client_id: 'aiya',
      user_id: 'auth0|ada',
      connection: 'Username-Password-Authentication',
    });
    expect(await newest('type:seacft')).toMatchObject({ client_id: 'aiya', user_id: 'auth0|ada' });
    await browser.open(`${assent.url}/v2/logout?client_id=aiya`);
    expect(await newest('type:slo')).toMatchObject({ client_id: 'aiya', user_id: 'auth0|ada' });

    const login = await app.begin();
    const page = await new Browser().open(login.url);
    await page.press('Log in', { username: 'grace@bank.example', password: 'wrong-not-real' });
    expect(await newest('type:fp')).toMatchObject({ user_id: 'auth0|grace' });
    expect((await administrator.get('/logs?per_page=100')).text).not.toContain('wrong-not-real');
  });

  it('tell of tokens for machines and of every write by the Management API', async () => {
    await agent.token({ grant_type: 'client_credentials', audience: TRANSFERS });
    expect(await newest('type:seccft AND client_id:aiya')).toMatchObject({ audience: TRANSFERS });
    await agent.token({ grant_type: 'client_credentials', audience: 'urn:none' });
    expect((await newest('type:feccft')).client_id).toBe('aiya');
    await agent.token({ grant_type: CIBA_GRANT_TYPE, auth_req_id: 'unknown' });
    expect((await newest('type:ciba_exchange_failed')).details).toMatchObject({
      error: { message: 'Invalid or expired auth_req_id' },
    });
    await administrator.patch('/clients/night-trader', { description: 'by night' });
    expect(await newest('type:sapi')).toMatchObject({
      client_id: 'administrator',
      description: 'Change a client',
      details: { request: { method: 'patch', path: '/api/v2/clients/night-trader' } },
    });
  });

  it('tell when a device that is none asks for a consent', async () => {
    await call(`${assent.url}/rich-consents/cns_0000000000000000000000`, {
      headers: { authorization: 'MFA-DPoP nothing' },
    });
    expect((await newest('type:rich_consents_access_error')).details).toMatchObject({
      requestedRichConsentId: 'cns_0000000000000000000000',
    });
  });
});

describe('the log is searched', () => {
  it.each([
    'type:ciba_start_succeeded AND user_id:"auth0|ada"',
    'type:(ciba_start_succeeded OR ciba_start_failed) AND client_id:aiya',
    'type:ciba_* AND NOT type:ciba_exchange_*',
    'type:ciba_start_succeeded OR type:ciba_start_failed',
    'date:[2020-01-01 TO *] AND type:ciba_start_*',
  ])('by %s', async (q) => {
    const found = await search(q);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ type }) => type.slice(0, 10)))).toEqual(new Set(['ciba_start']));
  });

  it('by pages with totals, from a checkpoint, with chosen members, and one by one', async () => {
    const all = await search('type:ciba_start_*', { sort: 'date:1', per_page: '100' });
    const page = await administrator.get(
      '/logs?q=type:ciba_start_*&sort=date:-1&page=1&per_page=1&include_totals=true&fields=log_id',
    );
    expect(page.json()).toEqual({
      start: 1,
      limit: 1,
      length: 1,
      total: all.length,
      logs: [{ log_id: all.at(-2)?.log_id }],
    });
    const after = await administrator.get(`/logs?from=${all[0]?.log_id}&take=2&q=type:ciba_start_*`);
    expect(after.json()).toEqual(all.slice(1, 3));
    expect((await administrator.get(`/logs/${all[0]?.log_id}`)).json()).toEqual(all[0]);
    expect((await administrator.get('/logs/900')).json()).toMatchObject({ errorCode: 'inexistent_log' });
  });

  it.each(['type:(', 'AND', 'type:s AND', '"open', 'a:b)c'])('and %s is refused', async (q) => {
    const answer = await administrator.get(`/logs?${new URLSearchParams({ q })}`);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ errorCode: 'invalid_query_string' });
  });
});
