// What the console needs beside what tests and the command line have: a token to change the tenant as tools do, a demo request,
// everybody's devices.
import { decodeJwt } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { MANAGEMENT_SCOPES } from '../../src/contract/index.ts';
import { startAssent } from '../../src/index.ts';
import { call } from '../http-call.ts';
import { ADA, CONFIG, GRACE } from '../world.ts';

const CONTROL_TOKEN = 'a-token-of-the-test-0123456789';
const assent = await startAssent({ tls: false, config: CONFIG });
afterAll(() => assent.close());

const post = (path: string, body: unknown = {}) => call(assent.url + path, { method: 'POST', body });

describe('a token for the Management API', () => {
  test('changes the tenant as one of a client would, and the log of the tenant says whose it was', async () => {
    const { status, headers, text } = await post('/control/management-token');
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('no-store');
    const { access_token: token, expires_in: seconds } = JSON.parse(text);
    const { iat = 0, exp = 0, jti, ...claims } = decodeJwt(token);
    expect(exp - iat).toBe(seconds);
    expect(jti).toMatch(/^\w{22}$/);
    expect(claims).toEqual({
      iss: assent.issuer,
      aud: `${assent.issuer}api/v2/`,
      sub: 'assent-console@clients',
      azp: 'assent-console',
      gty: 'client-credentials',
      scope: MANAGEMENT_SCOPES.join(' '),
    });

    const headersOfTool = { authorization: `Bearer ${token}` };
    const path = `${assent.url}/api/v2/clients/aiya`;
    const changed = await call(path, { method: 'PATCH', headers: headersOfTool, body: { name: 'Aiya II' } });
    expect([changed.status, changed.json().name]).toEqual([200, 'Aiya II']);
    const logs = (await call(`${assent.url}/api/v2/logs?q=type:sapi`, { headers: headersOfTool })).json();
    expect(logs[0]).toMatchObject({ type: 'sapi', client_id: 'assent-console' });
  });

  test('is not given to whoever may not call the control API, nor to a page of elsewhere', async () => {
    await using guarded = await startAssent({ tls: false, config: CONFIG, controlToken: CONTROL_TOKEN });
    const path = `${guarded.url}/control/management-token`;
    expect((await call(path, { method: 'POST', body: {} })).status).toBe(401);
    const foreign = { origin: 'https://evil.example' };
    expect(
      (await call(`${assent.url}/control/management-token`, { method: 'POST', body: {}, headers: foreign }))
        .status,
    ).toBe(403);
    expect((await call(`${assent.url}/control/management-token`)).status).toBe(405);
  });
});

describe('a demo request', () => {
  test('asks the person who was named', async () => {
    const answer = await post('/control/demo-request', { user_id: GRACE });
    expect(answer.status).toBe(202);
    const request = await assent.control.request(answer.json().name);
    expect([request.approver.user_id, request.state]).toEqual([GRACE, 'pending']);
  });

  test('goes the way that was named, or says what keeps it from that', async () => {
    const user_id = ADA;
    const refused = await post('/control/demo-request', { user_id, channel: 'email' });
    expect(refused.status).toBe(409);
    expect(refused.json().hint).toContain('"email" to async_approval_notification_channels');
    const channels = { async_approval_notification_channels: ['email'] };
    const part = { clients: [{ client_id: 'aiya', ...channels }] };
    await call(`${assent.url}/control/tenant`, { method: 'PATCH', body: part });
    const sent = await post('/control/demo-request', { user_id, channel: 'email' });
    expect(sent.status).toBe(202);
    expect((await assent.control.request(sent.json().name)).channel).toBe('email');
  });

  test('for nobody says who was not found', async () => {
    const { status, text } = await post('/control/demo-request', { user_id: 'auth0|nobody' });
    expect([status, JSON.parse(text).detail]).toEqual([404, 'Nobody here has the user_id "auth0|nobody".']);
  });
});

test('the devices of everybody are one list', async () => {
  const { devices } = (await call(`${assent.url}/control/devices`)).json();
  expect(devices.map((device: { user_id: string }) => device.user_id)).toEqual([ADA, GRACE]);
});
