// Event streams on which nothing happens: each costs little, and a request is served beside them. STREAMS asks for more of them;
// docs/limits.md says what ten thousand weigh.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Agent } from '../agent.ts';
import { RawConnection } from './raw-connection.ts';
import { ServerUnderFault } from './server-under-fault.ts';

const STREAMS = Number(process.env['STREAMS'] ?? 1_000);
const AT_ONCE = 100;
/** Several times what one weighs. */
const MOST_BYTES_EACH = 100_000;

async function rssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

test(`${STREAMS} idle event streams are told of what happens, and let go at the end`, {
  timeout: 300_000,
}, async () => {
  await using server = await ServerUnderFault.start();
  const agent = new Agent(server);
  await agent.askFor();
  const before = await rssBytes(server.command.pid);
  const { host } = new URL(server.url);
  const streams: RawConnection[] = [];
  while (streams.length < STREAMS) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, STREAMS - streams.length) }, async () => {
        const stream = await RawConnection.open(server.url);
        stream.send(`GET /control/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        await stream.until((text) => text.includes('retry:'));
        return stream;
      }),
    );
    streams.push(...opened);
  }
  const bytesEach = ((await rssBytes(server.command.pid)) - before) / STREAMS;
  const authReqId = await agent.askFor({ binding_message: 'TOLD-TO-ALL' });
  expect((await agent.poll(authReqId)).json().error).toBe('authorization_pending');
  await Promise.all(streams.map((stream) => stream.until((text) => text.includes('TOLD-TO-ALL'))));
  const { code } = await server.command.stop();
  expect(code).toBe(0);
  await Promise.all(streams.map((stream) => stream.closed()));
  if (process.env['STREAMS'] !== undefined) process.stdout.write(`${Math.round(bytesEach)} bytes each\n`);
  expect(bytesEach).toBeLessThan(MOST_BYTES_EACH);
});

test('where the system lets it open few files, it turns away who does not fit, says so, and serves the others', async () => {
  await using server = await ServerUnderFault.start({
    limits: 'ulimit -n 200',
    words: ['--data', 'assent.db'],
  });
  const { host } = new URL(server.url);
  const streams = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const stream = await RawConnection.open(server.url);
      stream.send(`GET /control/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      return stream;
    }),
  );
  await server.command.says('TOO_MANY_CONNECTIONS');
  expect(server.command.output().stderr).toContain('this process may open 200 files');
  for (const stream of streams) await stream[Symbol.asyncDispose]();
  // What has ended makes room.
  await new Agent(server).askFor();
});
