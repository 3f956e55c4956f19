// Whoever begins something and does not go on, or goes on a byte at a time, is let go in the end; nobody else waits for that. The
// times are those of docs/limits.md. All of it is waited for at once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { RawConnection } from './raw-connection.ts';
import { ServerUnderFault } from './server-under-fault.ts';

vi.setConfig({ testTimeout: 120_000 });

let server: ServerUnderFault;
let secure: RunningAssent;
let folder: string;

beforeAll(async () => {
  server = await ServerUnderFault.start();
  folder = await mkdtemp(join(tmpdir(), 'assent-slow-'));
  secure = await startAssent({ dataFolder: folder, config: unlimitedBank() });
});
afterAll(async () => {
  await secure.close();
  await rm(folder, { recursive: true });
  await server[Symbol.asyncDispose]();
});

/** One connection for each of `beginnings`, over and over. */
function openMany(url: string, count: number, beginnings: readonly string[]): Promise<RawConnection[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const connection = await RawConnection.open(url);
      const beginning = beginnings[index % beginnings.length] ?? '';
      if (beginning !== '') connection.send(beginning);
      return connection;
    }),
  );
}

/** Goes on byte by byte, which must not keep it there. */
async function drip(connection: RawConnection, byte: string): Promise<void> {
  const dripping = setInterval(() => connection.send(byte), 500);
  await connection.closed();
  clearInterval(dripping);
}

async function expectServed(asked: ConstructorParameters<typeof Agent>[0]): Promise<void> {
  const agent = new Agent(asked);
  const authReqId = await agent.askFor();
  expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
}

async function expectTimeouts(connections: readonly RawConnection[]): Promise<void> {
  const ended = await Promise.all(connections.map((connection) => connection.closed()));
  expect(new Set(ended.map((text) => text.split('\r\n')[0]))).toEqual(
    new Set(['HTTP/1.1 408 Request Timeout']),
  );
}

describe.concurrent('keeps nobody else waiting, and is let go:', () => {
  test('five hundred who never finish their headers', async () => {
    const { host } = new URL(server.url);
    // Some say nothing at all.
    const slow = await openMany(server.url, 500, [
      `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
      '',
    ]);
    for (const connection of slow.filter((_, index) => index % 50 === 0)) void drip(connection, 'x');
    await expectServed(server);
    await expectTimeouts(slow);
  });

  test.each([
    ['POST', '/oauth/token', 'application/x-www-form-urlencoded', 'Content-Length: 40000', 'x'],
    ['PATCH', '/control/tenant', 'application/json', 'Transfer-Encoding: chunked', '1\r\nx\r\n'],
    ['PUT', '/control/snapshot', 'application/json', 'Content-Length: 100000000', 'x'],
  ])('a hundred who never finish the body of %s %s', async (method, path, type, length, byte) => {
    const { host } = new URL(server.url);
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${type}\r\n${length}\r\n\r\n`;
    const slow = await openMany(server.url, 100, [head, head + byte]);
    for (const connection of slow.slice(0, 20)) void drip(connection, byte);
    await expectServed(server);
    await expectTimeouts(slow);
  });

  test('three hundred who never finish the handshake of TLS', async () => {
    // A record of a ClientHello, of which some come to the middle. RFC 8446 §5.1.
    const record = '\x16\x03\x01\x02\x00';
    const slow = await openMany(secure.url, 300, ['', record, `${record}\x01\x00\x01\xfc\x03\x03`]);
    for (const connection of slow.slice(0, 20)) void drip(connection, '\x00');
    await expectServed(secure);
    await Promise.all(slow.map((connection) => connection.closed()));
  });
});
