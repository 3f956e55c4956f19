import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, get, type RequestListener } from 'node:http';
import { connect } from 'node:net';
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
