// A store that is silent for longer than anybody is kept waiting, and does then what it was told. Callers were told that nobody knows;
// what has happened is told once the store is back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningAssent, startAssent } from '../../src/index.ts';
import { Agent } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';
import { startRedis, type TestRedis } from '../redis-server.ts';
import { CallbackReceiver } from '../standard/callback-receiver.ts';
import { bankThatCalls, TOKEN } from '../standard/called-agent.ts';
import { HeldWay } from './held-way.ts';

/** A server on a database of its own, so that all of them wait at the same time. */
class LateWorld implements AsyncDisposable {
  readonly way: HeldWay;
  readonly receiver: CallbackReceiver;
  readonly assent: RunningAssent;
  readonly pinger: Agent;

  private constructor(parts: Pick<LateWorld, 'way' | 'receiver' | 'assent'>) {
    this.way = parts.way;
    this.receiver = parts.receiver;
    this.assent = parts.assent;
    this.pinger = new Agent(this.assent, { client_id: 'pinger', client_secret: 'pinger-secret-not-real' });
  }

  static async open(database: number): Promise<LateWorld> {
    const way = await HeldWay.open(redis.port);
    const receiver = await CallbackReceiver.start();
    const config = bankThatCalls(receiver.url(), { ciba: { interval: 0.001 } });
    const assent = await startAssent({ tls: false, config, store: way.urlOf(database) });
    return new LateWorld({ way, receiver, assent });
  }

  ask(): Promise<string> {
    return this.pinger.askFor({ client_notification_token: TOKEN });
  }

  post(path: string, body: object): Promise<Answer> {
    return call(`${this.assent.url}/control/requests/${path}`, { method: 'POST', body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.assent.close();
    await this.receiver[Symbol.asyncDispose]();
    await this.way[Symbol.asyncDispose]();
  }
}

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

test.concurrent('a decision that was written late is told, and its client is called, once', {
  timeout: 30_000,
}, async () => {
  await using world = await LateWorld.open(0);
  const { assent, pinger, receiver, way } = world;
  const authReqId = await world.ask();
  const held = way.hold('"state":"approved"');
  const decided = await world.post(`${authReqId}/decision`, { decision: 'approve' });
  await held;
  expect([decided.status, decided.json().code, decided.json().hint]).toEqual([
    503,
    'store_unavailable',
    expect.stringContaining('it may have been done'),
  ]);
  way.release();
  expect((await receiver.callbacks(1)).at(-1)?.body).toEqual({ auth_req_id: authReqId });
  const story = (await assent.control.trace(authReqId)).map(({ type }) => type);
  expect(story.filter((type) => type.startsWith('decision.'))).toEqual(['decision.made']);
  expect((await pinger.poll(authReqId)).status).toBe(200);
});

test.concurrent('an end that was written late is told once', { timeout: 30_000 }, async () => {
  await using world = await LateWorld.open(1);
  const { assent, receiver, way } = world;
  const authReqId = await world.ask();
  const held = way.hold('"state":"expired"');
  const expired = await world.post(`${authReqId}/expire`, {});
  await held;
  expect(expired.status).toBe(503);
  way.release();
  expect((await receiver.callbacks(1)).at(-1)?.body).toEqual({ auth_req_id: authReqId });
  const story = (await assent.control.trace(authReqId)).map(({ type }) => type);
  expect(story.filter((type) => type === 'request.expired')).toHaveLength(1);
});

test.concurrent('a redemption that was cut off may have been made: the client is told so, and what became of it at its next poll', {
  timeout: 30_000,
}, async ({ expect }) => {
  await using world = await LateWorld.open(2);
  const { assent, pinger, way } = world;
  const authReqId = await world.ask();
  await assent.control.approve(authReqId);
  const held = way.hold('"state":"redeemed"');
  const polled = await pinger.poll(authReqId);
  await held;
  expect([polled.status, polled.json()]).toEqual([
    503,
    {
      error: 'temporarily_unavailable',
      error_description: expect.stringMatching(
        /Tokens may have been made and lost; that is answered invalid_grant/,
      ),
    },
  ]);
  way.release();
  // Until the store is back the answer may be another 503. The test's own expect: the shared one does not know the test any more once
  // one of those beside it has ended.
  await expect.poll(async () => (await pinger.poll(authReqId)).json().error).toBe('invalid_grant');
});

test.concurrent('tokens of a request that is spent are answered, also where the store goes away in that moment', {
  timeout: 30_000,
}, async () => {
  await using world = await LateWorld.open(3);
  const { assent, pinger, way } = world;
  const authReqId = await world.ask();
  await assent.control.approve(authReqId);
  const held = way.hold('issued-tokens');
  const polled = await pinger.poll(authReqId);
  await held;
  way.release();
  expect(polled.status).toBe(200);
  expect(polled.json()).toMatchObject({ access_token: expect.any(String) });
});
