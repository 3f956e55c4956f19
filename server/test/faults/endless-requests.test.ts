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
  expect(refused).toBeGreaterThan(routes.length);
  expect(await rssBytes()).toBeLessThan(before + MOST_GROWTH_BYTES);
});

test('five hundred connections that never finish their headers keep nobody out, and are ended', {
  timeout: 120_000,
}, async () => {
  const { host } = new URL(server.url);
  const slow = await Promise.all(
    Array.from({ length: 500 }, async (_, index) => {
      const connection = await RawConnection.open(server.url);
      // Some say nothing at all.
      if (index % 2 === 1) connection.send(`POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `);
      return connection;
    }),
  );
  const agent = new Agent(server);
  const authReqId = await agent.askFor();
  expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
  const ended = await Promise.all(slow.map((connection) => connection.closed()));
  expect(new Set(ended.map((text) => text.split('\r\n')[0]))).toEqual(
    new Set(['HTTP/1.1 408 Request Timeout']),
  );
  expect((await agent.poll(authReqId)).status).toBe(400);
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
