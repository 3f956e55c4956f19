// A server with Redis is started again, and Redis under a server that runs.
import { afterAll, expect, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { openRedisStore } from '../../src/tenant/redis/redis-store.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { call } from '../http-call.ts';
import { startRedis } from '../redis-server.ts';
import { describeRestart } from './restart.suite.ts';

const redis = await startRedis();
afterAll(() => redis[Symbol.asyncDispose]());

describeRestart('a server with Redis', {
  async empty() {
    redis.run('flushall');
  },
  options: () => ({ store: redis.url }),
  open: (clock) => openRedisStore({ url: redis.url, tenant: 'bank', clock, processId: 'test' }),
});

test('while Redis is away nothing is answered that is not so, and afterwards everything goes on', async () => {
  await using store = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
  await using assent = await startAssent({ config: unlimitedBank(), tls: false, store: store.url });
  const agent = new Agent(assent);
  const authReqId = await agent.askFor();
  await store.kill();
  const during = await agent.poll(authReqId);
  expect([during.status, during.json().error, during.headers['retry-after']]).toEqual([
    503,
    'temporarily_unavailable',
    '1',
  ]);
  const control = await call(`${assent.url}/control/requests`);
  expect([control.status, control.json().code]).toEqual([503, 'store_unavailable']);
  const health = await call(`${assent.url}/control/health`);
  expect([health.status, health.json().code]).toEqual([503, 'store_unavailable']);
  await store.start();
  await assent.control.approve(authReqId);
  expect((await agent.poll(authReqId)).status).toBe(200);
  expect((await agent.poll(authReqId)).json().error).toBe('invalid_grant');
});

test('a server stops while Redis is away', async () => {
  await using store = await startRedis();
  const assent = await startAssent({ config: unlimitedBank(), tls: false, store: store.url });
  await new Agent(assent).askFor();
  await store.kill();
  await assent.close();
});
