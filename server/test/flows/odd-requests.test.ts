// Requests that no well-meant program sends: each is answered as its caller's mistake, at once, and the server goes on.
import { once } from 'node:events';
import { connect } from 'node:net';
import { CompactSign, decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { administratorOf } from '../management/administrator.ts';
import { makeDeviceKey, pairingBody } from '../paired-browser.ts';
import { request, send, statusOf } from '../security/raw-call.ts';

let assent: RunningAssent;

beforeAll(async () => {
  assent = await startAssent({ tls: false, config: unlimitedBank() });
});
afterAll(() => assent.close());

/** Status of the answer to a browser. */
async function statusFor(target: string, host = new URL(assent.url).host): Promise<number> {
  return statusOf(assent, request(target, [`Host: ${host}`, 'Accept: text/html']));
}

const deepList = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const sendTenant = (method: string, body: string) =>
  call(`${assent.url}/control/tenant`, { method, body, headers: { 'Content-Type': 'application/json' } });

it('an upgrade that is refused ends the connection, though its caller stays', async () => {
  const { host, port } = new URL(assent.url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  socket.write(`GET /x HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  socket.resume();
  await once(socket, 'end');
  // The other end is gone altogether: what is written now is answered by a reset.
  const broken = once(socket, 'error');
  const writing = setInterval(() => socket.write('x'), 10);
  await expect(broken).resolves.toMatchObject([{ syscall: expect.any(String) }]);
  clearInterval(writing);
});

it.each([
  ['TRACE', '/oauth/token', 405],
  ['PROPFIND', '/oauth/token', 405],
  ['QUERY', '/control/health', 405],
  ['TRACE', '/authorize', 405],
  ['DELETE', '/approve/', 404],
  ['OPTIONS', '*', 404],
  ['CONNECT', '/control/health', 405],
  ['CONNECT', 'elsewhere.example:443', 405],
  ['BREW', '/control/health', 400],
])('%s %s is refused with %i', async (method, target, status) => {
  const { host } = new URL(assent.url);
  expect(await statusOf(assent, request(target, [`Host: ${host}`], method))).toBe(status);
});

it('CONNECT is refused over plain http at the port of https, too', async () => {
  await using secure = await startAssent({ host: '0.0.0.0' });
  const { port } = new URL(secure.url);
  const door = { url: `http://127.0.0.1:${port}` };
  const asked = request('elsewhere.example:443', [`Host: 127.0.0.1:${port}`], 'CONNECT');
  expect(await statusOf(door, asked)).toBe(405);
});

it('a thousand requests that are sent at once over TLS are all answered', async () => {
  await using secure = await startAssent();
  const { host } = new URL(secure.url);
  const ask = `GET /control/live HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const received = await send(secure, ask.repeat(999) + request('/control/live', [`Host: ${host}`]));
  expect(received.match(/HTTP\/1\.1 200 /g)).toHaveLength(1_000);
});

// As curl and Java's HttpClient do over plain http. RFC 9110 §7.8: whoever is offered another protocol may go on with this one.
it('HTTP/2 that is offered is not taken, and the request is answered', async () => {
  const { host } = new URL(assent.url);
  const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'];
  const form = 'client_id=aiya';
  const type = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${form.length}`];
  expect(await statusOf(assent, request('/control/health', [`Host: ${host}`, ...offer]))).toBe(200);
  const asked = request('/oauth/token', [`Host: ${host}`, ...type, ...offer], 'POST') + form;
  expect(await send(assent, asked)).toMatch(/^HTTP\/1\.1 401 .*"access_denied"/s);
});

it.each([
  ['as a whole URL', () => `${assent.url}/oauth/token`, ['Content-Length: 14'], 'client_id=aiya'],
  [
    'in chunks with notes',
    () => '/oauth/token',
    ['Transfer-Encoding: chunked'],
    'e;a=b;c="d"\r\nclient_id=aiya\r\n0\r\n\r\n',
  ],
])('a call that is written %s is one like any other', async (_how, target, lines, body) => {
  const head = [
    `Host: ${new URL(assent.url).host}`,
    'Content-Type: application/x-www-form-urlencoded',
    ...lines,
  ];
  expect(await send(assent, request(target(), head, 'POST') + body)).toMatch(
    /^HTTP\/1\.1 401 .*"access_denied"/s,
  );
});

it('asked for what is no URL, it says so', async () => {
  expect(await statusFor('http://[')).toBe(400);
  expect(await statusFor('/control/health')).toBe(200);
});

it.each(['', '[', 'a b', 'phone:99999', 'x'.repeat(5_000)])(
  'the page of a ticket opens under any Host header: %s',
  async (host) => {
    const { ticket } = await assent.control.inviteBrowser('auth0|ada');
    expect(await statusFor(`/guardian/enroll?ticket=${ticket}`, host)).toBe(200);
  },
);

it('the page of a ticket opens for a person whose name fits no QR code', async () => {
  const person = { user_id: 'auth0|long', name: 'L', email: `${'e'.repeat(9_000)}@bank.example` };
  expect((await sendTenant('PATCH', JSON.stringify({ users: [person] }))).status).toBe(200);
  const { ticket } = await assent.control.inviteBrowser(person.user_id);
  const page = await call(`${assent.url}/guardian/enroll?ticket=${ticket}`, {
    headers: { Accept: 'text/html' },
  });
  expect(page.status).toBe(200);
  expect(page.text).toContain('This is too long for a QR code.');
});

it.each(['sub', 'aud'])('a %s that is nested beyond measure is no proof', async (claim) => {
  const key = await makeDeviceKey();
  const body = await pairingBody({ url: assent.url, clock: Date }, 'auth0|ada', key);
  const claims = JSON.stringify(decodeJwt(body.proof)).replace(
    new RegExp(`"${claim}":"[^"]*"`),
    `"${claim}":${deepList(9_000)}`,
  );
  const proof = await new CompactSign(Buffer.from(claims))
    .setProtectedHeader({ alg: 'ES256', typ: 'device-proof+jwt', jwk: key.publicKey })
    .sign(key.privateKey);
  const answer = await call(`${assent.url}/approver/devices`, { method: 'POST', body: { ...body, proof } });
  expect([answer.status, answer.json().code]).toEqual([400, 'proof_invalid']);
});

it.each([
  ['PUT', `{"users":[{"user_id":"auth0|d","name":"D","user_metadata":{"a":${deepList(20_000)}}}]}`],
  ['PATCH', `{"unimitated":{"prompts/x":${deepList(20_000)}}}`],
  ['PATCH', `{"zzz":${deepList(200_000)}}`],
])('%s of a tenant that is nested beyond measure changes nothing', async (method, body) => {
  const before = (await call(`${assent.url}/control/tenant`)).text;
  const answer = await sendTenant(method, body);
  expect(answer.json()).toMatchObject({
    status: 400,
    detail: 'Received a body that is nested more than 100 deep.',
  });
  expect((await call(`${assent.url}/control/tenant`)).text).toBe(before);
});

it('metadata that is nested beyond measure is refused by the Management API', async () => {
  const administrator = await administratorOf(assent);
  const user_metadata = { a: JSON.parse(deepList(150)) };
  const answer = await administrator.patch('/users/auth0%7Cada', { user_metadata });
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ errorCode: 'invalid_body' });
});

it('a member that is called __proto__ is told like any other that does not belong here', async () => {
  const answer = await sendTenant(
    'PATCH',
    '{"users":[{"user_id":"auth0|ada","__proto__":{"blocked":true}}]}',
  );
  expect(answer.status).toBe(400);
  expect((await call(`${assent.url}/control/tenant`)).text).not.toContain('blocked');
});

it.each([
  ['members without number', Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`k${i}`, 1]))],
  ['a name without end', { ['k'.repeat(900_000)]: 1 }],
  ['clients with one mistake each', { clients: Array.from({ length: 5_000 }, () => ({ clientid: 1 })) }],
])(
  'a tenant of %s is refused within seconds',
  async (_, tenant) => {
    const answer = await sendTenant('PATCH', JSON.stringify(tenant));
    expect(answer.status).toBe(400);
    expect(answer.json().findings.length).toBeLessThanOrEqual(200);
  },
  10_000,
);

it('a path without end is told at once that it does not exist', async () => {
  expect(await statusFor(`/control/requestz/${'ab'.repeat(7_000)}/tracez`)).toBe(404);
});
