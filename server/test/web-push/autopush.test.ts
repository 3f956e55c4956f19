// Mozilla's protocol as stock Firefox speaks it. Message shapes are those seen on the wire with Firefox ESR 153.
import { once } from 'node:events';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import webPush from 'web-push';
import { AutopushBrowser } from './autopush-browser.ts';
import { BrowserKeys } from './browser-keys.ts';
import { PushWorld } from './push-world.ts';

const CHANNEL = '7d8f1f3e-9c6a-4b0e-8f56-0c7a3f0c9a11';

/** A browser that has subscribed one channel. */
async function subscribe(world: PushWorld, channel = CHANNEL) {
  const browser = await AutopushBrowser.connect(world.plainOrigin);
  const uaid = await browser.hello();
  const { pushEndpoint } = await browser.register(channel, world.vapidKeys.publicKey);
  const keys = new BrowserKeys();
  return { browser, uaid, keys, subscription: keys.toSubscription(pushEndpoint) };
}

test('a browser says hello, subscribes, receives and acknowledges', async () => {
  await using world = await PushWorld.start();
  await using browser = await AutopushBrowser.connect(world.plainOrigin);
  browser.send({ messageType: 'hello', broadcasts: {}, use_webpush: true });
  expect(await browser.next()).toEqual({
    messageType: 'hello',
    status: 200,
    uaid: expect.stringMatching(/^\w{32}$/),
    use_webpush: true,
    broadcasts: {},
  });
  const registered = await browser.register(CHANNEL, world.vapidKeys.publicKey);
  expect(registered).toEqual({
    messageType: 'register',
    status: 200,
    channelID: CHANNEL,
    pushEndpoint: expect.stringMatching(new RegExp(`^${world.origin}/push/send/\\w{32}$`)),
  });
  const keys = new BrowserKeys();
  await world.send(keys.toSubscription(registered['pushEndpoint']), 'hello', { ttlSeconds: 120 });
  const notification = await browser.next();
  expect(notification).toEqual({
    messageType: 'notification',
    channelID: CHANNEL,
    version: expect.stringMatching(/^\w{22}$/),
    ttl: 120,
    data: expect.any(String),
    headers: { encoding: 'aes128gcm' },
  });
  expect(keys.open(Buffer.from(notification?.['data'], 'base64url')).text).toBe('hello');
});

test('a message without a body has neither data nor headers', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription } = await subscribe(world);
  await world.send(subscription, null);
  const notification = await browser.next();
  expect(Object.keys(notification ?? {}).sort()).toEqual(['channelID', 'messageType', 'ttl', 'version']);
  await browser.disconnect();
});

test('a message comes again after each reconnect until it is acknowledged, whatever the code', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription, uaid } = await subscribe(world);
  await browser.disconnect();
  await world.send(subscription, 'one');
  const again = await AutopushBrowser.connect(world.plainOrigin);
  expect(await again.hello(uaid)).toBe(uaid);
  const first = await again.next();
  await again.disconnect();

  const third = await AutopushBrowser.connect(world.plainOrigin);
  await third.hello(uaid);
  const second = await third.next();
  expect(second?.['version']).toBe(first?.['version']);
  third.acknowledge(second ?? {}, 101);
  await third.settle();
  await third.disconnect();

  await using last = await AutopushBrowser.connect(world.plainOrigin);
  await last.hello(uaid);
  await world.send(subscription, 'two');
  expect((await last.next())?.['version']).not.toBe(first?.['version']);
});

test('nobody acknowledges the messages of another browser', async () => {
  await using world = await PushWorld.start();
  const ada = await subscribe(world);
  const grace = await subscribe(world);
  await world.send(ada.subscription, 'for Ada');
  const notification = (await ada.browser.next()) ?? {};
  grace.browser.acknowledge(notification);
  await grace.browser.settle();
  await ada.browser.disconnect();
  await using again = await AutopushBrowser.connect(world.plainOrigin);
  await again.hello(ada.uaid);
  expect((await again.next())?.['version']).toBe(notification['version']);
  await grace.browser.disconnect();
});

test('the uaid, the subscriptions and the messages outlive a restart', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription, uaid, keys } = await subscribe(world);
  await world.stopPush();
  // RFC 6455 §7.4.1, going away: Firefox comes back by itself.
  expect(await browser.closed).toBe(1001);
  await world.startPush();
  await world.send(subscription, 'after the restart');
  await using again = await AutopushBrowser.connect(world.plainOrigin);
  expect(await again.hello(uaid)).toBe(uaid);
  const notification = await again.next();
  expect(keys.open(Buffer.from(notification?.['data'], 'base64url')).text).toBe('after the restart');
});

test('an unknown uaid is answered with a new one, which makes Firefox subscribe anew', async () => {
  await using world = await PushWorld.start();
  await using browser = await AutopushBrowser.connect(world.plainOrigin);
  const uaid = await browser.hello('f'.repeat(32));
  expect(uaid).toMatch(/^\w{32}$/);
  expect(uaid).not.toBe('f'.repeat(32));
});

test('of two connections with one uaid the newer one stays, and the older one is told not to come back', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription, uaid } = await subscribe(world);
  await using newer = await AutopushBrowser.connect(world.plainOrigin);
  await newer.hello(uaid);
  expect(await browser.closed).toBe(4774);
  await world.send(subscription, 'hello');
  expect((await newer.next())?.['messageType']).toBe('notification');
});

test('a channel that registers again keeps its endpoint, and gets another one for another key', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription } = await subscribe(world);
  const same = await browser.register(CHANNEL, world.vapidKeys.publicKey);
  expect(same['pushEndpoint']).toBe(subscription.endpoint);
  const other = await browser.register(CHANNEL, webPush.generateVAPIDKeys().publicKey);
  expect(other['pushEndpoint']).not.toBe(subscription.endpoint);
  expect(await world.send(subscription, 'hello')).toMatchObject({ status: 410 });
  await browser.disconnect();
});

test('a channel without a key is refused: anybody could send to it', async () => {
  await using world = await PushWorld.start();
  await using browser = await AutopushBrowser.connect(world.plainOrigin);
  await browser.hello();
  browser.send({ messageType: 'register', channelID: CHANNEL });
  expect(await browser.next()).toMatchObject({ messageType: 'register', status: 400, channelID: CHANNEL });
});

test('what a page unsubscribes is gone for senders, and unsubscribing twice is no mistake', async () => {
  await using world = await PushWorld.start();
  const { browser, subscription } = await subscribe(world);
  for (const code of [200, 201]) {
    browser.send({ messageType: 'unregister', channelID: CHANNEL, code });
    expect(await browser.next()).toEqual({ messageType: 'unregister', status: 200, channelID: CHANNEL });
  }
  expect(await world.send(subscription, 'hello')).toMatchObject({ status: 410 });
  await browser.disconnect();
});

test('pings, broadcasts and what is not known yet do no harm', async () => {
  await using world = await PushWorld.start();
  await using browser = await AutopushBrowser.connect(world.plainOrigin);
  await browser.hello();
  browser.send('{}');
  expect(await browser.next()).toEqual({});
  browser.send({
    messageType: 'broadcast_subscribe',
    broadcasts: { 'remote-settings/monitor_changes': '"0"' },
  });
  expect(await browser.next()).toEqual({ messageType: 'broadcast', broadcasts: {} });
  browser.send({ messageType: 'nack', version: 'x', code: 301 });
  browser.send({ messageType: 'of the future' });
  browser.send({ messageType: 'ping' });
  expect(await browser.next()).toEqual({});
});

test.each([
  [
    'messages',
    // Without a key it is refused, in more words.
    (browser: AutopushBrowser) => browser.send({ messageType: 'register', channelID: 'x'.repeat(128) }),
  ],
  ['pings', (browser: AutopushBrowser) => browser.ping('x'.repeat(125))],
])(
  'a browser that sends %s without end and hears no answers is heard no further until it listens',
  { timeout: 60_000 },
  async (_what, speak) => {
    await using world = await PushWorld.start();
    await using browser = await AutopushBrowser.connect(world.plainOrigin);
    await browser.hello();
    const listenAgain = browser.stopListening();
    await using other = await AutopushBrowser.connect(world.plainOrigin);
    await other.hello();
    // More than any system keeps on the way, there and back. Others are answered meanwhile.
    for (let wave = 0; wave < 50; wave += 1) {
      for (let said = 0; said < 2_000; said += 1) speak(browser);
      for (let round = 0; round < 10; round += 1) await other.settle();
    }
    for (let round = 0; round < 200; round += 1) await other.settle();
    expect(browser.unheardBytes).toBeGreaterThan(1_000_000);
    listenAgain();
    while (browser.unheardBytes > 0) await other.settle();
  },
);

test.each([
  ['is not JSON', 'hello'],
  ['comes before hello', { messageType: 'register', channelID: CHANNEL, key: 'B' }],
  ['lacks a member', { messageType: 'ack', updates: [{}] }],
])('a message that %s ends the connection', async (_what, message) => {
  await using world = await PushWorld.start();
  await using browser = await AutopushBrowser.connect(world.plainOrigin);
  browser.send(message);
  expect(await browser.closed).toBe(1002);
});

test('a page cannot open the socket of its browser, and other paths are not taken', async () => {
  await using world = await PushWorld.start();
  const statusOf = async (path: string, origin: string): Promise<number | string> => {
    const outgoing = request(`${world.plainOrigin}${path}`, {
      agent: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        Origin: origin,
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol': 'push-notification',
      },
    });
    outgoing.end();
    const answer = once(outgoing, 'response').then(([response]) => response.resume().statusCode);
    return answer.catch((error: NodeJS.ErrnoException) => error.code ?? 'failed');
  };
  expect(await statusOf('/push/autopush', 'https://evil.example')).toBe(403);
  expect(await statusOf('/push/autopush', world.plainOrigin)).toBe(403);
  expect(await statusOf('/elsewhere', 'ws://localhost')).toBe('ECONNRESET');
});
