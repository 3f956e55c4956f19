// RFC 8030 and RFC 8292 as an application server meets them: what the push service takes, and what it refuses.
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import webPush from 'web-push';
import { type Page, PushWorld } from './push-world.ts';

/** A POST as web-push makes it, over http and with any header field changed or left out (undefined). */
async function post(
  world: PushWorld,
  page: Page,
  changes: Readonly<Record<string, string | undefined>> = {},
  text = 'hello',
) {
  const { endpoint, keys } = page.subscription;
  const { headers, body } = webPush.generateRequestDetails({ endpoint, keys }, text, {
    TTL: 60,
    vapidDetails: { subject: 'mailto:ops@example.com', ...world.vapidKeys },
  });
  const all = Object.entries({ ...headers, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const response = await fetch(`${world.plainOrigin}${new URL(endpoint).pathname}`, {
    method: 'POST',
    headers: Object.fromEntries(all.filter(([name]) => name !== 'Content-Length')),
    body: new Uint8Array(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Authorization with claims of one's choice, made with the key of the world. */
function authorize(
  world: PushWorld,
  claims: Record<string, unknown>,
  header: object = { typ: 'JWT', alg: 'ES256' },
) {
  const point = Buffer.from(world.vapidKeys.publicKey, 'base64url');
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), {
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      d: world.vapidKeys.privateKey,
    },
    dsaEncoding: 'ieee-p1363',
  });
  return { t: `${signed}.${signature.toString('base64url')}`, k: world.vapidKeys.publicKey };
}

test('web-push is told 201, where the message is and how long it waits (RFC 8030 §5, §5.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const answer = await world.send(page.subscription, 'hello', { ttlSeconds: 90 });
  expect(answer).toMatchObject({ status: 201, headers: { ttl: '90' }, body: '' });
  expect(answer.headers['location']).toMatch(new RegExp(`^${world.origin}/push/message/\\w{22}$`));
});

test('a TTL beyond four weeks is shortened, and the answer says so (RFC 8030 §5.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const { headers } = await world.send(page.subscription, 'hello', { ttlSeconds: 10_000_000 });
  expect(headers['ttl']).toBe('2419200');
});

test.each([
  ['no TTL (RFC 8030 §5.2)', { TTL: undefined }],
  ['a TTL that is not a number', { TTL: '-1' }],
  ['a TTL with a fraction', { TTL: '1.5' }],
  ['an Urgency that does not exist (RFC 8030 §5.3)', { Urgency: 'extreme' }],
  ['two Urgencies (RFC 8030 §5.3)', { Urgency: 'low, high' }],
  ['a Topic of 33 characters (RFC 8030 §5.4)', { Topic: 'a'.repeat(33) }],
  ['a Topic of other characters (RFC 8030 §5.4)', { Topic: 'a b' }],
  ['no content coding (RFC 8291 §4)', { 'Content-Encoding': undefined }],
  ['the content coding of the drafts (RFC 8291 §4)', { 'Content-Encoding': 'aesgcm' }],
])('%s is a bad request', async (_what, changes) => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  expect(await post(world, page, changes)).toMatchObject({ status: 400 });
  expect(await post(world, page)).toMatchObject({ status: 201 });
});

test('4,096 octets are taken and one more is too large (RFC 8030 §7.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  // 103 octets are header, delimiter and tag.
  expect(await world.send(page.subscription, 'x'.repeat(3_993))).toMatchObject({ status: 201 });
  expect(await world.send(page.subscription, 'x'.repeat(3_994))).toMatchObject({ status: 413 });
  expect(await world.send(page.subscription, 'x'.repeat(500_000))).toMatchObject({ status: 413 });
});

test('a message without a body is taken without a content coding', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  expect(await world.send(page.subscription, null)).toMatchObject({ status: 201 });
});

test('an unknown subscription is not found, a removed one is gone (RFC 8030 §7.3)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const waiting = await world.send(page.subscription, 'hello');
  const unknown = { ...page.subscription, endpoint: `${page.subscription.endpoint}x` };
  expect(await world.send(unknown, 'hello')).toMatchObject({ status: 404 });
  expect((await world.call(page.path, { method: 'DELETE' })).status).toBe(204);
  expect(await world.send(page.subscription, 'hello')).toMatchObject({ status: 410 });
  expect((await world.call(page.path, { method: 'DELETE' })).status).toBe(404);
  // What waited went with it.
  const { pathname } = new URL(waiting.headers['location'] ?? '');
  expect((await world.call(pathname, { method: 'DELETE' })).status).toBe(404);
  world.clock.advance(8 * 24 * 60 * 60 * 1000);
  expect(await world.send(page.subscription, 'hello')).toMatchObject({ status: 404 });
});

test('a sender withdraws a message by DELETE of its Location, once', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const { headers } = await world.send(page.subscription, 'withdrawn');
  await world.send(page.subscription, 'kept');
  const { pathname } = new URL(headers['location'] ?? '');
  expect((await world.call(pathname, { method: 'DELETE' })).status).toBe(204);
  expect((await world.call(pathname, { method: 'DELETE' })).status).toBe(404);
  await using stream = await world.listen(page);
  expect((await world.read(page, stream)).text).toBe('kept');
});

test('who does not say who sends is told which scheme to use (RFC 8292 §4.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const answer = await post(world, page, { Authorization: undefined });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('vapid');
  expect(await world.send(page.subscription, 'hello', { vapidKeys: null })).toMatchObject({ status: 401 });
  for (const authorization of ['vapid', 'vapid t=a', 'WebPush abc', 'Bearer abc', 'vapid t=a, t=b, k=c']) {
    expect((await post(world, page, { Authorization: authorization })).status, authorization).toBe(401);
  }
});

test('another key than the one of the subscription is refused (RFC 8292 §4.2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const vapidKeys = webPush.generateVAPIDKeys();
  expect(await world.send(page.subscription, 'hello', { vapidKeys })).toMatchObject({ status: 403 });
});

test('a token is for this push service, signed with ES256, and lives at most a day (RFC 8292 §2)', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const right = { aud: world.origin, exp: nowSeconds() + 3_600, sub: 'mailto:ops@example.com' };
  const statusOf = async (authorization: string): Promise<number> =>
    (await post(world, page, { Authorization: authorization })).status;
  const statusWith = async (claims: Record<string, unknown>, header?: object): Promise<number> => {
    const { t, k } = authorize(world, claims, header);
    return statusOf(`vapid t=${t}, k=${k}`);
  };
  expect(await statusWith(right)).toBe(201);
  // A minute below the limit; sub is optional.
  expect(await statusWith({ aud: world.origin, exp: nowSeconds() + 86_340 })).toBe(201);
  expect(await statusWith({ ...right, exp: nowSeconds() + 86_460 })).toBe(403);
  expect(await statusWith({ ...right, exp: nowSeconds() - 1 })).toBe(403);
  expect(await statusWith({ aud: world.origin })).toBe(403);
  expect(await statusWith({ ...right, aud: 'https://fcm.googleapis.com' })).toBe(403);
  expect(await statusWith({ ...right, aud: `${world.origin}/push` })).toBe(403);
  expect(await statusWith(right, { typ: 'JWT', alg: 'HS256' })).toBe(403);
  expect(await statusWith(right, { typ: 'JWT', alg: 'none' })).toBe(403);

  const { t, k } = authorize(world, right);
  expect(await statusOf(`VAPID k="${k}" , t="${t}"`)).toBe(201);
  expect(await statusOf(`vapid t=${t.slice(0, -4)}AAAA, k=${k}`)).toBe(403);
  expect(await statusOf(`vapid t=${t}, k=${webPush.generateVAPIDKeys().publicKey}`)).toBe(403);
});

test('a subscription needs a key: the point of P-256 that its sender will use (RFC 8292 §4.1)', async () => {
  await using world = await PushWorld.start();
  const { x } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  for (const body of ['', '{}', '{"vapid":""}', `{"vapid":"${x}"}`, '[]', `{"vapid":"${'A'.repeat(87)}"}`]) {
    const answer = await world.call('/push/subscribe', {
      method: 'POST',
      headers: { 'Content-Type': 'application/webpush-options+json' },
      body,
    });
    expect(answer.status, body).toBe(400);
  }
  // A point that is not on the curve is a key that nobody has.
  const page = await world.subscribePage(
    Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url'),
  );
  expect(await post(world, page)).toMatchObject({ status: 403 });
});

test('a foreign page cannot subscribe: no form sends this content type', async () => {
  await using world = await PushWorld.start();
  const answer = await world.call('/push/subscribe', {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: JSON.stringify({ vapid: world.vapidKeys.publicKey }),
  });
  expect(answer.status).toBe(415);
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
});

test('the secret that sends does not listen, and the one that listens does not send', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const sendToken = new URL(page.subscription.endpoint).pathname.split('/').at(-1);
  const listenSecret = page.path.split('/').at(-1);
  expect(sendToken).not.toBe(listenSecret);
  expect((await world.call(`/push/subscription/${sendToken}`)).status).toBe(404);
  expect((await world.call(`/push/subscription/${sendToken}`, { method: 'DELETE' })).status).toBe(404);
  const endpoint = `${world.origin}/push/send/${listenSecret}`;
  expect(await world.send({ ...page.subscription, endpoint }, 'hello')).toMatchObject({ status: 404 });
});

test('other methods and addresses are named, and what is not below /push is left to others', async () => {
  await using world = await PushWorld.start();
  const page = await world.subscribePage();
  const wrong = await world.call(new URL(page.subscription.endpoint).pathname);
  expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST']);
  const head = await world.call(page.path, { method: 'PUT' });
  expect([head.status, head.headers['allow']]).toEqual([405, 'GET, DELETE']);
  expect((await world.call('/push/nothing')).status).toBe(404);
  expect((await world.call('/pushing')).status).toBe(421);
});
