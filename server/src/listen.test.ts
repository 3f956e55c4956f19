import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, get, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type Listening, listen } from './listen.ts';
import { Problem } from './problem.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const hello: RequestListener = (_request, response) => void response.end('hello');

async function start(listener: RequestListener, port = 0): Promise<Listening> {
  const server = await listen({ listener, host: '127.0.0.1', port });
  open.push(server);
  return server;
}

test('a busy port names its owner and what to type instead', async () => {
  const { port } = await start(hello);
  const problem = await start(hello, port).catch((error: unknown) => error);
  if (!(problem instanceof Problem)) throw new Error('expected a Problem');
  expect(problem.code).toBe('port_in_use');
  const owner = existsSync('/proc/net/tcp') ? `(.+), pid ${process.pid}` : '.*';
  expect(problem.message).toMatch(new RegExp(`^Port ${port} is in use \\(${owner}\\)\\.$`));
  const suggested = Number(/assent --port (\d+)\n/.exec(problem.hint ?? '')?.[1]);
  expect(suggested).toBeGreaterThan(port);
  expect((await start(hello, suggested)).port).toBe(suggested);
});

test('an address of another computer is explained', async () => {
  const problem = listen({ listener: hello, host: '192.0.2.1', port: 0 });
  await expect(problem).rejects.toMatchObject({
    code: 'usage',
    message: '"192.0.2.1" is not an address of this computer.',
  });
});

test('closing ends event streams, idle connections and connections that never spoke', async () => {
  const server = await start((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: first\n\n');
    if (request.url === '/short') response.end();
  });
  const agent = new Agent({ keepAlive: true });
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');

  const [short] = await once(get({ port: server.port, path: '/short', agent }), 'response');
  await short.resume().once('end', () => undefined);
  await once(short, 'close');
  const [stream] = await once(get({ port: server.port, path: '/long' }), 'response');
  const streamEnd = once(stream.resume(), 'error');
  const silentEnd = once(silent.resume(), 'close');

  await server.close();

  await Promise.all([streamEnd, silentEnd]);
  agent.destroy();
});

test('closing twice is closing once', async () => {
  const server = await start(hello);
  await server.close();
  await server.close();
});

test('a thousand requests behind one that waits are answered in their order, each with its body', async () => {
  const opened = Promise.withResolvers<void>();
  const server = await start(async (request, response) => {
    const body = await text(request);
    if (request.url === '/0') await opened.promise;
    if (request.url === '/999') response.setHeader('Connection', 'close');
    response.end(`<${request.url} ${body.length}>`);
  });
  const socket = connect(server.port, '127.0.0.1');
  // Some are longer than what is read at once, and than what is kept of a body that nobody reads.
  const sizes = Array.from({ length: 1_000 }, (_, at) => (at % 100 === 7 ? 200_000 : at % 50));
  for (const [at, size] of sizes.entries()) {
    socket.write(`POST /${at} HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`);
  }
  const sent = text(socket);
  // Whoever comes on another connection is answered meanwhile.
  const [other] = await once(get({ port: server.port, path: '/1' }), 'response');
  expect(await text(other)).toBe('</1 0>');
  opened.resolve();
  const answers = (await sent).match(/<[^>]+>/g);
  expect(answers).toEqual(sizes.map((size, at) => `</${at} ${size}>`));
});

test('a request that waited for its turn is no part of the one before it', async () => {
  const current = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  const server = await start((request, response) => {
    seen.push([request.url, current.getStore()]);
    if (request.url === '/last') response.setHeader('Connection', 'close');
    current.run(`of ${request.url}`, () => setImmediate(() => response.end()));
  });
  const socket = connect(server.port, '127.0.0.1').resume();
  socket.write(['/first', '/last'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  await once(socket, 'close');
  expect(seen).toEqual([
    ['/first', undefined],
    ['/last', undefined],
  ]);
});

test.each([
  ['CONNECT elsewhere:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
])('the answer to %j is never taken for that of the request before it', async (behind) => {
  const server = await start((_request, response) => void setImmediate(() => response.end('hello')));
  const socket = connect(server.port, '127.0.0.1');
  const received = text(socket);
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n${behind}`);
  expect(await received).toBe('');
});
