import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { createManualClock } from '../clock.ts';
import { type EventStream, openEventStream } from './event-stream.ts';

/** A server whose every answer is a stream; gives the streams as they are opened. */
async function serveStreams() {
  const clock = createManualClock(0);
  const shutdown = new AbortController();
  const opened = Promise.withResolvers<EventStream>();
  const app = new Koa();
  // Readers that leave are what these tests are about.
  app.silent = true;
  app.use((ctx) => {
    const stream = openEventStream(ctx, { clock, shutdown: shutdown.signal });
    if (stream) opened.resolve(stream);
  });
  const server = createServer(app.callback());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    port,
    opened: opened.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('a reader that does not read is dropped instead of buffered for', async () => {
  await using server = await serveStreams();
  const socket = connect(server.port, '127.0.0.1').pause();
  socket.on('error', () => {
    // Being dropped is what this test waits for.
  });
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const stream = await server.opened;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  let sentBytes = 0;
  // The operating system buffers a few megabytes by itself; a stream without a limit would take all of this.
  for (; !stream.isOver && sentBytes < 100_000_000; sentBytes += 100_000) {
    stream.send({ event: 'big', data: 'x'.repeat(100_000) });
    await new Promise(setImmediate);
  }
  await closed;
  expect(sentBytes).toBeLessThan(100_000_000);
  socket.resume();
  await once(socket, 'close');
});

test('a reader that leaves takes its heartbeat along', async () => {
  await using server = await serveStreams();
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const stream = await server.opened;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  socket.destroy();
  await closed;
  const before = stream.readableLength;
  server.clock.advance(60_000);
  expect([stream.isOver, stream.readableLength]).toEqual([true, before]);
});
