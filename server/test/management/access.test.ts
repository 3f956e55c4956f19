// Who may call the Management API, and how it refuses.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { ADMINISTRATOR, administratorOf } from './administrator.ts';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
});
afterAll(() => assent.close());

const get = (authorization?: string, path = '/api/v2/clients') =>
  call(`${assent.url}${path}`, { headers: authorization === undefined ? {} : { authorization } });

describe('a token for the Management API', () => {
  it('comes by client_credentials, lasts a day and says its scopes', async () => {
    const answer = await new Agent(assent, ADMINISTRATOR).token({
      grant_type: 'client_credentials',
      audience: `${assent.issuer}api/v2/`,
      scope: 'read:clients update:clients',
    });
    expect(answer.json()).toMatchObject({
      expires_in: 86_400,
      token_type: 'Bearer',
      scope: 'read:clients update:clients',
    });
  });

  it('opens only what its scopes name', async () => {
    const agent = await administratorOf(assent, {
      client_id: 'aiya',
      client_secret: 'aiya-secret-not-real',
    });
    const refused = await agent.patch('/clients/aiya', { name: 'Root' });
    expect(refused.status).toBe(403);
    expect(refused.json()).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: update:clients,update:client_keys',
      errorCode: 'insufficient_scope',
    });
  });

  const allowed = (scope: string) => administratorOf(assent, ADMINISTRATOR, { scope });

  it('shows what a client proves itself with to scopes for keys alone', async () => {
    const reader = await allowed('read:clients');
    for (const path of ['/clients', '/clients?fields=client_id,client_secret', '/clients/aiya']) {
      const answer = await reader.get(path);
      expect(answer.text).toContain('aiya');
      expect(answer.text).not.toContain('aiya-secret-not-real');
    }
    for (const scope of ['read:client_keys', 'read:clients read:client_credentials']) {
      const client = (await (await allowed(scope)).get('/clients/aiya')).json();
      expect(client).toMatchObject({ name: 'Aiya', client_secret: 'aiya-secret-not-real' });
    }
  });

  it('changes a client’s secret with the scope for keys alone, and shows none in passing', async () => {
    const writer = await allowed('update:clients');
    const changed = await writer.patch('/clients/aiya', { description: 'same as ever' });
    expect(changed.json()).toMatchObject({ client_id: 'aiya', description: 'same as ever' });
    expect(changed.json()).not.toHaveProperty('client_secret');
    const refused = await writer.patch('/clients/aiya', { client_secret: 'taken-over' });
    expect(refused.json()).toMatchObject({ statusCode: 403, errorCode: 'insufficient_scope' });
    const keys = await allowed('update:client_keys');
    const secret = { client_secret: 'aiya-secret-not-real' };
    expect((await keys.patch('/clients/aiya', secret)).json()).toMatchObject(secret);
  });

  it('for app_metadata changes nothing else of a person', async () => {
    const writer = await allowed('update:users_app_metadata');
    const ada = '/users/auth0%7Cada';
    for (const change of [{ password: 'taken-over-now' }, { app_metadata: {}, email_verified: true }]) {
      const refused = await writer.patch(ada, change);
      expect(refused.json()).toMatchObject({
        statusCode: 403,
        message: 'Insufficient scope, expected any of: update:users',
      });
    }
    const changed = await writer.patch(ada, { app_metadata: { plan: 'gold' } });
    expect(changed.json()).toMatchObject({ app_metadata: { plan: 'gold' } });
  });

  it('is not one for another API, of another issuer, broken or absent', async () => {
    const other = await new Agent(assent).token({ grant_type: 'client_credentials', audience: TRANSFERS });
    const cases: Array<[string | undefined, RegExp]> = [
      [undefined, /^Missing authentication$/],
      ['Basic YWRtaW46YWRtaW4=', /^Bad HTTP authentication header format$/],
      ['Bearer not.a.token', /^Invalid token$/],
      [`Bearer ${other.json().access_token}`, /^Bad audience/],
    ];
    for (const [authorization, message] of cases) {
      const answer = await get(authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.json()).toMatchObject({ statusCode: 401, error: 'Unauthorized' });
      expect(answer.json().message).toMatch(message);
    }
  });
});

describe('a path that is not imitated', () => {
  it('says so and names the nearest one, to callers with a token', async () => {
    const administrator = await administratorOf(assent);
    const answer = await administrator.get('/client');
    expect(answer.status).toBe(404);
    expect(answer.json()).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'GET /api/v2/client is not imitated here. Nearest: GET /api/v2/clients (list clients).',
      errorCode: 'not_found',
    });
    expect((await get(undefined, '/api/v2/client')).status).toBe(401);
  });
});
