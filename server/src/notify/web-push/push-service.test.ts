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
    collection<T>(name: string): Collection<T> {
      const collection = store.collection<T>(name);
      return {
        ...collection,
        async findBy(key, value) {
          const found = await collection.findBy(key, value);
          await onSearch(name);
          return found;
        },
      };
    },
    close: () => store.close(),
  };
}

test('what comes in while a listener is handed what waits comes once, and after it', async () => {
  const clock = createManualClock(Date.now());
  const vapidKeys = webPush.generateVAPIDKeys();
  const meanwhile = new Map<string, string>();
  const service = new PushService({
    store: createSlowStore(createMemoryStore(clock), async (collection) => {
      const text = meanwhile.get(collection);
      meanwhile.delete(collection);
      if (text !== undefined) await send(text);
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
  if (!subscription) throw new Error('That was a key.');
  const send = async (text: string): Promise<void> => {
    const headers = webPush.getVapidHeaders(
      ORIGIN,
      'mailto:ops@example.com',
      vapidKeys.publicKey,
      vapidKeys.privateKey,
      'aes128gcm',
    );
    const acceptance = await service.accept(subscription.sendToken, {
      authorization: headers.Authorization,
      ttl: '60',
      topic: undefined,
      urgency: undefined,
      contentEncoding: 'aes128gcm',
      body: Buffer.from(text),
    });
    expect(acceptance.status).toBe(201);
  };
  const received: string[] = [];
  const attach = (): Promise<void> =>
    service.attach(
      'relay:secret',
      ({ message }) => received.push(Buffer.from(message.body, 'base64url').toString()),
      new AbortController().signal,
    );

  await send('waiting');
  // The subscriptions have been read, the messages not yet: it is found there, too.
  meanwhile.set('push-subscriptions', 'early');
  // The messages have been read.
  meanwhile.set('push-messages', 'late');
  await attach();
  expect(received).toEqual(['waiting', 'early', 'late']);
  await send('afterwards');
  expect(received.at(-1)).toBe('afterwards');
});
