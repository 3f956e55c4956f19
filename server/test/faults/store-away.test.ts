// The store of a server is a Redis that is silent, slow or gone for a while: callers are told to come back, what was
// acknowledged is there afterwards, and the server never has to be started again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createControlClient } from '../../src/control-client.ts';
import { Agent } from '../agent.ts';
import { call } from '../http-call.ts';
import { startRedis, type TestRedis } from '../redis-server.ts';
import { CallbackReceiver } from '../standard/callback-receiver.ts';
import { bankThatCalls, TOKEN } from '../standard/called-agent.ts';
import { ServerUnderFault } from './server-under-fault.ts';

let receiver: CallbackReceiver;
let redis: TestRedis;
let server: ServerUnderFault;
let agent: Agent;
let waiting: string;

beforeAll(async () => {
  redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
  receiver = await CallbackReceiver.start();
  server = await ServerUnderFault.start({
    config: bankThatCalls(receiver.url(), { ciba: { interval: 0.001 } }),
    words: ['--store', redis.url],
  });
  agent = new Agent(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(async () => {
  waiting = await agent.askFor({ binding_message: 'WAITS' });
});

const decide = () =>
  call(`${server.url}/control/requests/${waiting}/decision`, {
    method: 'POST',
    body: { decision: 'approve' },
  });

async function typesOf(authReqId: string): Promise<string[]> {
  const events = await createControlClient({ url: server.url }).trace(authReqId);
  return events.map(({ type }) => type);
}

/** OAuth endpoints in their words, others in ours; nobody gets a 500, and each is told when to come back. */
async function expectRefusals(): Promise<void> {
  const [asked, polled, decided] = await Promise.all([agent.ask(), agent.poll(waiting), decide()]);
  for (const answer of [asked, polled]) {
    expect([answer.status, answer.headers['retry-after'], answer.json().error]).toEqual([
      503,
      '1',
      'temporarily_unavailable',
    ]);
    // It was away before any of them began, so nobody has to fear for tokens, or look for a request.
    expect(answer.json().error_description).toContain('nothing has been done');
    expect(answer.json().error_description).not.toContain('may have been');
  }
  expect([decided.status, decided.headers['retry-after'], decided.json().code, decided.json().hint]).toEqual([
    503,
    '1',
    'store_unavailable',
    expect.stringContaining('nothing has been done'),
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

test('what ended while Redis was away is told of once it is back', { timeout: 60_000 }, async () => {
  const pinger = new Agent(server, { client_id: 'pinger', client_secret: 'pinger-secret-not-real' });
  const short = await pinger.askFor({ client_notification_token: TOKEN, requested_expiry: '2' });
  const before = receiver.received.length;
  await redis.kill();
  // It is waited for longer than the request lasts.
  expect((await agent.ask()).status).toBe(503);
  await redis.start();
  const called = (await receiver.callbacks(before + 1)).at(-1);
  expect(called?.body).toEqual({ auth_req_id: short });
  expect((await typesOf(short)).filter((type) => type === 'request.expired')).toHaveLength(1);
});

test('a client that was called while Redis went away is not called again for that', {
  timeout: 60_000,
}, async () => {
  const pinger = new Agent(server, { client_id: 'pinger', client_secret: 'pinger-secret-not-real' });
  const authReqId = await pinger.askFor({ client_notification_token: TOKEN });
  const before = receiver.received.length;
  receiver.replies.push(async (response) => {
    await redis.kill();
    response.writeHead(204).end();
  });
  const decided = call(`${server.url}/control/requests/${authReqId}/decision`, {
    method: 'POST',
    body: { decision: 'approve' },
  });
  await receiver.callbacks(before + 1);
  await redis.start();
  await decided;
  await expect.poll(() => typesOf(authReqId)).toContain('callback.sent');
  expect(receiver.received).toHaveLength(before + 1);
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
  // Reading goes on, also of a story whose newest events could not be written.
  expect(await typesOf(waiting)).toContain('request.received');
  redis.run('CONFIG', 'SET', 'maxmemory', '0');
  await expectAllAsBefore();
});

test('a Redis that has no room left for a new beginning, which is told once however often that is tried', {
  timeout: 60_000,
}, async () => {
  const before = server.warned().length;
  redis.run('CONFIG', 'SET', 'maxmemory', '1');
  const reset = await call(`${server.url}/control/reset`, { method: 'POST', body: {} });
  expect([reset.status, reset.json().code]).toEqual([503, 'store_unavailable']);
  // Said of the first world that could not be opened; others are tried until one can.
  await expect.poll(() => server.warned().slice(before)).toContain('FAILED');
  redis.run('CONFIG', 'SET', 'maxmemory', '0');
  await expect.poll(async () => (await agent.poll(waiting)).status).toBe(400);
  await expectAllAsBefore();
  const told = () => server.warned().slice(before);
  await expect.poll(told).toEqual(['STORE_UNAVAILABLE', 'FAILED', 'STORE_AVAILABLE']);
});
