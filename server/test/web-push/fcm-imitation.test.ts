// Google's protocols as stock Chromium speaks them when its switches point here. Field numbers are those of Chromium's
// checkin.proto and mcs.proto.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import webPush from 'web-push';
import type { PushSubscription } from '../../src/contract/index.ts';
import { MCS_TAG } from '../../src/notify/web-push/mcs-frames.ts';
import { numberOf, textsOf } from '../../src/notify/web-push/protobuf.ts';
import { BrowserKeys } from './browser-keys.ts';
import { ChromiumPush, writeNoise } from './chromium-push.ts';
import { certificates, PushWorld } from './push-world.ts';

const APP_ID = 'cM0pT1nmL2s';

function start(world: PushWorld): Promise<ChromiumPush> {
  return ChromiumPush.checkIn({
    plainOrigin: world.plainOrigin,
    switches: world.push.chromiumSwitches,
    ca: certificates.ca,
  });
}

/** Sends as for Google's host: the token names it, the connection goes to the imitation. */
function sendAs(world: PushWorld, subscription: PushSubscription, text: string | null, topic?: string) {
  const { endpoint, keys } = subscription;
  const { headers, body } = webPush.generateRequestDetails({ endpoint, keys }, text ?? undefined, {
    TTL: 60,
    vapidDetails: { subject: 'mailto:ops@example.com', ...world.vapidKeys },
    ...(topic === undefined ? {} : { topic }),
  });
  const token = new URL(endpoint).pathname.split('/').at(-1);
  const { 'Content-Length': _, ...rest } = headers;
  return fetch(`${world.plainOrigin}/push/send/${token}`, {
    method: 'POST',
    headers: Object.entries(rest).map(([name, value]) => [name, String(value)]),
    ...(body === null ? {} : { body: new Uint8Array(body) }),
  });
}

async function subscribe(world: PushWorld, appId = APP_ID) {
  const chromium = await start(world);
  const keys = new BrowserKeys();
  return {
    chromium,
    keys,
    subscription: keys.toSubscription(await chromium.subscribe(appId, world.vapidKeys.publicKey)),
  };
}

test('a browser checks in, subscribes, logs in and receives', async () => {
  await using world = await PushWorld.start();
  const { chromium, keys, subscription } = await subscribe(world);
  await using connection = await chromium.connect();
  expect(connection.login?.tag).toBe(MCS_TAG.loginResponse);
  expect((await sendAs(world, subscription, 'hello')).status).toBe(201);
  const push = await connection.nextPush();
  expect(push).toEqual({
    from: world.vapidKeys.publicKey,
    category: 'org.chromium.linux',
    appData: { subtype: `wp:http://localhost/#${APP_ID}`, 'content-encoding': 'aes128gcm' },
    persistentId: expect.stringMatching(/^\w{22}$/),
    wantsAcknowledgement: true,
    body: expect.any(Buffer),
  });
  expect(keys.open(push.body).text).toBe('hello');
  await sendAs(world, subscription, null);
  expect(await connection.nextPush()).toMatchObject({
    appData: { subtype: expect.any(String) },
    body: Buffer.alloc(0),
  });
});

test('a check-in gives the same numbers to who can show them, and new ones to everybody else', async () => {
  await using world = await PushWorld.start();
  const { credentials } = await start(world);
  expect(BigInt(credentials.androidId)).toBeGreaterThan(0n);
  expect(BigInt(credentials.androidId)).toBeLessThan(2n ** 63n);
  const checkIn = (shown: typeof credentials) =>
    ChromiumPush.checkIn({
      plainOrigin: world.plainOrigin,
      switches: world.push.chromiumSwitches,
      ca: certificates.ca,
      credentials: shown,
    });
  expect((await checkIn(credentials)).credentials).toEqual(credentials);
  const forged = await checkIn({ ...credentials, securityToken: '1' });
  expect(forged.credentials.androidId).not.toBe(credentials.androidId);
});

test('who is not checked in neither registers nor logs in', async () => {
  await using world = await PushWorld.start();
  const { chromium, subscription } = await subscribe(world);
  const forged = { ...chromium.credentials, securityToken: '1' };
  expect(await chromium.register({ appid: APP_ID, sender: world.vapidKeys.publicKey }, forged)).toBe(
    'Error=AUTHENTICATION_FAILED',
  );
  await sendAs(world, subscription, 'secret');
  await using connection = await chromium.connect([], forged);
  // `error.code` of LoginResponse: Chromium checks in anew.
  expect(connection.login?.fields.get(3)).toHaveLength(1);
  expect(await connection.next()).toBeUndefined();
});

test('what was not acknowledged comes again at the next login, what was does not', async () => {
  await using world = await PushWorld.start();
  const { chromium, keys, subscription } = await subscribe(world);
  let lastId: string;
  {
    await using connection = await chromium.connect();
    await sendAs(world, subscription, 'acknowledged');
    await connection.nextPush();
    connection.acknowledge();
    await connection.settle();
    await sendAs(world, subscription, 'lost with the connection');
    lastId = (await connection.nextPush()).persistentId;
  }
  {
    await using connection = await chromium.connect();
    const again = await connection.nextPush();
    expect(again.persistentId).toBe(lastId);
    expect(keys.open(again.body).text).toBe('lost with the connection');
  }
  // Chromium received it this time but could not say so any more: it does at the login.
  await using connection = await chromium.connect([lastId]);
  await sendAs(world, subscription, 'next');
  expect(keys.open((await connection.nextPush()).body).text).toBe('next');
});

test('a stanza that is still on its way is not acknowledged with those before it', async () => {
  await using world = await PushWorld.start();
  const { chromium, keys, subscription } = await subscribe(world);
  {
    await using connection = await chromium.connect();
    await sendAs(world, subscription, 'first');
    await connection.nextPush();
    await sendAs(world, subscription, 'second');
    // Says that the first one came, before it looks at the second.
    connection.acknowledge();
    await connection.nextPush();
    await connection.settle();
  }
  await using connection = await chromium.connect();
  expect(keys.open((await connection.nextPush()).body).text).toBe('second');
});

test('a heartbeat is answered, and both sides tell what they have received', async () => {
  await using world = await PushWorld.start();
  const { chromium, subscription } = await subscribe(world);
  await using connection = await chromium.connect();
  await sendAs(world, subscription, 'hello');
  await connection.nextPush();
  connection.send(MCS_TAG.heartbeatPing);
  const answer = await connection.next();
  expect(answer?.tag).toBe(MCS_TAG.heartbeatAck);
  // last_stream_id_received: the login and the ping.
  expect(answer && numberOf(answer.fields, 2)).toBe(2n);
  await connection[Symbol.asyncDispose]();
  await sendAs(world, subscription, 'end', 'topic');
  await using again = await chromium.connect();
  expect((await again.nextPush()).appData['subtype']).toContain(APP_ID);
  await again.settle();
});

test('identity, subscriptions and messages outlive a restart', async () => {
  await using world = await PushWorld.start();
  const { chromium, keys, subscription } = await subscribe(world);
  const connection = await chromium.connect();
  await world.stopPush();
  expect(await connection.next()).toBeUndefined();
  await world.startPush();
  await sendAs(world, subscription, 'after the restart');
  // A browser that is still running looks where it found the server before.
  await using again = await chromium.connect();
  expect(keys.open((await again.nextPush()).body).text).toBe('after the restart');
});

test('a browser that runs on finds the port it was started with, unless somebody else has taken it', async () => {
  await using world = await PushWorld.start();
  const { chromiumSwitches: before } = world.push;
  await world.stopPush();
  await world.startPush();
  expect(world.push.chromiumSwitches).toEqual(before);
  await world.stopPush();
  const port = Number(/mcs-endpoint=https:\/\/localhost:(\d+)/.exec(before?.join(' ') ?? '')?.[1]);
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  await world.startPush();
  expect(world.push.chromiumSwitches).not.toEqual(before);
  other.close();
  await once(other, 'close');
});

test('an instance keeps its token for one key, loses it with another one and when it unsubscribes', async () => {
  await using world = await PushWorld.start();
  const { chromium, subscription } = await subscribe(world);
  expect(await chromium.subscribe(APP_ID, world.vapidKeys.publicKey)).toBe(subscription.endpoint);
  const other = await chromium.subscribe('anotherApp0', world.vapidKeys.publicKey);
  const answer = await chromium.register({ delete: 'true', appid: APP_ID, scope: '*', sender: '*' });
  expect(answer).toBe('deleted=org.chromium.linux');
  expect((await sendAs(world, subscription, 'hello')).status).toBe(410);
  const keys = new BrowserKeys();
  expect((await sendAs(world, keys.toSubscription(other), 'hello')).status).toBe(201);
  await chromium.subscribe('anotherApp0', webPush.generateVAPIDKeys().publicKey);
  expect((await sendAs(world, keys.toSubscription(other), 'hello')).status).toBe(410);
});

test('the registration that Chromium makes for itself is answered and reaches nothing', async () => {
  await using world = await PushWorld.start();
  const chromium = await start(world);
  const answer = await chromium.register({ app: 'com.google.android.gms', sender: '745476177629' });
  expect(answer).toMatch(/^token=\w{32}$/);
  const endpoint = `https://jmt17.google.com/fcm/send/${answer.slice(6)}`;
  expect((await sendAs(world, new BrowserKeys().toSubscription(endpoint), 'hello')).status).toBe(404);
});

test('what is not the protocol is dropped, and the others go on', async () => {
  await using world = await PushWorld.start();
  const { chromium, subscription } = await subscribe(world);
  await using good = await chromium.connect();
  // Another protocol, a stanza before the login, and a length that never ends.
  for (const noise of ['GET / HTTP/1.1\r\n\r\n', '\x29\x00\x00', `\x29\x02${'\xff'.repeat(11)}`]) {
    await writeNoise(world.push.chromiumSwitches, certificates.ca, Buffer.from(noise, 'latin1'));
  }
  const refused = await world.call('/push/fcm/checkin', { method: 'POST', body: 'not protobuf' });
  expect(refused.status).toBe(400);
  await sendAs(world, subscription, 'hello');
  expect(textsOf((await good.next())?.fields ?? new Map(), 5)).toEqual(['org.chromium.linux']);
});

test('a connection that never says anything keeps nobody from stopping', async () => {
  const world = await PushWorld.start();
  const [, port] = /mcs-endpoint=https:\/\/localhost:(\d+)/.exec(String(world.push.chromiumSwitches)) ?? [];
  const silent = connect(Number(port), '127.0.0.1')
    .on('error', () => undefined)
    .resume();
  await once(silent, 'connect');
  const isCutOff = new Promise((resolve) => silent.once('close', resolve));
  await world[Symbol.asyncDispose]();
  await isCutOff;
});
