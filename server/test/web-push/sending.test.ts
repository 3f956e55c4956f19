// What the sender does on a bad day, and where it never goes.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { enrol, open, startSending } from './sending-world.ts';

test('a message that is too large is sent once more with ids alone', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  world.service.reply({ status: 413 });
  const approval = await world.questions.ask();
  world.outbox.announce(approval, [phone]);
  expect(await world.outcomes(2)).toEqual(['phone: request too_large', 'phone: request accepted']);
  const [whole, short] = world.service.received.map((push) => open(phone, push));
  expect(whole?.body).not.toBe('');
  expect(short).toEqual({ ...whole, title: 'Somebody asks for your approval', body: '', code: '' });

  world.service.reply({ status: 413 }, { status: 413 });
  world.outbox.announce(await world.questions.ask(), [phone]);
  await world.outcomes(4);
  const next = await world.questions.ask();
  world.outbox.announce(next, [phone]);
  expect((await world.outcomes(5)).slice(2)).toEqual([
    'phone: request too_large',
    'phone: request too_large',
    'phone: request accepted',
  ]);
  expect(world.reports.at(-1)?.approval).toBe(next);
});

test('what ended before it could be sent is replaced by how it ended', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  world.service.reply({ status: 503, headers: { 'retry-after': '30' } });
  const approval = await world.questions.ask();
  world.outbox.announce(approval, [phone]);
  await world.outcomes(1);
  world.outbox.conclude(await world.questions.deny(approval), [phone]);
  world.clock.advance(30_000);
  expect(await world.outcomes(2)).toEqual(['phone: request retry_later', 'phone: ended accepted']);
  expect(world.service.received).toHaveLength(2);
});

test('what is due while the store is away is sent once it is back', async () => {
  const { promise: isAway, resolve: away } = Promise.withResolvers<void>();
  let tries = 0;
  await using world = await startSending({
    async beforeSending() {
      tries += 1;
      if (tries > 1) return;
      away();
      throw new Problem('store_unavailable', 'What this server keeps cannot be used right now.');
    },
  });
  const phone = enrol(world.service.origin, 'phone');
  world.outbox.announce(await world.questions.ask(), [phone]);
  await isAway;
  await expect
    .poll(() => {
      world.clock.advance(2_000);
      return world.reports.length;
    })
    .toBe(1);
  expect(await world.outcomes(1)).toEqual(['phone: request accepted']);
});

test('what ended while it was being sent is told afterwards', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const { promise, resolve } = Promise.withResolvers<void>();
  world.service.reply({ status: 201, after: promise });
  const approval = await world.questions.ask();
  world.outbox.announce(approval, [phone]);
  await world.service.arrival(1);
  world.outbox.conclude(await world.questions.deny(approval), [phone]);
  resolve();
  expect(await world.outcomes(2)).toEqual(['phone: request accepted', 'phone: ended accepted']);
});

test('a request that expired is taken back, with a TTL of its own', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const approval = await world.questions.ask({ expiresInSeconds: 60 });
  world.clock.advance(60_000);
  world.outbox.announce(approval, [phone]);
  world.outbox.conclude(approval, [phone]);
  expect(await world.outcomes(1)).toEqual(['phone: ended accepted']);
  expect(open(phone, world.service.received[0])).toMatchObject({ kind: 'ended', state: 'expired' });
  expect(world.service.received[0]?.headers['ttl']).toBe('300');
});

test('a redirection is not followed', async () => {
  await using world = await startSending();
  const visitors: string[] = [];
  const victim = createServer((request, response) => {
    visitors.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(victim, 'listening');
  const address = victim.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const phone = enrol(world.service.origin, 'phone');
  for (const status of [301, 302, 307, 308]) {
    world.service.reply({ status, headers: { location: `http://127.0.0.1:${port}/control` } });
    const outcome = await world.sender.send(phone.subscription, '{}', { ttlSeconds: 60, topic: 'a' });
    expect(outcome).toEqual({ outcome: 'rejected', why: `answered ${status}` });
  }
  expect(visitors).toEqual([]);
  victim.close();
  await once(victim, 'close');
});

test('an endpoint off the list of push services is never connected to', async () => {
  await using world = await startSending();
  let connections = 0;
  const victim = createServer().listen(0, '127.0.0.1');
  victim.on('connection', () => {
    connections += 1;
  });
  await once(victim, 'listening');
  const address = victim.address();
  const port = typeof address === 'object' ? address?.port : 0;
  for (const origin of [
    `http://127.0.0.1:${port}`,
    `https://localhost:${port}`,
    `https://[::1]:${port}`,
    'http://10.0.0.1',
  ]) {
    const outcome = await world.sender.send(enrol(origin, 'phone').subscription, '{}', {
      ttlSeconds: 60,
      topic: 'a',
    });
    expect(outcome, origin).toMatchObject({ outcome: 'rejected' });
  }
  expect(connections).toBe(0);
  victim.close();
  await once(victim, 'close');
});

test('a push service that refuses, and keys that are none, are reported and not tried again', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  world.service.reply({ status: 403, body: 'wrong key' }, { status: 400, body: 'x'.repeat(100_000) });
  const send = (keys = phone.subscription.keys) =>
    world.sender.send({ ...phone.subscription, keys }, '{}', { ttlSeconds: 60, topic: 'a' });
  expect(await send()).toEqual({ outcome: 'rejected', why: 'answered 403: wrong key' });
  const long = await send();
  expect('why' in long && long.why.length).toBeLessThan(300);
  const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
  expect(await send({ ...phone.subscription.keys, p256dh: offCurve })).toMatchObject({ outcome: 'rejected' });
  expect(world.service.received).toHaveLength(2);
  world.service.reply('endless');
  expect(await send()).toMatchObject({ outcome: 'rejected' });
});

test('two people in one browser are told apart, also when that browser is gone', async () => {
  await using world = await startSending();
  const ada = enrol(world.service.origin, 'browser');
  const grace = { ...ada, deviceId: 'dev_grace', deviceName: 'browser of Grace' };
  const { promise, resolve } = Promise.withResolvers<void>();
  world.service.reply({ status: 201, after: promise });
  world.outbox.announce(await world.questions.ask(), [ada]);
  await world.service.arrival(1);
  world.outbox.announce(await world.questions.ask(), [grace]);
  resolve();
  expect(await world.outcomes(2)).toEqual([
    'browser: request accepted',
    'browser of Grace: request accepted',
  ]);
  world.service.reply({ status: 410 });
  world.outbox.announce(await world.questions.ask(), [grace]);
  world.outbox.announce(await world.questions.ask(), [ada]);
  expect((await world.outcomes(4)).slice(2)).toEqual([
    'browser of Grace: request gone',
    'browser: request gone',
  ]);
  expect(world.service.received).toHaveLength(3);
});

test('a device that was removed gets nothing that still waits for it', async () => {
  await using world = await startSending();
  const ada = enrol(world.service.origin, 'browser');
  const grace = { ...ada, deviceId: 'dev_grace', deviceName: 'browser of Grace' };
  world.service.reply({ status: 429, headers: { 'retry-after': '30' } });
  world.outbox.announce(await world.questions.ask(), [ada]);
  world.outbox.announce(await world.questions.ask(), [grace]);
  await world.outcomes(1);
  world.outbox.forget(ada.deviceId);
  world.clock.advance(30_000);
  expect(await world.outcomes(2)).toEqual([
    'browser: request retry_later',
    'browser of Grace: request accepted',
  ]);
  expect(world.service.received).toHaveLength(2);
});

test('closing gives up what is on its way and leaves no alarm', async () => {
  await using world = await startSending();
  const slow = enrol(world.service.origin, 'slow');
  const paused = enrol(world.service.origin, 'paused');
  world.service.reply({ status: 503 }, 'never');
  world.outbox.announce(await world.questions.ask(), [paused]);
  await world.outcomes(1);
  world.outbox.announce(await world.questions.ask(), [slow]);
  await world.service.arrival(2);
  const { alarms } = world.clock;
  world.outbox.close();
  // The one for the device whose push service asked for a pause.
  expect(world.clock.alarms).toBe(alarms - 1);
  world.clock.advance(60_000);
  world.outbox.announce(await world.questions.ask(), [slow]);
  await world.sender.send(enrol(world.service.origin, 'barrier').subscription, '{}', {
    ttlSeconds: 1,
    topic: 'a',
  });
  expect(world.service.received).toHaveLength(3);
  expect(world.reports).toHaveLength(1);
});
