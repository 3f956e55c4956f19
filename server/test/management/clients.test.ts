// /clients: what a tool creates, changes and reads back, and what the authorization server makes of it at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from './administrator.ts';

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

describe('a client', () => {
  it('that is created with a name alone has the defaults that were recorded, and no CIBA grant', async () => {
    const answer = await administrator.post('/clients', { name: 'Raw' });
    expect(answer.status).toBe(201);
    const client = answer.json();
    expect(client).toMatchObject({
      name: 'Raw',
      client_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      is_first_party: true,
      oidc_conformant: false,
      is_token_endpoint_ip_header_trusted: false,
      sso_disabled: false,
      cross_origin_authentication: false,
      custom_login_page_on: true,
      grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
      refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' },
    });
    expect(client).not.toHaveProperty('async_approval_notification_channels');
    expect((await administrator.get(`/clients/${client.client_id}`)).json()).toEqual(client);
  });

  it('may ask people as soon as it has the grant and conforms, and not before', async () => {
    const client = (await administrator.post('/clients', { name: 'Newcomer' })).json();
    const agent = new Agent(assent, { client_id: client.client_id, client_secret: client.client_secret });
    expect((await agent.ask()).json()).toMatchObject({ error: 'unauthorized_client' });

    const grants = [...client.grant_types, CIBA_GRANT_TYPE];
    await administrator.patch(`/clients/${client.client_id}`, { grant_types: grants });
    expect((await agent.ask()).status).not.toBe(200);

    const changed = await administrator.patch(`/clients/${client.client_id}`, {
      oidc_conformant: true,
      async_approval_notification_channels: ['guardian-push'],
    });
    expect(changed.json()).toMatchObject({
      grant_types: grants,
      oidc_conformant: true,
      async_approval_notification_channels: ['guardian-push'],
    });
    expect((await agent.ask()).status).toBe(200);
  });

  it('loses with null what was set', async () => {
    const { client_id: id } = (
      await administrator.post('/clients', {
        name: 'Forgetful',
        async_approval_notification_channels: ['email'],
        callbacks: ['https://app.example/callback'],
        client_metadata: { team: 'blue' },
        description: 'of a test',
        app_type: 'non_interactive',
      })
    ).json();
    const cleared = await administrator.patch(`/clients/${id}`, {
      async_approval_notification_channels: null,
      callbacks: null,
      client_metadata: null,
      description: null,
      app_type: null,
    });
    expect(cleared.status).toBe(200);
    expect(cleared.json()).toMatchObject({ app_type: 'regular_web' });
    expect(cleared.json()).not.toHaveProperty('async_approval_notification_channels');
    expect(cleared.json()).not.toHaveProperty('client_metadata');
    expect(cleared.json()).not.toHaveProperty('description');
    expect(cleared.json().callbacks).toEqual([]);
  });

  it('is gone with its grants when it is deleted, and deleting it again is fine', async () => {
    const { client_id: id } = (await administrator.post('/clients', { name: 'Short-lived' })).json();
    await administrator.post('/client-grants', {
      client_id: id,
      audience: 'https://broker.example/api/orders',
      scope: ['create:order'],
    });
    expect((await administrator.get(`/client-grants?client_id=${id}`)).json()).toHaveLength(1);
    expect((await administrator.delete(`/clients/${id}`)).status).toBe(204);
    expect((await administrator.delete(`/clients/${id}`)).status).toBe(204);
    expect((await administrator.get(`/client-grants?client_id=${id}`)).json()).toEqual([]);
    const gone = await administrator.get(`/clients/${id}`);
    expect(gone.status).toBe(404);
    expect(gone.json()).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'The client does not exist',
      errorCode: 'inexistent_client',
    });
  });

  it('that rotates its secret authenticates with the new one alone', async () => {
    const client = (
      await administrator.post('/clients', {
        name: 'Rotating',
        grant_types: ['client_credentials', CIBA_GRANT_TYPE],
        oidc_conformant: true,
      })
    ).json();
    const rotated = await administrator.post(`/clients/${client.client_id}/rotate-secret`);
    expect(rotated.status).toBe(200);
    const credentials = { client_id: client.client_id };
    const before = new Agent(assent, { ...credentials, client_secret: client.client_secret });
    const after = new Agent(assent, { ...credentials, client_secret: rotated.json().client_secret });
    expect((await before.ask()).status).toBe(401);
    expect((await after.ask()).status).toBe(200);
  });
});

describe('a list of clients', () => {
  it('comes bare, by pages with totals, after a checkpoint, and with chosen members', async () => {
    const bare = (await administrator.get('/clients')).json();
    expect(bare.length).toBeGreaterThan(2);
    const page = (await administrator.get('/clients?page=1&per_page=1&include_totals=true')).json();
    expect(page).toEqual({ start: 1, limit: 1, length: 1, total: bare.length, clients: [bare[1]] });
    const first = (await administrator.get('/clients?take=2')).json();
    expect(first.clients).toEqual(bare.slice(0, 2));
    const second = (await administrator.get(`/clients?take=2&from=${first.next}`)).json();
    expect(second.clients).toEqual(bare.slice(2, 4));
    expect((await administrator.get('/clients?fields=name,client_id')).json()[0]).toEqual({
      client_id: 'aiya',
      name: 'Aiya',
    });
    const without = (await administrator.get('/clients?fields=client_secret&include_fields=false')).json();
    expect(without[0]).not.toHaveProperty('client_secret');
    const [global, ...others] = (await administrator.get('/clients?is_global=true')).json();
    expect(global).toMatchObject({ name: 'All Applications', global: true });
    expect(others).toEqual([]);
  });
});

describe('a change that cannot be', () => {
  it.each([
    [{ nme: 'x' }, "Payload validation error: 'Additional properties not allowed: nme'."],
    [
      { name: 7 },
      "Payload validation error: 'Expected type string but found type integer' on property name.",
    ],
    [
      { grant_types: ['ciba'] },
      /^Payload validation error: 'No enum match for: ciba, expected one of .*' on property grant_types\.0\.$/,
    ],
    [{ callbacks: ['not a url'] }, /callbacks/],
  ])('is refused whole and says why: %j', async (change, message) => {
    const before = (await administrator.get('/clients/aiya')).json();
    const answer = await administrator.patch('/clients/aiya', { description: 'changed', ...change });
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body' });
    expect(answer.json().message).toMatch(message);
    expect((await administrator.get('/clients/aiya')).json()).toEqual(before);
  });
});
