// The store of a server is a Redis that is silent, slow or gone for a while: callers are told to come back, what was
// acknowledged is there afterwards, and the server never has to be started again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { startRedis, type TestRedis } from '../redis-server.ts';
import { ServerUnderFault } from './server-under-fault.ts';

let redis: TestRedis;
let server: ServerUnderFault;
let agent: Agent;
let waiting: string;

beforeAll(async () => {
  redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
  server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--store', redis.url],
  });
  agent = new Agent(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  waiting = await agent.askFor({ binding_message: 'WAITS' });
});

const decide = () =>
  call(`${server.url}/control/requests/${waiting}/decision`, {
    method: 'POST',
    body: { decision: 'approve' },
  });

/** OAuth endpoints in their words, others in ours; nobody gets a 500, and each is told when to come back. */
async function expectRefusals(): Promise<void> {
  const [asked, polled, decided] = await Promise.all([agent.ask(), agent.poll(waiting), decide()]);
  for (const answer of [asked, polled]) {
    expect([answer.status, answer.headers['retry-after'], answer.json().error]).toEqual([
      503,
      '1',
      'temporarily_unavailable',
    ]);
  }
  expect([decided.status, decided.headers['retry-after'], decided.json().code]).toEqual([
    503,
    '1',
    'store_unavailable',
  ]);
}

/** What is asked while the connection comes back waits for it. */
async function expectAllAsBefore(): Promise<void> {
  expect((await agent.poll(waiting)).json().error).toMatch(/^(authorization_pending|slow_down)$/);
  expect((await decide()).json().approval).toMatchObject({ state: 'approved', binding_message: 'WAITS' });
  expect((await agent.poll(waiting)).status).toBe(200);
  expect((await agent.poll(waiting)).json().error).toBe('invalid_grant');
}

test('a Redis that is killed and started again', { timeout: 60_000 }, async () => {
  await redis.kill();
  await expectRefusals();
  await redis.start();
  await expectAllAsBefore();
});

test('a Redis that hangs', { timeout: 60_000 }, async () => {
  redis.pause();
  const refused = expectRefusals();
  await refused.finally(() => redis.resume());
  // The decision was on its way when Redis hung, so it may have been made. Nobody was told that it counts.
  const again = (await decide()).json();
  expect(again.result).toMatch(/^(decided|already_decided)$/);
  expect(again.approval.state).toBe('approved');
  expect((await agent.poll(waiting)).status).toBe(200);
});

test('a Redis that is slow for a moment keeps callers waiting, and refuses nobody', {
  timeout: 60_000,
}, async () => {
  redis.run('CLIENT', 'PAUSE', '1000', 'ALL');
  await expectAllAsBefore();
});

test('a Redis that has no room left', { timeout: 60_000 }, async () => {
  redis.run('CONFIG', 'SET', 'maxmemory', '1');
  const refused = await agent.ask();
  expect([refused.status, refused.json().error]).toEqual([503, 'temporarily_unavailable']);
  redis.run('CONFIG', 'SET', 'maxmemory', '0');
  await expectAllAsBefore();
});
