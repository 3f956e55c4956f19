// RFC 8030, RFC 8291 and RFC 8292: notifications, as a push service and the browser behind it see them. In both profiles alike.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { afterAll, expect } from 'vitest';
import { PushSubscriber, type RecordedPush } from '../client/push-observer.ts';
import { openChapter } from '../lab/chapter.ts';
import { expectAccepted } from '../lab/expectations.ts';
import type { Lab } from '../lab/lab.ts';
import { ADA, PAYMENT, PAYMENTS_API } from '../lab/people.ts';
import { enrolTold, startPushService, withPushServices } from '../lab/push-service.ts';

const observer = await startPushService();
const closed = await closedHost();
afterAll(() => observer[Symbol.asyncDispose]());

const { requirement } = openChapter(withPushServices(observer.host, closed));

/** A device of Ada. */
const subscribed = (lab: Lab, subscriber = observer.subscribe()) => enrolTold(lab, ADA, subscriber);

async function askAndReceive(lab: Lab, subscriber: PushSubscriber): Promise<RecordedPush> {
  const count = observer.to(subscriber).length + 1;
  await lab.client('agent').askFor();
  const push = (await observer.arrival(subscriber, count)).at(-1);
  if (!push) throw new Error('nothing came');
  return push;
}

requirement('WPUSH-5-01', async (lab) => {
  await using phone = await subscribed(lab);
  const push = await askAndReceive(lab, phone.subscriber);
  expect(observer.to(phone.subscriber)).toHaveLength(1);
  const { pathname, search } = new URL(phone.subscriber.endpoint);
  expect([push.method, push.url]).toEqual(['POST', pathname + search]);
});

requirement('WPUSH-5.2-01', async (lab) => {
  await using phone = await subscribed(lab);
  const answer = await lab.client('agent').ask({ requested_expiry: '120' });
  expectAccepted(answer);
  const [push] = await observer.arrival(phone.subscriber);
  expect(push?.headers['ttl']).toMatch(/^\d+$/);
  expect(Number(push?.headers['ttl'])).toBeLessThanOrEqual(answer.json().expires_in);
});

requirement('WPUSH-5.4-01', async (lab) => {
  await using phone = await subscribed(lab);
  const pushes = [await askAndReceive(lab, phone.subscriber), await askAndReceive(lab, phone.subscriber)];
  const topics = pushes.map(({ headers }) => headers['topic']);
  for (const topic of topics) expect(topic).toMatch(/^[A-Za-z0-9_-]{1,32}$/);
  expect(topics[0]).not.toBe(topics[1]);
  for (const { headers } of pushes) expect(headers['urgency']).toBe('high');
});

requirement('WPUSH-7.2-01', async (lab) => {
  await using phone = await subscribed(lab);
  const locations = ['a', 'b', 'c'].map((letter) => `https://bank.example/${letter.repeat(200)}`);
  const payments = Array.from({ length: 5 }, () => ({
    ...PAYMENT,
    creditorName: 'M'.repeat(140),
    locations,
  }));
  const answer = await lab.client('agent').ask({
    binding_message: 'W'.repeat(64),
    audience: PAYMENTS_API,
    authorization_details: JSON.stringify(payments),
  });
  expectAccepted(answer);
  // More than would fit.
  expect(JSON.stringify(payments).length).toBeGreaterThan(4_096);
  const [push] = await observer.arrival(phone.subscriber);
  expect(push?.body.length).toBeLessThanOrEqual(4_096);
});

requirement('WPUSH-7.3-01', async (lab) => {
  for (const status of [404, 410]) {
    await using lost = await subscribed(lab);
    await using phone = await subscribed(lab);
    observer.reply(lost.subscriber, { status });
    const authReqId = await lab.client('agent').askFor();
    await observer.arrival(phone.subscriber);
    await failed(lab, authReqId);
    await lab.client('agent').askFor();
    await observer.arrival(phone.subscriber, 2);
    // What was under way beside the second one has come when the third one has.
    await lab.client('agent').askFor();
    await observer.arrival(phone.subscriber, 3);
    expect(observer.to(lost.subscriber)).toHaveLength(1);
  }
});

/** The answer of the push service about this request has come to the server. */
async function failed(lab: Lab, authReqId: string): Promise<void> {
  const { id } = await lab.approval(authReqId);
  for await (const event of lab.control.events({ afterNumber: 0 })) {
    if (event.type === 'notification.failed' && event.approval === id) return;
  }
}

requirement('WPUSH-8.4-01', async (lab) => {
  for (const status of [429, 503]) {
    await using phone = await subscribed(lab);
    observer.reply(phone.subscriber, { status, headers: { 'retry-after': '5' } });
    const answer = await lab.client('agent').ask();
    expectAccepted(answer);
    await observer.arrival(phone.subscriber);
    await failed(lab, answer.json().auth_req_id);
    await lab.advance(4_000);
    await using other = await subscribed(lab);
    await askAndReceive(lab, other.subscriber);
    expect(observer.to(phone.subscriber)).toHaveLength(1);
    await lab.advance(1_500);
    await observer.arrival(phone.subscriber, 2);
  }
});

requirement('WPUSH-SRC-01', async (lab) => {
  await using down = await subscribed(lab, new PushSubscriber(`https://${closed}/wpush/v2/down`));
  await using slow = await subscribed(lab);
  await using broken = await subscribed(lab);
  observer.reply(slow.subscriber, 'never');
  observer.reply(broken.subscriber, { status: 500 });
  const authReqId = expectAccepted(await lab.client('agent').ask());
  await Promise.all([observer.arrival(slow.subscriber), observer.arrival(broken.subscriber)]);
  const { id } = await lab.approval(authReqId);
  const request = (await down.device.inbox()).find((one) => one.id === id);
  if (!request) throw new Error('the request is not in the inbox');
  expect((await down.device.decide(request, true)).status).toBeLessThan(300);
  expect((await lab.approval(authReqId)).state).toBe('approved');
});

requirement('WPUSH-ENC-01', async (lab) => {
  await using phone = await subscribed(lab);
  const push = await askAndReceive(lab, phone.subscriber);
  expect(push.headers['content-encoding']).toBe('aes128gcm');
  const { salt, recordSize, senderKey, record, text } = phone.subscriber.open(push.body);
  expect([salt.length, senderKey.length, senderKey[0]]).toEqual([16, 65, 4]);
  expect(recordSize).toBeGreaterThanOrEqual(push.body.length - 86);
  expect(record.subarray(record.lastIndexOf(2)).toString('hex')).toMatch(/^02(00)*$/);
  expect(JSON.parse(text)).toMatchObject({ code: 'W4-SCT1' });
  expect(JSON.stringify(push.headers) + push.url + push.body.toString('latin1')).not.toContain('W4-SCT1');
});

requirement('WPUSH-ENC-03', async (lab) => {
  await using phone = await subscribed(lab);
  for (let count = 0; count < 20; count += 1) await lab.client('agent').askFor();
  const pushes = await observer.arrival(phone.subscriber, 20);
  const opened = pushes.map(({ body }) => phone.subscriber.open(body));
  expect(new Set(opened.map(({ salt }) => salt.toString('hex'))).size).toBe(20);
  const keys = opened.map(({ senderKey }) => senderKey.toString('base64url'));
  expect(new Set(keys).size).toBe(20);
  const server = (await phone.device.call('GET', '/approver/push')).json().vapid_public_key;
  expect(keys).not.toContain(server);
});

function readVapid({ headers }: RecordedPush): { token: string; key: string } {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  return { token, key };
}

requirement('WPUSH-VAPID-01', async (lab) => {
  await using phone = await subscribed(lab);
  const { token, key } = readVapid(await askAndReceive(lab, phone.subscriber));
  expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'ES256' });
  expect(key).toBe((await phone.device.call('GET', '/approver/push')).json().vapid_public_key);
  await verifyVapid(token, key);
});

requirement('WPUSH-VAPID-02', async (lab) => {
  await using phone = await subscribed(lab);
  const { token, key } = readVapid(await askAndReceive(lab, phone.subscriber));
  const { aud, exp = 0, sub } = await verifyVapid(token, key);
  const now = Date.now() / 1000;
  expect(aud).toBe(`https://${observer.host}`);
  expect(exp).toBeGreaterThan(now);
  expect(exp).toBeLessThanOrEqual(now + 24 * 60 * 60);
  expect(sub).toMatch(/^(mailto:|https:)/);
});

async function verifyVapid(token: string, key: string) {
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  return (await jwtVerify(token, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] })).payload;
}

requirement('WPUSH-SEC-01', async (lab) => {
  await using phone = await subscribed(lab);
  const authReqId = await lab.client('agent').askFor();
  const [push] = await observer.arrival(phone.subscriber);
  const { text } = phone.subscriber.open(push?.body ?? Buffer.alloc(0));
  expect(text).not.toContain(authReqId);
  expect(text).not.toMatch(/(access|id|refresh)_token|secret|user_code/);
  const { approval_id: id } = JSON.parse(text);
  const bare = await lab.provider.exchange.send(`${lab.url}/approver/requests/${id}/transaction`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect([401, 403]).toContain(bare.status);
  expect((await lab.approval(authReqId)).state).toBe('pending');
});

async function closedHost(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const ended = once(probe, 'close');
  probe.close();
  await ended;
  return `localhost:${typeof address === 'object' ? address?.port : 0}`;
}
