// Roles and permissions: who may do what, and why.
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, TRANSFERS, unlimitedBank } from '../agent.ts';
import { type Administrator, administratorOf } from './administrator.ts';

const ADA = encodeURIComponent('auth0|ada');
const small = { permission_name: 'create:small_transfer', resource_server_identifier: TRANSFERS };
const transfer = { permission_name: 'create:transfer', resource_server_identifier: TRANSFERS };

let assent: RunningAssent;
let administrator: Administrator;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
  administrator = await administratorOf(assent);
});
afterAll(() => assent.close());

describe('a role', () => {
  it('is created, found by a part of its name, renamed and deleted, and its holders go along', async () => {
    const created = await administrator.post('/roles', { name: 'Teller', description: 'At the counter' });
    expect([created.status, created.json()]).toEqual([
      200,
      { id: expect.stringMatching(/^rol_[A-Za-z0-9]{16}$/), name: 'Teller', description: 'At the counter' },
    ]);
    const { id } = created.json();
    await administrator.post(`/roles/${id}/users`, { users: ['auth0|ada'] });
    const renamed = await administrator.patch(`/roles/${id}`, { name: 'Cashier' });
    expect(renamed.json()).toEqual({ id, name: 'Cashier', description: 'At the counter' });
    expect((await administrator.get(`/users/${ADA}/roles`)).json()).toEqual([renamed.json()]);
    expect((await administrator.get('/roles?name_filter=cash&include_totals=true')).json()).toMatchObject({
      total: 1,
      roles: [{ id }],
    });
    expect((await administrator.get(`/roles/${id}/users`)).json()).toMatchObject([{ user_id: 'auth0|ada' }]);
    expect((await administrator.delete(`/roles/${id}`)).status).toBe(204);
    expect((await administrator.get(`/users/${ADA}/roles`)).json()).toEqual([]);
    expect((await administrator.get(`/roles/${id}`)).json()).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_role',
    });
  });

  it('has a name of its own', async () => {
    await administrator.post('/roles', { name: 'Twin' });
    const again = await administrator.post('/roles', { name: 'Twin' });
    expect([again.status, again.json().errorCode]).toEqual([409, 'role_conflict']);
    expect((await administrator.post('/roles', { name: '' })).status).toBe(400);
  });
});

describe('a permission', () => {
  it('says whether a person holds it by a role, directly or both', async () => {
    const { id } = (await administrator.post('/roles', { name: 'Payer' })).json();
    const given = await administrator.post(`/roles/${id}/permissions`, { permissions: [small, transfer] });
    expect(given.status).toBe(201);
    expect((await administrator.get(`/roles/${id}/permissions`)).json()).toEqual([
      {
        ...small,
        description: 'Transfer up to 30.00 EUR at a time without asking',
        resource_server_name: 'Accounts API',
      },
      { ...transfer, description: 'Transfer money from your accounts', resource_server_name: 'Accounts API' },
    ]);
    expect((await administrator.post(`/users/${ADA}/roles`, { roles: [id] })).status).toBe(204);
    const direct = { source_id: '', source_name: '', source_type: 'DIRECT' };
    const byRole = { source_id: id, source_name: 'Payer', source_type: 'ROLE' };
    expect((await administrator.get(`/users/${ADA}/permissions`)).json()).toMatchObject([
      { ...transfer, sources: [direct, byRole] },
      { ...small, sources: [byRole] },
    ]);
    await remove(`/users/${ADA}/roles`, { roles: [id] });
    await remove(`/roles/${id}/permissions`, { permissions: [small] });
    expect((await administrator.get(`/roles/${id}/permissions`)).json()).toMatchObject([transfer]);
    expect((await administrator.get(`/users/${ADA}/permissions`)).json()).toMatchObject([
      { ...transfer, sources: [direct] },
    ]);
  });

  it('that is given or taken decides what the next token may do', async () => {
    await administrator.patch(`/resource-servers/${encodeURIComponent(TRANSFERS)}`, {
      enforce_policies: true,
    });
    const agent = new Agent(assent);
    const scopeOf = async (): Promise<string> => {
      const id = await agent.askFor({ scope: 'openid create:small_transfer' });
      await assent.control.approve('latest');
      return String(decodeJwt((await agent.poll(id)).json().access_token)['scope']);
    };
    expect(await scopeOf()).toBe('openid');
    await administrator.post(`/users/${ADA}/permissions`, { permissions: [small] });
    expect(await scopeOf()).toBe('openid create:small_transfer');
    await remove(`/users/${ADA}/permissions`, { permissions: [small] });
    expect(await scopeOf()).toBe('openid');
  });

  it.each([
    [{ permissions: [{ permission_name: 'fly:moon', resource_server_identifier: TRANSFERS }] }, 400],
    [{ permissions: [{ permission_name: 'fly:moon', resource_server_identifier: 'urn:none' }] }, 404],
    [{ permissions: [] }, 400],
    [{ roles: ['x'] }, 400],
    [{}, 400],
  ])('that does not exist is refused: %j', async (body, status) => {
    const answer = await administrator.post(`/users/${ADA}/permissions`, body);
    expect(answer.json()).toMatchObject({ statusCode: status });
  });

  it('is given to nobody who is unknown', async () => {
    const answer = await administrator.post('/users/auth0%7Cnobody/permissions', { permissions: [transfer] });
    expect(answer.json().errorCode).toBe('inexistent_user');
    const role = await administrator.post(`/users/${ADA}/roles`, { roles: ['rol_nothing'] });
    expect(role.json().errorCode).toBe('inexistent_role');
  });
});

const remove = async (path: string, body: unknown): Promise<void> => {
  expect((await administrator.delete(path, body)).status).toBe(204);
};
