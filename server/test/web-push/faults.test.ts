// Bad days on demand: what a test can have happen to the next messages of one device.
import { expect, test } from 'vitest';
import { PushWorld } from './push-world.ts';

test('the next sends to one device are answered as planned, others are not, and then all is well', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const other = await world.subscribePage();
  const { faults } = world.push;
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 503 }, 2);
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 429, retryAfterSeconds: 7 });
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 413 });
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 410 });
  const statuses: number[] = [];
  const retryAfter: Array<string | undefined> = [];
  for (const _ of Array.from({ length: 6 })) {
    const answer = await world.send(page.subscription, 'hello');
    statuses.push(answer.status);
    retryAfter.push(answer.headers['retry-after']);
    expect(await world.send(other.subscription, 'hello')).toMatchObject({ status: 201 });
  }
  expect(statuses).toEqual([503, 503, 429, 413, 410, 201]);
  expect(retryAfter).toEqual([undefined, undefined, '7', undefined, undefined, undefined]);
});

test('a message that would be refused anyway uses up no fault, and a plan can be taken back', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const { faults } = world.push;
  faults.plan(page.subscription.endpoint, { kind: 'answer', status: 503 }, 2);
  expect(await world.send(page.subscription, 'hello', { vapidKeys: null })).toMatchObject({ status: 401 });
  expect(await world.send(page.subscription, 'hello')).toMatchObject({ status: 503 });
  faults.clear(page.subscription.endpoint);
  expect(await world.send(page.subscription, 'hello')).toMatchObject({ status: 201 });
});

test('a lost message is accepted and never comes', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  world.push.faults.plan(page.subscription.endpoint, { kind: 'lose' });
  expect(await world.send(page.subscription, 'lost')).toMatchObject({ status: 201 });
  await world.send(page.subscription, 'next');
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('next');
});

test('a late message comes when its time has come, unless its TTL is over by then', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await using stream = await world.listen(page);
  world.push.faults.plan(page.subscription.endpoint, { kind: 'delay', delayMs: 5_000 }, 2);
  await world.send(page.subscription, 'late', { ttlSeconds: 60 });
  await world.send(page.subscription, 'too late', { ttlSeconds: 5 });
  await world.send(page.subscription, 'on time');
  expect((await world.read(page, stream)).text).toBe('on time');
  world.clock.advance(5_000);
  expect((await world.read(page, stream)).text).toBe('late');
  await world.send(page.subscription, 'end');
  expect((await world.read(page, stream)).text).toBe('end');
});

test('a message that comes twice has two ids, so that a browser shows both', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  world.push.faults.plan(page.subscription.endpoint, { kind: 'duplicate' });
  await world.send(page.subscription, 'twice', { topic: 'request-1' });
  await using stream = await world.listen(page);
  const [one, two] = [await world.read(page, stream), await world.read(page, stream)];
  expect([one.text, two.text]).toEqual(['twice', 'twice']);
  expect(one.path).not.toBe(two.path);
});
