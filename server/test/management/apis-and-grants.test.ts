// /resource-servers and /client-grants: the APIs of the tenant and who may ask for them.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from './administrator.ts';

const ORDERS = 'https://api.example/v1/orders';

let assent: RunningAssent;
let administrator: Administrator;
let agent: Agent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
  agent = new Agent(assent);
});
afterAll(() => assent.close());

describe('an API', () => {
  it('that is created with an identifier alone has the defaults that were recorded', async () => {
    const answer = await administrator.post('/resource-servers', { identifier: 'https://minimal.example' });
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      identifier: 'https://minimal.example',
      is_system: false,
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: false,
      subject_type_authorization: {
        user: { policy: 'allow_all' },
        client: { policy: 'require_client_grant' },
      },
      token_lifetime: 86_400,
      token_lifetime_for_web: 7_200,
      signing_alg: 'RS256',
    });
    const again = await administrator.post('/resource-servers', { identifier: 'https://minimal.example' });
    expect(again.status).toBe(409);
  });

  it('is found by id and by identifier, encoded as tools do it', async () => {
    const { id } = (
      await administrator.post('/resource-servers', { identifier: ORDERS, name: 'Orders' })
    ).json();
    const byId = (await administrator.get(`/resource-servers/${id}`)).json();
    expect((await administrator.get(`/resource-servers/${encodeURIComponent(ORDERS)}`)).json()).toEqual(byId);
    // Terraform leaves the colon as it is.
    expect((await administrator.get(`/resource-servers/${ORDERS.replaceAll('/', '%2F')}`)).json()).toEqual(
      byId,
    );
    expect((await administrator.get('/resource-servers/%E0%A4%A')).status).toBe(404);
  });

  it('can be asked for as soon as it exists, with the scopes and types that it has then', async () => {
    const detail = { type: 'place_order', quantity: 3 };
    const ask = () =>
      agent.ask({
        audience: ORDERS,
        scope: 'openid create:order',
        authorization_details: JSON.stringify([detail]),
      });
    expect((await ask()).json().error).toBe('invalid_authorization_details');
    const changed = await administrator.patch(`/resource-servers/${encodeURIComponent(ORDERS)}`, {
      scopes: [{ value: 'create:order', description: 'Place orders' }],
      authorization_details: [{ type: 'place_order' }],
      token_dialect: 'rfc9068_profile',
    });
    expect(changed.json().authorization_details).toEqual([{ type: 'place_order' }]);
    const asked = await ask();
    expect(asked.status).toBe(200);
    await assent.control.approve('latest');
    const token = (await agent.poll(asked.json().auth_req_id)).json();
    expect(decodeJwt(token.access_token)).toMatchObject({ authorization_details: [detail] });
  });

  it('keeps the words that the tenant file gave a type when a tool writes the types back', async () => {
    const path = `/resource-servers/${encodeURIComponent('https://broker.example/api/orders')}`;
    const api = (await administrator.get(path)).json();
    await administrator.patch(path, { authorization_details: api.authorization_details });
    await agent.ask({
      audience: 'https://broker.example/api/orders',
      scope: 'openid create:order',
      authorization_details: JSON.stringify([{ type: 'stock_order', symbol: 'BAI', quantity: 2 }]),
    });
    expect(JSON.stringify(await assent.control.request('latest'))).toContain('Stock order');
  });

  it('takes its grants and permissions along when it is deleted', async () => {
    const path = `/resource-servers/${encodeURIComponent(ORDERS)}`;
    await administrator.post('/client-grants', {
      client_id: 'aiya',
      audience: ORDERS,
      scope: ['create:order'],
    });
    expect((await administrator.delete(path)).status).toBe(204);
    expect((await administrator.delete(path)).status).toBe(204);
    expect((await administrator.get(`/client-grants?audience=${encodeURIComponent(ORDERS)}`)).json()).toEqual(
      [],
    );
    expect((await agent.ask({ audience: ORDERS })).json().error_description).toContain('Service not found');
  });

  it('that is the Management API itself is listed and cannot be changed', async () => {
    const all = (await administrator.get('/resource-servers')).json();
    const own = all.find((api: { is_system: boolean }) => api.is_system);
    expect(own).toMatchObject({ identifier: `${assent.issuer}api/v2/`, name: 'Auth0 Management API' });
    expect((await administrator.patch(`/resource-servers/${own.id}`, { name: 'Mine' })).status).toBe(400);
    expect((await administrator.delete(`/resource-servers/${own.id}`)).status).toBe(400);
  });
});

describe('a client grant', () => {
  const BROKER = 'https://broker.example/api/orders';

  it('lets a machine in at once, and out again when it is taken back', async () => {
    const ask = () => agent.token({ grant_type: 'client_credentials', audience: BROKER });
    expect((await ask()).status).toBe(403);
    const created = await administrator.post('/client-grants', {
      client_id: 'aiya',
      audience: BROKER,
      scope: ['create:order'],
    });
    expect(created.status).toBe(201);
    expect(created.json()).toEqual({
      id: expect.stringMatching(/^cgr_[A-Za-z0-9]{16}$/),
      client_id: 'aiya',
      audience: BROKER,
      scope: ['create:order'],
      subject_type: 'client',
    });
    expect((await ask()).json().scope).toBe('create:order');
    const { id } = created.json();
    expect((await administrator.get(`/client-grants/${id}`)).json()).toEqual(created.json());
    await administrator.patch(`/client-grants/${id}`, { scope: [] });
    expect((await ask()).json().scope ?? '').toBe('');
    await administrator.delete(`/client-grants/${id}`);
    expect((await ask()).status).toBe(403);
  });

  it('for all scopes names none, and gives whatever the API has', async () => {
    const created = await administrator.post('/client-grants', {
      client_id: 'aiya',
      audience: BROKER,
      allow_all_scopes: true,
    });
    expect(created.json()).toMatchObject({ allow_all_scopes: true });
    expect(created.json()).not.toHaveProperty('scope');
    const token = await agent.token({ grant_type: 'client_credentials', audience: BROKER });
    expect(token.json().scope).toBe('create:order');
    const path = `/client-grants/${created.json().id}`;
    // It would change nothing, so it is not acknowledged.
    expect((await administrator.patch(path, { scope: ['create:order'] })).status).toBe(400);
    const narrowed = await administrator.patch(path, { scope: ['create:order'], allow_all_scopes: false });
    expect(narrowed.json()).toMatchObject({ scope: ['create:order'] });
    await administrator.delete(`/client-grants/${created.json().id}`);
  });

  it.each([
    [{ client_id: 'nobody', audience: BROKER, scope: [] }, 404, 'inexistent_client'],
    [{ client_id: 'aiya', audience: 'urn:none', scope: [] }, 404, 'inexistent_resource_server'],
    [{ client_id: 'aiya', audience: BROKER, scope: ['fly:moon'] }, 400, 'invalid_body'],
    [{ client_id: 'night-trader', audience: BROKER, scope: [] }, 409, 'client_grant_conflict'],
  ])('that cannot be is refused: %j', async (body, status, errorCode) => {
    const answer = await administrator.post('/client-grants', body);
    expect(answer.json()).toMatchObject({ statusCode: status, errorCode });
    expect(answer.status).toBe(status);
  });

  it('for the Management API itself is shown with its real identifier', async () => {
    const grants = (await administrator.get('/client-grants?client_id=administrator')).json();
    expect(grants).toMatchObject([{ audience: `${assent.issuer}api/v2/`, allow_all_scopes: true }]);
  });
});
