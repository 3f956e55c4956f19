// What no client of ours sends, and anybody can: none of it may end the process, which is a test's or a developer's own.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { call } from '../http-call.ts';
import { World } from '../world.ts';

async function open(world: World): Promise<Socket> {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What nobody has caught from now on, until the test is over. */
function uncaught(): Error[] {
  const errors: Error[] = [];
  const note = (error: Error): void => void errors.push(error);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  return errors;
}

test('a target that is no URL is answered like any other that does not exist', async () => {
  await using world = await World.start();
  const errors = uncaught();
  for (const target of ['//', '//[', '//a:b/', '/\\', '*']) {
    const socket = await open(world);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${world.host}\r\nConnection: close\r\n\r\n`);
    expect([target, (await text(socket)).split('\r\n')[0]]).toEqual([target, 'HTTP/1.1 404 Not Found']);
  }
  expect(errors).toEqual([]);
});

test.each([
  ['that there is none of', '/nowhere', ''],
  ['that pages may not open', '/push/autopush', 'Origin: https://elsewhere.example\r\n'],
  ['and says it wrong', '/push/autopush', 'Sec-WebSocket-Version: 9\r\n'],
])(
  'whoever asks for a WebSocket %s, and is gone before the answer, harms nobody',
  async (_what, path, more) => {
    await using world = await World.start();
    const errors = uncaught();
    for (let round = 0; round < 10; round++) {
      const socket = await open(world);
      const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\n${more}`;
      const closed = once(socket, 'close');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${world.host}\r\n${upgrade}\r\n`, () =>
        socket.resetAndDestroy(),
      );
      await closed;
    }
    // Connections are taken in the order in which they came, so by now the server has met all of them.
    expect((await call(`${world.url}/control/health`)).status).toBe(200);
    expect(errors).toEqual([]);
  },
);
