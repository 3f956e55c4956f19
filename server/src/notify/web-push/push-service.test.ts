// What only happens while the store takes its time. Everything else is tested from outside, in test/web-push.
import { expect, test } from 'vitest';
import webPush from 'web-push';
import { createManualClock } from '../../clock.ts';
import { createRandomIds } from '../../ids.ts';
import type { Collection, Store } from '../../store.ts';
import { createMemoryStore } from '../../tenant/index.ts';
import { PushFaults } from './push-faults.ts';
import { PushService } from './push-service.ts';

const ORIGIN = 'https://assent.test';

/** A store in which something can happen between a search and its result. */
function createSlowStore(store: Store, onSearch: (collection: string) => Promise<void>): Store {
  return {
    ...store,
    collection<T>(name: string): Collection<T> {
      const collection = store.collection<T>(name);
      return {
        get: (id) => collection.get(id),
        insert: (id, value, options) => collection.insert(id, value, options),
        replace: (id, version, value, options) => collection.replace(id, version, value, options),
        remove: (id) => collection.remove(id),
        list: () => collection.list(),
        newest: (part) => collection.newest(part),
        orderOf: (id) => collection.orderOf(id),
        async findBy(key, value) {
          const found = await collection.findBy(key, value);
          await onSearch(name);
          return found;
        },
      };
    },
  };
}

/** A push service, one subscription, and things that happen once a collection has been searched. */
async function start() {
  const clock = createManualClock(Date.now());
  const vapidKeys = webPush.generateVAPIDKeys();
  const meanwhile = new Map<string, () => Promise<void> | void>();
  const service = new PushService({
    store: createSlowStore(createMemoryStore(clock), async (collection) => {
      const happen = meanwhile.get(collection);
      meanwhile.delete(collection);
      await happen?.();
    }),
    clock,
    ids: createRandomIds(),
    faults: new PushFaults(),
    origin: ORIGIN,
    tokenClock: clock,
    onUnexpected: (error) => {
      throw error;
    },
  });
  const subscription = await service.subscribe({
    listener: 'relay:secret',
    address: { via: 'relay' },
    applicationServerKey: vapidKeys.publicKey,
  });
  if (typeof subscription !== 'object') throw new Error('That was a key, and there is room.');
  const { publicKey, privateKey } = vapidKeys;
  const { Authorization } = webPush.getVapidHeaders(
    ORIGIN,
    'mailto:ops@example.com',
    publicKey,
    privateKey,
    'aes128gcm',
  );
  const received: string[] = [];
  return {
    meanwhile,
    received,
    async send(text: string): Promise<void> {
      const acceptance = await service.accept(subscription.sendToken, {
        authorization: Authorization,
        ttl: '60',
        topic: undefined,
        urgency: undefined,
        contentEncoding: 'aes128gcm',
        body: Buffer.from(text),
      });
      expect(acceptance.status).toBe(201);
    },
    attach: (closed: AbortSignal): Promise<void> =>
      service.attach(
        'relay:secret',
        ({ message }) => received.push(Buffer.from(message.body, 'base64url').toString()),
        closed,
      ),
  };
}

test('what comes in while a listener is handed what waits comes once, and after it', async () => {
  const { attach, meanwhile, received, send } = await start();
  await send('waiting');
  // The subscriptions have been read, the messages not yet: it is found there, too.
  meanwhile.set('push-subscriptions', () => send('early'));
  // The messages have been read.
  meanwhile.set('push-messages', () => send('late'));
  await attach(new AbortController().signal);
  expect(received).toEqual(['waiting', 'early', 'late']);
  await send('afterwards');
  expect(received.at(-1)).toBe('afterwards');
});

test('a listener that leaves while its messages are read is handed none, and they wait on', async () => {
  const { attach, meanwhile, received, send } = await start();
  await send('waiting');
  const closed = new AbortController();
  meanwhile.set('push-messages', () => closed.abort());
  await attach(closed.signal);
  await send('later');
  expect(received).toEqual([]);
  await attach(AbortSignal.abort());
  expect(received).toEqual([]);
  await attach(new AbortController().signal);
  expect(received).toEqual(['waiting', 'later']);
});
