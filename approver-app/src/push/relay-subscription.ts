// The way around a push service that cannot be reached: a subscription of Assent's own, for which this browser makes the
// keys that its push client would make. The private one cannot be extracted.
import type { PushRegistration, RelaySubscription } from 'assent/contract';
import { encodeBase64url } from '../api/base64url.ts';
import { erase, readOne, write } from '../api/browser-store.ts';
import { relaySubscriptionSchema } from '../wire/contract.ts';
import { atLeast, instance, type Output, one, parseAs, readAs, text, url } from '../wire/schema.ts';

const bytesSchema = instance(Uint8Array<ArrayBuffer>);

const relaySchema = atLeast({
  id: one('relay'),
  endpoint: url(),
  subscription: url(),
  vapidPublicKey: text(),
  keys: atLeast({
    privateKey: instance(CryptoKey),
    publicKey: bytesSchema,
    authSecret: bytesSchema,
  }),
});

export type Relay = Output<typeof relaySchema>;

/** Undefined without a subscription. */
export async function readRelay(): Promise<Relay | undefined> {
  return readAs(relaySchema, await readOne('relay', 'relay'));
}

/**
 * The subscription that is there already, otherwise a new one. Bound to the server's key, as any push subscription.
 *
 * @param lostEndpoint the server was told that this one is gone
 */
export async function subscribeToRelay(
  vapidPublicKey: string,
  lostEndpoint?: string,
): Promise<PushRegistration> {
  const existing = await readRelay();
  const isGood = existing?.vapidPublicKey === vapidPublicKey && existing.endpoint !== lostEndpoint;
  if (isGood) return toRegistration(existing);
  // RFC 8292 §4.1.
  const response = await fetch('/push/subscribe', {
    method: 'POST',
    headers: { 'content-type': 'application/webpush-options+json' },
    body: JSON.stringify({ vapid: vapidPublicKey }),
    credentials: 'omit',
  });
  if (!response.ok) throw new Error(`The relay answered ${response.status}.`);
  const subscription: RelaySubscription = parseAs(relaySubscriptionSchema, await response.json());
  const { createPushKeys } = await import('../api/rfc8291.ts');
  const relay: Relay = { id: 'relay', ...subscription, vapidPublicKey, keys: await createPushKeys() };
  await write('relay', relay);
  return toRegistration(relay);
}

/** Forgets the subscription, here and at the relay. */
export async function leaveRelay(): Promise<void> {
  const relay = await readRelay();
  await erase('relay', 'relay');
  // A relay that cannot be reached keeps what nobody can read any more.
  if (relay !== undefined) {
    await fetch(onOwnOrigin(relay.subscription), { method: 'DELETE' }).catch(() => undefined);
  }
}

/**
 * The address as this page reaches it. The server has several names (localhost and 127.0.0.1, one on the LAN), and a page
 * may connect only to the one it came from.
 */
export function onOwnOrigin(url: string): string {
  return new URL(url).pathname;
}

function toRegistration({ endpoint, keys }: Relay): PushRegistration {
  return {
    kind: 'relay',
    subscription: {
      endpoint,
      expirationTime: null,
      keys: { p256dh: encodeBase64url(keys.publicKey), auth: encodeBase64url(keys.authSecret) },
    },
  };
}
