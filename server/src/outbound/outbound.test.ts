// Calls with real sockets, of a server that nobody named and of documents that are none.
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createManualClock } from '../clock.ts';
import { Outbound } from './outbound.ts';

let server: Server;
let answer: (response: ServerResponse) => void;
let called: number;

beforeAll(async () => {
  called = 0;
  server = createServer((_request, response) => {
    called += 1;
    answer(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function open(notification_hosts: string[]): { outbound: Outbound; url: string } {
  const outbound = new Outbound({
    clock: createManualClock(0),
    ownCa: undefined,
    settings: () => ({ notification_hosts }),
  });
  onTestFinished(() => outbound.close());
  return { outbound, url: `http://localhost:${(server.address() as AddressInfo).port}/document` };
}

it('a host that nobody named is not connected to', async () => {
  const { outbound, url } = open(['client.example']);
  called = 0;
  expect(await outbound.call(url, { method: 'GET' })).toMatchObject({ result: 'forbidden' });
  expect(called).toBe(0);
});

it('a name that leads inside is not connected to, whatever is said of it; one that was named is', async () => {
  const { port } = server.address() as AddressInfo;
  const asked: string[] = [];
  const outboundOf = (notification_hosts: string[]): Outbound => {
    const outbound = new Outbound({
      clock: createManualClock(0),
      ownCa: undefined,
      settings: () => ({ notification_hosts }),
      findAddresses: async (hostname) => {
        asked.push(hostname);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    onTestFinished(() => outbound.close());
    return outbound;
  };
  answer = (response) => void response.end();
  called = 0;
  const inside = await outboundOf([]).call(`https://client.example:${port}/`, { method: 'POST', body: '{}' });
  expect(inside).toMatchObject({ result: 'forbidden', why: expect.stringContaining('127.0.0.1') });
  expect(called).toBe(0);
  const named = await outboundOf(['client.example']).call(`http://client.example:${port}/`, {
    method: 'GET',
  });
  expect(named).toMatchObject({ result: 'answered', status: 200 });
  expect(asked).toEqual(['client.example', 'client.example']);
});

it('a document is given as it is', async () => {
  const { outbound, url } = open(['localhost']);
  answer = (response) => void response.end('{"keys":[]}');
  expect(await outbound.fetchText(url)).toBe('{"keys":[]}');
});

it.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['an error', (response) => void response.writeHead(404).end('none'), /received 404/],
  ['a redirection', (response) => void response.writeHead(302, { Location: '/other' }).end(), /received 302/],
  ['more than anybody needs', (response) => void response.end('x'.repeat(300_000)), /at most 262144 bytes/],
  [
    'half of it',
    (response) =>
      void response.writeHead(200, { 'Content-Length': '9' }).write('x', () => response.destroy()),
    /localhost/,
  ],
])('%s is no document', async (_name, given, why) => {
  const { outbound, url } = open(['localhost']);
  answer = given;
  await expect(outbound.fetchText(url)).rejects.toThrow(why);
});

it('what is under way when it closes is given up', async () => {
  const { outbound, url } = open(['localhost']);
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  answer = () => resolve();
  const calling = outbound.call(url, { method: 'POST', body: '{}' });
  await arrived;
  outbound.close();
  expect(await calling).toEqual({ result: 'aborted' });
  expect(await outbound.call(url, { method: 'GET' })).toEqual({ result: 'aborted' });
});
