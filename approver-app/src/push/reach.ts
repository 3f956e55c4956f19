// How the devices of this browser are reached while no page is open. One push subscription serves all persons who pair
// here; each of their devices registers it with the server. Works in pages and in the service worker.
import type { PushRegistration } from 'assent/contract';
import { createApproverClient } from '../api/approver-client.ts';
import { erase, readAll, write } from '../api/browser-store.ts';
import { type Pairing, readPairings } from '../api/device-key.ts';
import type { ServerClock } from '../api/server-clock.ts';
import { atLeast, list, type Output, one, optional, parseAs, text } from '../wire/schema.ts';
import { subscribeToWebPush } from './web-push-subscription.ts';

const reachSchema = atLeast({
  deviceId: text(),
  kind: one('web-push', 'relay'),
  /** What the server was told, so that it is known which subscription it means when it says that one is lost. */
  endpoint: optional(text()),
});

/** A device whose person wants notifications, and the way on which they come. */
export type Reach = Output<typeof reachSchema>;

export async function readReaches(): Promise<Reach[]> {
  return parseAs(list(reachSchema), await readAll('reaches'));
}

/** One change at a time, over all tabs and the worker: what is being turned off must not be registered meanwhile. */
export async function changeReach(change: () => Promise<void>): Promise<void> {
  await navigator.locks.request('assent.reach', change);
}

export async function forgetReach(deviceId: string): Promise<void> {
  await erase('reaches', deviceId);
}

/** Makes `registration` the way to `pairing`, here and on the server. Within a change of the reach. */
export async function registerReach(
  pairing: Pairing,
  clock: ServerClock,
  registration: PushRegistration,
): Promise<void> {
  await createApproverClient(pairing, clock).registerPush(registration);
  const { kind, subscription } = registration;
  await write('reaches', {
    deviceId: pairing.deviceId,
    kind,
    endpoint: subscription.endpoint,
  } satisfies Reach);
}

/**
 * The browser has given its subscription up and another one is needed: `pushsubscriptionchange`. Registers it for every
 * device that used the old one.
 */
export async function renewWebPush(
  registration: ServiceWorkerRegistration,
  clock: ServerClock,
): Promise<void> {
  for (const pairing of await readPairings()) {
    await changeReach(async () => {
      const reach = (await readReaches()).find(({ deviceId }) => deviceId === pairing.deviceId);
      if (reach?.kind !== 'web-push') return;
      const { vapid_public_key: vapidPublicKey } = await createApproverClient(pairing, clock).pushSetup();
      await registerReach(pairing, clock, await subscribeToWebPush(registration, { vapidPublicKey }));
    });
  }
}
