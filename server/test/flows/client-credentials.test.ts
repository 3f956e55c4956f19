// A machine that asks for itself: client_credentials, and how the token endpoint treats every caller.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

const BROKER = 'https://broker.example/api/orders';
const SECRET = 'aiya-secret-not-real';
const MACHINE = { grant_type: 'client_credentials', audience: TRANSFERS };

let assent: RunningAssent;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({
    tls: false,
    config: unlimitedBank({
      clients: [
        ...(bankTenant.clients ?? []),
        {
          ...bankTenant.clients?.[0],
          client_id: 'login-only',
          name: 'Login only',
          grant_types: ['authorization_code'],
        },
      ],
      resource_servers: [
        ...(bankTenant.resource_servers ?? []),
        { identifier: 'urn:closed', subject_type_authorization: { client: { policy: 'deny_all' } } },
      ],
      client_grants: [
        { client_id: 'aiya', audience: TRANSFERS, scope: ['create:transfer', 'create:small_transfer'] },
        { client_id: 'aiya', audience: BROKER, scope: ['create:order'], subject_type: 'user' },
        { client_id: 'aiya', audience: 'urn:closed' },
      ],
    }),
  });
  agent = new Agent(assent);
});
afterAll(() => assent.close());

describe('client_credentials', () => {
  it('gives everything the client grant lists when no scope is asked for', async () => {
    const answer = await agent.token(MACHINE);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      scope: 'create:transfer create:small_transfer',
      expires_in: 86_400,
      token_type: 'Bearer',
    });
    expect(decodeJwt(answer.json().access_token)).toMatchObject({
      iss: assent.issuer,
      sub: 'aiya@clients',
      aud: TRANSFERS,
      scope: 'create:transfer create:small_transfer',
    });
  });

  it('gives a part of it when a part is asked for', async () => {
    const answer = await agent.token({ ...MACHINE, scope: 'create:small_transfer' });
    expect([answer.status, answer.json().scope]).toEqual([200, 'create:small_transfer']);
  });

  it.each([
    [
      'an API without a client grant',
      { audience: 'https://broker.example/api/orders' },
      `Client is not authorized to access "${BROKER}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`,
    ],
    [
      'an API that is closed to machines',
      { audience: 'urn:closed' },
      expect.stringContaining('Client is not authorized to access "urn:closed"'),
    ],
    ['an unknown API', { audience: 'urn:nowhere' }, 'Service not found: urn:nowhere'],
    ['no API', { audience: undefined }, expect.stringContaining('No audience parameter was provided')],
    [
      'a scope that was not granted',
      { scope: 'create:transfer delete:everything' },
      expect.stringContaining('delete:everything'),
    ],
  ])('is refused for %s', async (_what, changes, error_description) => {
    const answer = await agent.token({ ...MACHINE, ...changes });
    expect([answer.status, answer.json()]).toEqual([403, { error: 'access_denied', error_description }]);
  });

  it('is refused to a client without the grant type', async () => {
    const answer = await agent.token({ ...MACHINE, client_id: 'login-only' });
    expect([answer.status, answer.json()]).toEqual([
      403,
      {
        error: 'unauthorized_client',
        error_description: "Grant type 'client_credentials' not allowed for the client.",
        error_uri: 'https://auth0.com/docs/clients/client-grant-types',
      },
    ]);
  });
});

describe('the token endpoint', () => {
  const url = () => `${assent.url}/oauth/token`;
  const asJson = (body: object, headers: Record<string, string> = {}) =>
    call(url(), { method: 'POST', body, headers });

  it('takes JSON like a form', async () => {
    const answer = await asJson({ ...MACHINE, client_id: 'aiya', client_secret: SECRET });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'Bearer']);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('takes a secret by Basic from a client that is registered for post', async () => {
    const basic = `Basic ${Buffer.from(`aiya:${SECRET}`).toString('base64')}`;
    const answer = await call(url(), {
      method: 'POST',
      body: new URLSearchParams(MACHINE).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: basic },
    });
    expect(answer.status).toBe(200);
    expect((await asJson(MACHINE, { Authorization: basic })).status).toBe(200);
  });

  it('says the same to an unknown client and to a wrong secret, and never sends a challenge', async () => {
    const basic = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    const answers = [
      await asJson({ ...MACHINE, client_id: 'aiya', client_secret: 'wrong' }),
      await asJson({ ...MACHINE, client_id: 'nobody', client_secret: 'wrong' }),
      await asJson(MACHINE, basic('aiya:wrong')),
      await asJson(MACHINE, basic('nobody:wrong')),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.json()]).toEqual([
        401,
        { error: 'access_denied', error_description: 'Unauthorized' },
      ]);
      expectPlainJson(answer);
    }
  });

  it.each([
    [
      'no grant_type',
      { grant_type: undefined },
      400,
      'invalid_request',
      'Missing required parameter: grant_type',
    ],
    ['an unknown grant_type', { grant_type: 'password' }, 400, 'unsupported_grant_type', undefined],
    [
      'no code',
      { grant_type: 'authorization_code', redirect_uri: 'x' },
      400,
      'invalid_request',
      'Missing required parameter: code',
    ],
    [
      'a code that nobody issued',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x' },
      403,
      'invalid_grant',
      'Invalid authorization code',
    ],
    [
      'no refresh_token',
      { grant_type: 'refresh_token' },
      400,
      'invalid_request',
      'Missing required parameter: refresh_token',
    ],
  ])(
    'answers %s as JSON, whatever the caller prefers',
    async (_what, changes, status, error, description) => {
      const answer = await agent.post(
        '/oauth/token',
        { ...MACHINE, ...changes },
        {
          Accept: 'text/html,application/xhtml+xml',
        },
      );
      expect([answer.status, answer.json().error]).toEqual([status, error]);
      if (description !== undefined) expect(answer.json().error_description).toBe(description);
      expectPlainJson(answer);
    },
  );

  it.each([
    ['broken JSON', '{"grant_type":', 'application/json'],
    ['JSON that is no object', '[]', 'application/json'],
    ['another content type', '<x/>', 'application/xml'],
    [
      'a parameter that is sent twice',
      'grant_type=client_credentials&grant_type=password',
      'application/x-www-form-urlencoded',
    ],
    ['a body beyond measure', `grant_type=${'x'.repeat(60_000)}`, 'application/x-www-form-urlencoded'],
  ])('answers %s with invalid_request', async (_what, body, type) => {
    const answer = await call(url(), { method: 'POST', body, headers: { 'Content-Type': type } });
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
    expectPlainJson(answer);
  });

  it('answers the wrong method with 405 and the right one, as JSON', async () => {
    for (const path of ['/oauth/token', '/bc-authorize', '/oauth/par', '/oauth/revoke']) {
      for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
        const answer = await call(`${assent.url}${path}`, { method });
        expect([path, answer.status, answer.headers['allow']]).toEqual([path, 405, 'POST']);
        expect(answer.json()).toEqual({
          error: 'invalid_request',
          error_description: `${path} does not answer ${method}, only POST`,
        });
        expectPlainJson(answer);
      }
    }
    const changed = await call(`${assent.url}/userinfo`, { method: 'PUT' });
    expect([changed.status, changed.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
    expect(changed.json().error).toBe('invalid_request');
  });
});

function expectPlainJson(answer: Answer): void {
  expect(answer.headers['content-type']).toContain('application/json');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['www-authenticate']).toBeUndefined();
}
