// The relay: a page listens, and misses nothing that it has not acknowledged.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PushWorld, START_MS } from './push-world.ts';

test('a page that listens is handed the encrypted body as it was sent', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await using stream = await world.listen(page);
  await world.send(page.subscription, 'grüße');
  const { id, data } = await stream.nextOf('push');
  expect(data).toEqual({
    message: `${world.origin}/push/message/${id}`,
    body: expect.stringMatching(/^[\w-]+$/),
  });
  expect(page.keys.open(Buffer.from(data.body, 'base64url')).text).toBe('grüße');
  await world.send(page.subscription, null);
  expect((await stream.nextOf('push')).data.body).toBe('');
});

test('a message comes again until it is acknowledged by DELETE (RFC 8030 §6.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await world.send(page.subscription, 'first');
  await world.send(page.subscription, 'second');
  {
    await using stream = await world.listen(page);
    const first = await world.read(page, stream);
    expect(first.text).toBe('first');
    expect((await world.read(page, stream)).text).toBe('second');
    expect((await world.call(first.path, { method: 'DELETE' })).status).toBe(204);
  }
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('second');
});

test('two open pages both hear, and what one acknowledges does not come again', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await using one = await world.listen(page);
  await using two = await world.listen(page);
  await world.send(page.subscription, 'hello');
  const { path, text } = await world.read(page, one);
  expect(await world.read(page, two)).toEqual({ path, text });
  await world.call(path, { method: 'DELETE' });
  await world.send(page.subscription, 'next');
  await using later = await world.listen(page);
  for (const stream of [one, two, later]) expect((await world.read(page, stream)).text).toBe('next');
});

test('nobody hears what was sent to somebody else', async () => {
  await using world = await PushWorld.start();
  const ada = await world.subscribePage();
  const grace = await world.subscribePage();
  await using stream = await world.listen(grace);
  await world.send(ada.subscription, 'for Ada');
  await world.send(grace.subscription, 'for Grace');
  expect((await world.read(grace, stream)).text).toBe('for Grace');
});

test('a message takes the place of one with its topic that still waits, and of no other (RFC 8030 §5.4)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const other = await world.subscribePage();
  const first = await world.send(page.subscription, 'asked', { topic: 'request-1' });
  await world.send(page.subscription, 'asked too', { topic: 'request-2' });
  await world.send(page.subscription, 'without topic');
  await world.send(other.subscription, 'of another device', { topic: 'request-1' });
  await world.send(page.subscription, 'decided', { topic: 'request-1' });
  await using stream = await world.listen(page);
  for (const expected of ['asked too', 'without topic', 'decided']) {
    expect((await world.read(page, stream)).text).toBe(expected);
  }
  await using otherStream = await world.listen(other);
  expect((await world.read(other, otherStream)).text).toBe('of another device');
  const { pathname } = new URL(first.headers['location'] ?? '');
  expect((await world.call(pathname, { method: 'DELETE' })).status).toBe(404);
});

test('of many messages with one topic that arrive at once, one stays', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const texts = Array.from({ length: 20 }, (_, number) => `version ${number}`);
  await Promise.all(texts.map((text) => world.send(page.subscription, text, { topic: 'request-1' })));
  await world.send(page.subscription, 'end');
  await using stream = await world.listen(page);
  expect(texts).toContain((await world.read(page, stream)).text);
  expect((await world.read(page, stream)).text).toBe('end');
});

test('a message waits as long as its TTL and not longer (RFC 8030 §5.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await world.send(page.subscription, 'short', { ttlSeconds: 30 });
  await world.send(page.subscription, 'long', { ttlSeconds: 31 });
  world.clock.advance(30_000);
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('long');
});

test('a TTL of zero reaches who listens now, and nobody later (RFC 8030 §5.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const missed = await world.send(page.subscription, 'missed', { ttlSeconds: 0 });
  expect(missed).toMatchObject({ status: 201, headers: { ttl: '0' } });
  {
    await using stream = await world.listen(page);
    await world.send(page.subscription, 'heard', { ttlSeconds: 0 });
    expect((await world.read(page, stream)).text).toBe('heard');
  }
  await world.send(page.subscription, 'end');
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('end');
});

test('subscriptions and messages outlive a restart', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await world.send(page.subscription, 'before');
  await world.stopPush();
  await world.startPush();
  await world.send(page.subscription, 'after');
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('before');
  expect((await world.read(page, stream)).text).toBe('after');
});

test('a stream beats while nothing happens, and ends when the page unsubscribes', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await using stream = await world.listen(page);
  await stream.nextContaining('retry: 2000');
  for (const _ of [1, 2, 3]) {
    world.clock.advance(15_000);
    await stream.nextContaining(':');
  }
  await world.call(page.path, { method: 'DELETE' });
  expect(await stream.next()).toBeUndefined();
  expect((await world.call(page.path)).status).toBe(404);
});

test('closing ends the streams and leaves no alarm behind', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  await using one = await world.listen(page);
  await using two = await world.listen(page);
  await one.nextContaining('retry');
  await two.nextContaining('retry');
  expect(world.clock.now()).toBe(START_MS);
  world.push.faults.plan(page.subscription.endpoint, { kind: 'delay', delayMs: 60_000 });
  await world.send(page.subscription, 'late');
  expect(world.clock.alarms).toBe(3);
  await world.stopPush();
  expect(await one.next()).toBeUndefined();
  expect(await two.next()).toBeUndefined();
  while (world.clock.alarms > 0) await turn();
});
