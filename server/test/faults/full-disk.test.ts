// The disk takes no more: what cannot be kept is refused and not acknowledged, and goes on when there is room. A limit on the size
// of files stands in for the disk; SQLite meets either the same way.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { runCommand } from '../command.ts';
import { call } from '../http-call.ts';
import { ServerUnderFault } from './server-under-fault.ts';

const run = promisify(execFile);

/** No file of that process may grow beyond so many bytes from now on. */
async function limitFiles(pid: number, bytes: number | 'unlimited'): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

test('while nothing can be written, requests and decisions are refused with 503 and do not count; afterwards they do', async () => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  const before = await agent.askFor();

  await limitFiles(server.command.pid, 1);
  const refused = await agent.ask({ binding_message: 'LOST' });
  expect([refused.status, refused.headers['retry-after'], refused.json()]).toEqual([
    503,
    '1',
    {
      error: 'temporarily_unavailable',
      error_description: expect.stringMatching(/cannot be used right now: the disk (is full|fails)\.$/),
    },
  ]);
  const decision = () =>
    call(`${server.url}/control/requests/${before}/decision`, {
      method: 'POST',
      body: { decision: 'approve' },
    });
  expect((await decision()).json()).toMatchObject({ code: 'store_unavailable', status: 503 });
  expect((await agent.poll(before)).json().error).toBe('authorization_pending');

  await limitFiles(server.command.pid, 'unlimited');
  expect((await decision()).json().result).toBe('decided');
  const after = await agent.askFor({ binding_message: 'KEPT' });
  expect((await agent.poll(before)).status).toBe(200);
  // Once for each, however many were refused.
  const { stderr } = server.command.output();
  expect(stderr.match(/AssentWarning: .*/g)).toEqual([
    expect.stringMatching(/The data file \S+ cannot be used: the disk (is full|fails)\. /),
    expect.stringMatching(/The data file \S+ can be used again\./),
  ]);

  await server.command.stop('SIGKILL');
  await server.again();
  const { requests } = (await call(`${server.url}/control/requests`)).json();
  expect(
    requests.map(({ binding_message, state }: Record<string, string>) => [binding_message, state]),
  ).toEqual([
    ['KEPT', 'pending'],
    ['RENT-4K9', 'redeemed'],
  ]);
  expect((await agent.poll(after)).json().error).toBe('authorization_pending');
});

// Nobody may write there, whoever it is.
test.each([
  [['--data', '/proc/assent/assent.db'], 'The data file /proc/assent/assent.db cannot be opened'],
  [['--data-folder', '/proc/assent'], '/proc/assent'],
])('a folder that may only be read (%j) is refused at the start, in words', async (words, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-fault-'));
  const { code, stdout, stderr } = await runCommand(['start', '--http', '--port', '0', ...words], { folder });
  await rm(folder, { recursive: true });
  expect([code === 1 || code === 2, stdout]).toEqual([true, '']);
  expect(stderr).toContain(told);
  expect(stderr).not.toMatch(/^\s+at /m);
});
