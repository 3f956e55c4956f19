import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readServerSentEvents } from './server-sent-events.ts';
import { createControlTransport } from './transport.ts';

type Visit = (response: ServerResponse) => void;

let stop = async (): Promise<void> => undefined;
afterEach(() => stop());

/** A server whose first visitor gets the first visit, and so on; after the last one it closes. */
async function serveVisits(visits: readonly Visit[]) {
  const lastIds: Array<IncomingMessage['headers'][string]> = [];
  const server = createServer((request, response) => {
    const visit = visits[lastIds.length];
    lastIds.push(request.headers['last-event-id']);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (lastIds.length === visits.length) server.close();
    visit?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  const transport = createControlTransport({ url: `http://127.0.0.1:${port}` });
  const events = readServerSentEvents({
    open: (lastId) =>
      transport.open({ path: '/', headers: lastId === undefined ? {} : { 'last-event-id': lastId } }),
  });
  return { events, lastIds };
}

test('an interrupted stream goes on after its last event, and ends when the server is gone', async () => {
  const { events, lastIds } = await serveVisits([
    (response) => response.write('id: 7\nevent: a\ndata: one\n\nid: 8\ndata: half', () => response.destroy()),
    (response) => response.end('id: 8\nevent: b\ndata: two\n\n'),
    (response) => response.end(),
  ]);
  const seen: string[] = [];
  for await (const { id, event, data } of events) seen.push(`${id} ${event} ${data}`);
  expect(seen).toEqual(['7 a one', '8 b two']);
  expect(lastIds).toEqual([undefined, '7', '8']);
});

test('comments, empty events, several data lines and characters cut in two are read as the standard says', async () => {
  const umlaut = Buffer.from('data: ü\n\n');
  const { events } = await serveVisits([
    (response) => {
      response.write(': beat\n\nretry: 5\n\ndata: one\ndata:two\n\n');
      response.write(umlaut.subarray(0, 7), () => response.end(umlaut.subarray(7)));
    },
  ]);
  const seen: string[] = [];
  for await (const { event, data } of events) seen.push(`${event} ${data}`);
  expect(seen).toEqual(['message one\ntwo', 'message ü']);
});
