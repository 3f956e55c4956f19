// The sender as push services see it. Each test names the requirement that it shows; the standard is in the name.
import { once } from 'node:events';
import { createServer as createProbe } from 'node:net';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { PushEndpoints, PushSender } from '../../src/notify/index.ts';
import { enrol, open, sentTo, startSending } from './sending-world.ts';

test('WPUSH-5-01 WPUSH-5.2-01: a notification is one POST to the endpoint as it is, with a TTL (RFC 8030 §5, §5.2)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const approval = await world.questions.ask({ expiresInSeconds: 300 });
  world.clock.advance(12_300);
  world.outbox.announce(approval, [phone]);
  expect(await world.outcomes(1)).toEqual(['phone: request accepted']);
  expect(world.service.received).toHaveLength(1);
  const [push] = world.service.received;
  expect([push?.method, push?.url]).toEqual(['POST', '/wpush/v2/phone?part=of%20it']);
  // What is left of the request: a later notification would ask about a dead one.
  expect(push?.headers['ttl']).toBe('287');
});

test('WPUSH-5.4-01: each request has its own Topic, its end has the same one, and it is urgent (RFC 8030 §5.3, §5.4)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const first = await world.questions.ask();
  const second = await world.questions.ask();
  world.outbox.announce(first, [phone]);
  world.outbox.announce(second, [phone]);
  await world.outcomes(2);
  world.outbox.conclude(await world.questions.deny(first), [phone]);
  await world.outcomes(3);
  const topics = world.service.received.map(({ headers }) => headers['topic']);
  for (const topic of topics) expect(topic).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
  expect(topics[0]).not.toBe(topics[1]);
  expect(topics[2]).toBe(topics[0]);
  expect(topics.join()).not.toContain(first.id.slice(4));
  for (const { headers } of world.service.received) expect(headers['urgency']).toBe('high');
  expect(open(phone, world.service.received[2])).toMatchObject({ kind: 'ended', state: 'denied' });
});

test('WPUSH-7.2-01: the longest request fits into what every push service takes (RFC 8030 §7.2)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const longest = await world.questions.ask({
    clientName: '🦜'.repeat(500),
    bindingMessage: '漢'.repeat(64),
    authorizationDetails: Array.from({ length: 20 }, (_, n) => ({
      type: `type_${n}`,
      text: '漢字'.repeat(500),
    })),
  });
  const instruction = await world.questions.ask({
    authorizationDetails: [{ type: 'transfer_funds', instruction: '🦜'.repeat(4_000) }],
  });
  world.outbox.announce(longest, [phone]);
  world.outbox.announce(instruction, [phone]);
  world.outbox.conclude(await world.questions.deny(longest), [phone]);
  await world.outcomes(2);
  for (const { body } of world.service.received) expect(body.length).toBeLessThanOrEqual(4_096);
  expect(open(phone, world.service.received.at(-1)).body).not.toContain('漢');
});

test('WPUSH-7.3-01: 404 and 410 mean that the device is lost, and nothing more goes there (RFC 8030 §7.3)', async () => {
  for (const status of [404, 410]) {
    await using world = await startSending();
    const lost = enrol(world.service.origin, 'lost');
    const phone = enrol(world.service.origin, 'phone');
    world.service.reply({ status });
    // Both wait for the same device; the first answer settles the second one as well.
    world.outbox.announce(await world.questions.ask(), [lost]);
    world.outbox.announce(await world.questions.ask(), [lost]);
    expect(await world.outcomes(1)).toEqual(['lost: request gone']);
    world.outbox.announce(await world.questions.ask(), [phone]);
    expect(await world.outcomes(2)).toEqual(['lost: request gone', 'phone: request accepted']);
    expect(sentTo(world.service, lost)).toHaveLength(1);
  }
});

test('WPUSH-8.4-01: a push service that asks for a pause is left alone that long, by every message (RFC 8030 §8.4, RFC 6585 §4)', async () => {
  for (const status of [429, 503]) {
    await using world = await startSending();
    const phone = enrol(world.service.origin, 'phone');
    const other = enrol(world.service.origin, 'other');
    world.service.reply({ status, headers: { 'retry-after': '40' } });
    world.outbox.announce(await world.questions.ask(), [phone]);
    expect(await world.outcomes(1)).toEqual(['phone: request retry_later']);
    world.outbox.announce(await world.questions.ask(), [phone]);
    world.clock.advance(39_999);
    world.outbox.announce(await world.questions.ask(), [other]);
    await world.outcomes(2);
    expect(sentTo(world.service, phone)).toHaveLength(1);
    world.clock.advance(1);
    await world.outcomes(4);
    expect(sentTo(world.service, phone)).toHaveLength(3);
  }
});

test('WPUSH-8.4-01: retries become rarer and end with the request', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  world.service.reply(...Array.from({ length: 20 }, () => ({ status: 500 })));
  world.outbox.announce(await world.questions.ask({ expiresInSeconds: 300 }), [phone]);
  for (const [attempts, pauseSeconds] of [5, 10, 20, 40, 80, 120].entries()) {
    const outcomes = await world.outcomes(attempts + 1);
    expect(outcomes.at(-1)).toBe('phone: request retry_later');
    world.clock.advance(pauseSeconds * 1000);
  }
  const last = await world.outcomes(7);
  // 5 + 10 + 20 + 40 + 80 + 120 = 275 of 300 seconds: one more attempt, whose pause outlives the request.
  expect(last.at(-1)).toBe('phone: request retry_later');
  world.clock.advance(120_000);
  expect((await world.outcomes(8)).at(-1)).toBe('phone: request expired');
  expect(world.service.received).toHaveLength(7);
});

test('WPUSH-8.4-01: an instant in Retry-After is understood as well (RFC 9110 §10.2.3)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const at = new Date(Date.now() + 3_600_000).toUTCString();
  world.service.reply({ status: 429, headers: { 'retry-after': at } });
  const outcome = await world.sender.send(phone.subscription, '{}', { ttlSeconds: 60, topic: 'a' });
  expect(outcome).toMatchObject({ outcome: 'retry_later' });
  if (outcome.outcome !== 'retry_later') return;
  expect(outcome.afterSeconds).toBeGreaterThan(3_000);
  expect(outcome.afterSeconds).toBeLessThanOrEqual(3_600);
});

test('WPUSH-SRC-01: whoever announces is never kept waiting, and every breakdown is tried again (RFC 8030 §5)', async () => {
  await using world = await startSending({ deadlineMs: 2_000 });
  const probe = createProbe().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  const closedHost = typeof address === 'object' ? `localhost:${address?.port}` : '';
  const sender = new PushSender({
    endpoints: new PushEndpoints({
      own: { origin: 'https://assent.test', connectTo: `https://${closedHost}` },
      extraHosts: () => [closedHost],
    }),
    vapidKeys: world.vapidKeys,
    contact: 'mailto:ops@example.com',
  });
  const down = await sender.send(enrol(`https://${closedHost}`, 'down').subscription, '{}', {
    ttlSeconds: 60,
    topic: 'a',
  });
  expect(down).toMatchObject({ outcome: 'retry_later', why: expect.stringContaining('ECONNREFUSED') });

  const phone = enrol(world.service.origin, 'phone');
  world.service.reply('never', { status: 500, body: 'broken' });
  // Returns before anything is sent.
  world.outbox.announce(await world.questions.ask(), [phone]);
  expect(world.service.received).toHaveLength(0);
  await world.outcomes(1);
  world.clock.advance(5_000);
  await world.outcomes(2);
  world.clock.advance(10_000);
  expect(await world.outcomes(3)).toEqual([
    'phone: request retry_later',
    'phone: request retry_later',
    'phone: request accepted',
  ]);
  const reasons = world.reports.map(({ outcome }) => ('why' in outcome ? outcome.why : ''));
  expect(reasons).toEqual([`${world.service.host}: no answer within 2 s`, 'answered 500: broken', '']);
});

test('WPUSH-ENC-01: the payload is one record of aes128gcm, and nothing of it is readable on the way (RFC 8291 §2, §4, RFC 8188 §2)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const approval = await world.questions.ask({ bindingMessage: 'PAY-4711' });
  world.outbox.announce(approval, [phone]);
  await world.outcomes(1);
  const [push] = world.service.received;
  if (!push) throw new Error('Nothing came.');
  expect(push.headers['content-encoding']).toBe('aes128gcm');
  const { salt, recordSize, senderKey, record } = phone.keys.open(push.body);
  expect([salt.length, senderKey.length, senderKey[0]]).toEqual([16, 65, 4]);
  expect(recordSize).toBeGreaterThanOrEqual(push.body.length - 86);
  expect(record.subarray(record.lastIndexOf(2)).toString('hex')).toMatch(/^02(00)*$/);
  expect(open(phone, push).code).toBe('PAY-4711');
  const onTheWire = JSON.stringify(push.headers) + push.url + push.body.toString('latin1');
  expect(onTheWire).not.toContain('PAY-4711');
  expect(onTheWire).not.toContain(approval.id);
});

test('WPUSH-ENC-03: salt and sender key are new in each of 20 messages, and never the key of the server (RFC 8291 §3.1, §3.4)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  for (let count = 0; count < 20; count += 1) world.outbox.announce(await world.questions.ask(), [phone]);
  await world.outcomes(20);
  const opened = world.service.received.map(({ body }) => phone.keys.open(body));
  expect(new Set(opened.map(({ salt }) => salt.toString('hex'))).size).toBe(20);
  const senderKeys = opened.map(({ senderKey }) => senderKey.toString('base64url'));
  expect(new Set(senderKeys).size).toBe(20);
  expect(senderKeys).not.toContain(world.vapidKeys.publicKey);
});

test('WPUSH-VAPID-01 WPUSH-VAPID-02: the token is by our key, for that push service, and for less than a day (RFC 8292 §2, §3)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  world.outbox.announce(await world.questions.ask(), [phone]);
  await world.outcomes(1);
  const authorization = world.service.received[0]?.headers.authorization ?? '';
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  expect(key).toBe(world.vapidKeys.publicKey);
  expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'ES256' });
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const { payload } = await jwtVerify(token, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
  const nowSeconds = Date.now() / 1000;
  expect(payload).toMatchObject({ aud: world.service.origin, sub: 'mailto:ops@example.com' });
  expect(payload.exp).toBeGreaterThan(nowSeconds);
  expect(payload.exp).toBeLessThanOrEqual(nowSeconds + 24 * 60 * 60);
});

test('WPUSH-SEC-01: a push carries ids and a headline, no credentials and no details (RFC 8030 §8)', async () => {
  await using world = await startSending();
  const phone = enrol(world.service.origin, 'phone');
  const approval = await world.questions.ask({
    authorizationDetails: [{ type: 'transfer_funds', account: 'DE02120300000000202051' }],
  });
  world.outbox.announce(approval, [phone]);
  await world.outcomes(1);
  const [push] = world.service.received;
  expect(open(phone, push)).toEqual({
    v: 1,
    kind: 'request',
    approval_id: approval.id,
    name: approval.name,
    title: 'Aiya asks for your approval',
    body: approval.consent.summary,
    code: 'TRIP-7F2',
    url: `/approve/requests/${approval.id}`,
    expires_at: '2030-01-01T12:05:00.000Z',
  });
  const { text } = phone.keys.open(push?.body ?? Buffer.alloc(0));
  expect(text).not.toContain('DE02120300000000202051');
  // With it the client polls for its tokens.
  expect(text).not.toContain(approval.authReqId);
});
