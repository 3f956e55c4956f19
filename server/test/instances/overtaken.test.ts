// What one instance has sent to the store arrives late: after another one has begun anew.
import { expect, test } from 'vitest';
import { startAssent } from '../../src/index.ts';
import { Agent, unlimitedBank } from '../agent.ts';
import { HeldWay } from '../faults/held-way.ts';
import { call } from '../http-call.ts';
import { startRedis } from '../redis-server.ts';

const common = { tls: false, issuer: 'http://assent.test/', config: unlimitedBank() };

test('a reset that arrives late takes away nothing of what began with another one', async () => {
  await using redis = await startRedis();
  await using way = await HeldWay.open(redis.port);
  await using slow = await startAssent({ ...common, store: way.urlOf() });
  await using quick = await startAssent({ ...common, store: redis.url });
  const before = await new Agent(quick).askFor();
  // A document that only a new beginning writes.
  const held = way.hold('founding');
  const resetting = slow.control.reset();
  await held;
  await quick.control.reset();
  const after = await new Agent(quick).askFor();
  way.release();
  await resetting;
  for (const server of [slow, quick]) {
    const agent = new Agent(server);
    expect((await agent.poll(before)).json().error).toBe('invalid_grant');
    expect((await agent.poll(after)).json().error).toMatch(/^(authorization_pending|slow_down)$/);
  }
});

test.each([
  ['is not there yet', '\r\ninstances\r\n'],
  ['is there, and looks after the others for the first time', '"beat":1'],
])(
  'an instance that another one overtakes while it starts, and %s, goes on in what is new',
  async (_, words) => {
    await using redis = await startRedis();
    await using way = await HeldWay.open(redis.port);
    await using first = await startAssent({ ...common, store: redis.url });
    // Of the document by which it says that it is there.
    const held = way.hold(words);
    const starting = startAssent({ ...common, store: way.urlOf() });
    await held;
    await first.control.reset();
    const authReqId = await new Agent(first).askFor();
    way.release();
    await using second = await starting;
    await second.control.approve('latest');
    expect((await new Agent(first).poll(authReqId)).status).toBe(200);
  },
);

test('an instance that another one overtakes while it starts, and that finds the store gone then, says so and starts nothing', async () => {
  await using redis = await startRedis();
  await using way = await HeldWay.open(redis.port);
  await using first = await startAssent({ ...common, store: redis.url });
  const held = way.hold('"beat":1');
  const starting = startAssent({ ...common, store: way.urlOf() });
  const failing = expect(starting).rejects.toMatchObject({ code: 'store_unavailable' });
  await held;
  await first.control.reset();
  // Asked when the store is opened, so by now once more.
  const opening = way.hold(':generation\r\n');
  way.release();
  await opening;
  await redis.kill();
  await failing;
});

test('an instance that another one overtakes while it stops tells whoever still asks, and stops', async () => {
  await using redis = await startRedis();
  await using way = await HeldWay.open(redis.port);
  await using first = await startAssent({ ...common, store: redis.url });
  const second = await startAssent({ ...common, store: way.urlOf() });
  // By which it looks whether anything is new before it answers.
  const held = way.hold('revisions:current');
  const asking = call(`${second.url}/control/requests`).catch(() => undefined);
  await held;
  const closing = second.close();
  await first.control.reset();
  way.release();
  const answer = await asking;
  // Where the connection was ended before, there is none.
  expect([undefined, 503]).toContain(answer?.status);
  await closing;
});
