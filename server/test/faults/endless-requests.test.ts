// Whoever sends without end, or without haste, gets an answer or the end of the connection, and is in nobody's way. The server is a
// process of its own, so that what it weighs can be told.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../agent.ts';
import { call } from '../http-call.ts';
import { RawConnection } from './raw-connection.ts';
import { ServerUnderFault } from './server-under-fault.ts';

let server: ServerUnderFault;
beforeAll(async () => {
  server = await ServerUnderFault.start();
});
afterAll(() => server[Symbol.asyncDispose]());

const CHUNK = 'x'.repeat(64 * 1024);
const MOST_GROWTH_BYTES = 60_000_000;

async function rssBytes(): Promise<number> {
  const status = await readFile(`/proc/${server.command.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Resolves once the server has looked at all of its connections, over and over. */
async function lookAround(): Promise<void> {
  for (let round = 0; round < 300; round += 1) await call(`${server.url}/control/live`);
}

/** Every route that takes a body, as the server itself says, and those of the protocols. */
async function routesWithBody(): Promise<Array<[string, string]>> {
  const document = (await call(`${server.url}/control/openapi.json`)).json();
  const own = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['post', 'put', 'patch'].includes(method))
      .map((method): [string, string] => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x')]),
  );
  const ofProtocols: Array<[string, string]> = [
    ['POST', '/bc-authorize'],
    ['POST', '/oauth/token'],
    ['POST', '/oauth/par'],
    ['POST', '/oauth/revoke'],
    ['POST', '/oauth/device/code'],
    ['POST', '/authorize'],
    ['POST', '/userinfo'],
    ['POST', '/appliance-mfa/api/enroll'],
    ['POST', '/appliance-mfa/api/resolve-transaction'],
    ['POST', '/api/v2/clients'],
    ['PATCH', '/api/v2/clients/aiya'],
    ['POST', '/nowhere'],
  ];
  return [...own, ...ofProtocols];
}

test('a body without end is read to its end by no route: each answers, or closes, and nothing of it is kept', {
  timeout: 120_000,
}, async () => {
  // A snapshot may be large, and is read up to its limit.
  const routes = (await routesWithBody()).filter(([, path]) => path !== '/control/snapshot');
  expect(routes.length).toBeGreaterThan(30);
  const flood = async (): Promise<void> => {
    for (const [method, path] of routes) {
      for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
        await using connection = await RawConnection.open(server.url);
        connection.send(
          `${method} ${path} HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        await connection.floodWith(`${CHUNK.length.toString(16)}\r\n${CHUNK}\r\n`);
        // Routes that need no body answer as always. Whoever goes on sending may miss the answer: RFC 9112 §9.6.
        const status = /^HTTP\/1\.1 (\d)\d\d /.exec(connection.received)?.[1];
        if (status === '4') refused += 1;
        else if (status !== '2' && status !== undefined)
          outcomes.push([method, path, type, connection.received.slice(0, 200)]);
      }
    }
  };
  let refused = 0;
  const outcomes: unknown[] = [];
  // What is loaded and made once is there afterwards.
  await flood();
  const before = await rssBytes();
  await flood();
  await flood();
  expect(outcomes).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  expect(await rssBytes()).toBeLessThan(before + MOST_GROWTH_BYTES);
});

test('headers that are too many or too long are refused with 431 or left out, and the next request is served', async () => {
  const { host } = new URL(server.url);
  const long = `GET /control/live HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`;
  const many = `GET /control/live HTTP/1.1\r\nHost: ${host}\r\n${'X: y\r\n'.repeat(100_000)}\r\n`;
  for (const flood of [long, many]) {
    await using connection = await RawConnection.open(server.url);
    connection.send(flood);
    expect(await connection.closed()).toMatch(/^(HTTP\/1\.1 431 |$)/);
  }
  await using endless = await RawConnection.open(server.url);
  endless.send(`GET /control/live HTTP/1.1\r\nHost: ${host}\r\n`);
  await endless.floodWith(`X-More: ${'x'.repeat(4_000)}\r\n`);
  expect(endless.received).toMatch(/^(HTTP\/1\.1 431 |$)/);
  expect((await call(`${server.url}/control/live`)).status).toBe(200);
});

test.each([
  [
    'a body that waited to be asked for',
    'Expect: 100-continue\r\n',
    '',
    `1000\r\n${'x'.repeat(4_096)}\r\n`,
    /^(HTTP\/1\.1 100 Continue\r\n\r\n)?(HTTP\/1\.1 400 |$)/,
  ],
  ['notes on a chunk', '', 'e;', 'a'.repeat(4_096), /^(HTTP\/1\.1 413 |$)/],
  ['fields behind the body', '', '0\r\n', `X-More: ${'x'.repeat(4_000)}\r\n`, /^(HTTP\/1\.1 431 |$)/],
])('%s, without end: the connection is closed', async (_what, more, begin, again, answer) => {
  await using connection = await RawConnection.open(server.url);
  connection.send(
    `POST /oauth/token HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: application/x-www-form-urlencoded\r\n${more}Transfer-Encoding: chunked\r\n\r\n${begin}`,
  );
  await connection.floodWith(again);
  expect(connection.received).toMatch(answer);
});

test('requests that are sent one behind the other are answered in their order, also when one of them is refused', async () => {
  const { host } = new URL(server.url);
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const form = 'client_id=aiya';
  const post = `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
  await using connection = await RawConnection.open(server.url);
  const wave = get('/control/live') + post + get('/nowhere') + get('/.well-known/openid-configuration');
  connection.send(
    wave.repeat(50) + get('/control/live').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
  );
  const statuses = [...(await connection.closed()).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual([...Array.from({ length: 50 }, () => ['200', '401', '404', '200']).flat(), '200']);
});

function asking(agent: Agent, message: string): string {
  const form = new URLSearchParams({
    client_id: 'aiya',
    client_secret: 'aiya-secret-not-real',
    scope: 'openid',
    login_hint: agent.hint('auth0|ada'),
    binding_message: message,
  }).toString();
  return `POST /bc-authorize HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`;
}

const messages = async (): Promise<string[]> =>
  (await call(`${server.url}/control/requests`))
    .json()
    .requests.map(({ binding_message }: { binding_message: string }) => binding_message);

test('of requests whose answers nobody takes none is begun but the first ones, and all are answered to whoever reads again', {
  timeout: 60_000,
}, async () => {
  const agent = new Agent(server);
  await Promise.all(Array.from({ length: 300 }, () => agent.askFor()));
  const { host } = new URL(server.url);
  await using connection = await RawConnection.open(server.url);
  connection.stopReading();
  // Far more than any system keeps of what is not read.
  connection.send(`GET /control/trace HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(100));
  connection.send(asking(agent, 'BEHIND-1'));
  connection.send(`GET /control/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (let round = 0; round < 20; round += 1) expect(await messages()).not.toContain('BEHIND-1');
  connection.goOnReading();
  const statuses = [...(await connection.closed()).matchAll(/HTTP\/1\.1 (\d+) \w+\r\n/g)].map(
    ([, status]) => status,
  );
  expect(statuses).toEqual(Array.from({ length: 102 }, () => '200'));
  expect(await messages()).toContain('BEHIND-1');
});

test.each([
  ['a stream', 'GET /control/events', 1],
  ['answers that nobody takes', 'GET /control/openapi.json', 300],
])(
  'requests without number behind %s are not read, and cost nothing',
  { timeout: 60_000 },
  async (_what, first, times) => {
    const before = await rssBytes();
    const headers = `HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`;
    await using connection = await RawConnection.open(server.url);
    connection.stopReading();
    connection.send(`${first} ${headers}`.repeat(times));
    // Far more than any system keeps on the way.
    connection.send(`GET /control/live ${headers}`.repeat(1_500_000));
    await lookAround();
    expect(await rssBytes()).toBeLessThan(before + MOST_GROWTH_BYTES);
  },
);

test('requests behind a stream bring along no more than a few of them may, however large they are', {
  timeout: 60_000,
}, async () => {
  const before = await rssBytes();
  const { host } = new URL(server.url);
  // As much as is taken of headers, and kept of a body that nobody reads yet.
  const large = `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${'x'.repeat(14_000)}\r\nContent-Length: 60000\r\n\r\n${'x'.repeat(60_000)}`;
  await using one = await RawConnection.open(server.url);
  await using other = await RawConnection.open(server.url);
  for (const connection of [one, other]) {
    connection.send(`GET /control/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    for (let sent = 0; sent < 900; sent += 1) connection.send(large);
  }
  await lookAround();
  expect(await rssBytes()).toBeLessThan(before + MOST_GROWTH_BYTES);
});
