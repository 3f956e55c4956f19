// What /bc-authorize takes in the profile `standard`, and what it refuses. CIBA Core §7.1, §7.2, §7.3 and §13.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../http-call.ts';
import { ADA, BANK_API, GRACE, StandardBank } from './standard-bank.ts';

let bank: StandardBank;

beforeAll(async () => {
  bank = await StandardBank.start();
});
afterAll(() => bank.assent.close());

/** RFC 6749 §5.2. */
const ERROR_TEXT = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;

async function refusalOf(changes: Parameters<StandardBank['ask']>[0], client?: string) {
  const before = await bank.pendingCount();
  const answer = await bank.ask(changes, client);
  const { error, error_description: description, ...others } = answer.json();
  expect(others).toEqual({});
  expect(description).toMatch(ERROR_TEXT);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  // Nobody is asked by a request that was refused.
  expect(await bank.pendingCount()).toBe(before);
  return [answer.status, error];
}

describe('a request in the standard profile', () => {
  it('is answered at once with an id, a lifetime and an interval, and nothing may keep the answer', async () => {
    const answer = await bank.ask();
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.json()).toEqual({
      auth_req_id: expect.stringMatching(/^[A-Za-z0-9._-]{22,}$/),
      expires_in: 300,
      interval: 5,
    });
  });

  it('ignores parameters that it does not know, and empty ones', async () => {
    const answer = await bank.ask({ foo: 'bar', 'x-y': '1', acr_values: '', binding_message: '' });
    expect(answer.status).toBe(200);
    expect((await bank.assent.control.request(answer.json().auth_req_id)).binding_message).toBe('');
  });

  it.each([
    ['no scope', { scope: undefined }, 'invalid_request'],
    ['an empty scope', { scope: '' }, 'invalid_request'],
    ['a scope without openid', { scope: 'profile' }, 'invalid_request'],
    ['a scope that nobody knows', { scope: 'openid no-such-scope-é"\\' }, 'invalid_scope'],
    ['an API that there is not', { resource: 'https://other.example/' }, 'invalid_target'],
    ['an expiry that is a word', { requested_expiry: 'abc' }, 'invalid_request'],
    ['an expiry that is no integer', { requested_expiry: '30.5' }, 'invalid_request'],
    ['an expiry of nothing', { requested_expiry: '0' }, 'invalid_request'],
    ['an expiry with a sign', { requested_expiry: '-30' }, 'invalid_request'],
    ['a binding message that is too long', { binding_message: 'x'.repeat(65) }, 'invalid_binding_message'],
    ['a binding message with a control', { binding_message: 'W4\u0000SCT1' }, 'invalid_binding_message'],
    ['a binding message of two lines', { binding_message: 'W4\nSCT1' }, 'invalid_binding_message'],
    [
      'a binding message that turns the reading',
      { binding_message: 'W4\u202eSCT1' },
      'invalid_binding_message',
    ],
    ['a binding message of white space', { binding_message: '   ' }, 'invalid_binding_message'],
    ['details that are no JSON', { authorization_details: '[' }, 'invalid_authorization_details'],
  ])('with %s is refused', async (_what, changes, error) => {
    expect(await refusalOf(changes)).toEqual([400, error]);
  });

  it('has its binding message shown as it was sent, in any script', async () => {
    const message = 'Café 振込 €25 <b>&amp; 🙂';
    const view = await bank.assent.control.request(await bank.askFor({ binding_message: message }));
    expect(view.binding_message).toBe(message);
  });

  it('lives as long as it asks for, and never longer than the limit', async () => {
    expect((await bank.ask({ requested_expiry: '30' })).json().expires_in).toBe(30);
    expect((await bank.ask({ requested_expiry: '99999999' })).json().expires_in).toBe(259_200);
  });

  it('means the same scopes in any order', async () => {
    const [one, other] = await Promise.all(
      ['openid payments accounts', 'accounts payments openid'].map((scope) => bank.askFor({ scope })),
    );
    const scopeOf = async (ref = '') => new Set((await bank.assent.control.request(ref)).scope);
    expect(await scopeOf(one)).toEqual(await scopeOf(other));
  });

  it('names its API by resource or by audience', async () => {
    for (const name of ['resource', 'audience']) {
      const view = await bank.assent.control.request(await bank.askFor({ [name]: BANK_API }));
      expect(view.audience).toBe(BANK_API);
    }
  });

  it('asks for one API, whose tokens a shared secret does not sign', async () => {
    const two = await post(
      `scope=openid&resource=${encodeURIComponent(BANK_API)}&resource=${encodeURIComponent('https://other.example/')}`,
    );
    expect([two.status, two.json().error]).toEqual([400, 'invalid_target']);
    await using other = await StandardBank.start((config) => ({
      ...config,
      resource_servers: [
        ...(config.resource_servers ?? []),
        { identifier: 'https://shared.example/', signing_alg: 'HS256', signing_secret: 'not-real'.repeat(5) },
      ],
    }));
    const shared = await other.ask({ resource: 'https://shared.example/' });
    expect([shared.status, shared.json().error]).toEqual([400, 'invalid_target']);
    const hint = other.agent('legacy').hint(ADA);
    const legacy = await other.ask({ audience: 'https://shared.example/', login_hint: hint }, 'legacy');
    expect(legacy.status).toBe(200);
  });

  it('says a parameter once', async () => {
    const answer = await post('scope=openid&scope=profile');
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  });

  it('travels as a form in the body, by POST', async () => {
    const parameters = {
      client_id: 'assistant',
      client_secret: 'assistant-secret-not-real',
      scope: 'openid',
      login_hint: ADA,
    };
    const json = await call(`${bank.assent.url}/bc-authorize`, { method: 'POST', body: parameters });
    expect([json.status, json.json().error]).toEqual([400, 'invalid_request']);
    const query = `${bank.assent.url}/bc-authorize?${new URLSearchParams(parameters)}`;
    const before = await bank.pendingCount();
    for (const method of ['POST', 'GET', 'PUT', 'DELETE']) {
      expect((await call(query, { method })).status).toBeGreaterThanOrEqual(400);
    }
    expect(await bank.pendingCount()).toBe(before);
  });
});

describe('the client of a request', () => {
  it('proves itself first, and a failure says nothing about people', async () => {
    const [known, unknown] = await Promise.all(
      [ADA, 'bank|nobody'].map((login_hint) => bank.ask({ login_hint, client_secret: 'wrong' })),
    );
    expect([known?.status, known?.json().error]).toEqual([401, 'invalid_client']);
    expect(unknown?.text).toBe(known?.text);
    expect(await refusalOf({ client_secret: undefined })).toEqual([401, 'invalid_client']);
    expect(await refusalOf({ client_id: 'nobody' })).toEqual([401, 'invalid_client']);
  });

  it('is challenged where it failed with HTTP Basic, and only there', async () => {
    const wrong = Buffer.from('assistant:wrong').toString('base64');
    for (const path of ['/bc-authorize', '/oauth/token']) {
      const answer = await call(`${bank.assent.url}${path}`, {
        method: 'POST',
        headers: {
          Authorization: `Basic ${wrong}`,
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials&scope=openid',
      });
      expect([answer.status, answer.json().error]).toEqual([401, 'invalid_client']);
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="/);
    }
    expect((await bank.ask({ client_secret: 'wrong' })).headers['www-authenticate']).toBeUndefined();
  });

  it('is told that it may not ask, where it has not the grant or is public', async () => {
    await using other = await StandardBank.start((config) => ({
      ...config,
      clients: [
        ...(config.clients ?? []),
        {
          client_id: 'job',
          client_secret: 'job-secret-not-real',
          name: 'Job',
          grant_types: ['client_credentials'],
        },
        { client_id: 'phone', name: 'Phone', token_endpoint_auth_method: 'none' },
      ],
    }));
    const job = await other.ask({}, 'job');
    expect([job.status, job.json().error]).toEqual([400, 'unauthorized_client']);
    const poll = await other.agent('job').poll(await other.askFor());
    expect([poll.status, poll.json().error]).toEqual([400, 'unauthorized_client']);
    const phone = await other.ask({ client_secret: undefined }, 'phone');
    expect([phone.status, phone.json().error]).toEqual([400, 'unauthorized_client']);
  });

  it('of the other profile is answered in its own words, in the same tenant', async () => {
    const hint = bank.agent('legacy').hint(ADA);
    const refused = await bank.ask({ login_hint: hint, binding_message: undefined }, 'legacy');
    expect([refused.status, refused.json().error_description]).toEqual([400, 'binding_message is required']);
    const asked = await bank.ask({ login_hint: hint, scope: 'openid no-such-scope' }, 'legacy');
    expect(asked.status).toBe(200);
    const unauthorized = await bank.ask({ client_secret: 'wrong' }, 'legacy');
    expect([unauthorized.status, unauthorized.json().error]).toEqual([401, 'access_denied']);
  });
});

describe('a person who cannot be asked', () => {
  it('is a refusal by policy, 403', async () => {
    await using other = await StandardBank.start((config) => ({
      ...config,
      users: [
        { user_id: ADA, name: 'Ada Lovelace', blocked: true, devices: [] },
        { user_id: GRACE, name: 'Grace Hopper' },
      ],
    }));
    for (const login_hint of [ADA, GRACE]) {
      const answer = await other.ask({ login_hint });
      expect([answer.status, answer.json().error]).toEqual([403, 'access_denied']);
    }
  });
});

function post(more: string) {
  const form = `client_id=assistant&client_secret=assistant-secret-not-real&login_hint=${encodeURIComponent(ADA)}&${more}`;
  return call(`${bank.assent.url}/bc-authorize`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: form,
  });
}
