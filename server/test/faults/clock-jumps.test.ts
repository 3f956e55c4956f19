// The clock of the computer jumps while the server is away, as after a night of sleep or a correction. A library of the system
// stands between the process and the time.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { ServerUnderFault } from './server-under-fault.ts';

/** Where Debian's package `faketime` puts it. */
const found = spawnSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1'], { encoding: 'utf8' }).stdout;
const library = found.split('\n')[0] ?? '';

test.skipIf(library === '').each([
  ['an hour forward, requests have ended', '+1h', 'expired'],
  ['an hour back, requests still wait, and can be answered', '-1h', 'approved'],
])('%s', async (_what, jump, state) => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  const authReqId = await agent.askFor();
  await server.command.stop();
  await server.again({ env: { LD_PRELOAD: library, FAKETIME: jump, FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
  const decided = await call(`${server.url}/control/requests/${authReqId}/decision`, {
    method: 'POST',
    body: { decision: 'approve' },
  });
  expect(decided.json().approval.state).toBe(state);
  expect((await agent.poll(authReqId)).status).toBe(state === 'approved' ? 200 : 400);
  // New ones are not touched by it.
  const next = await agent.askFor();
  expect((await agent.poll(next)).json().error).toBe('authorization_pending');
  await server.command.stop();
});
