// This browser's subscription to the push service of its maker: one for all persons and tabs. Works in pages and in the
// service worker.
import type { PushRegistration } from 'assent/contract';
import { encodeBase64url } from '../api/base64url.ts';
import { pushSubscriptionSchema } from '../wire/contract.ts';
import { parseAs } from '../wire/schema.ts';

/** What a browser keeps itself, it tells at once, or never. */
const QUESTION_LOST_AFTER_MS = 1_000;

/** Name of a Web Lock. */
const RESERVATION = 'assent.web-push';

/**
 * The subscription that is there already, otherwise a new one. May wait for ever: a browser that does not reach its push
 * service goes on trying.
 *
 * @param options.lostEndpoint the server was told that this one is gone, whatever the browser believes. Another one may have
 *   taken its place, for another person of this browser or in another tab
 */
export async function subscribeToWebPush(
  registration: ServiceWorkerRegistration,
  { vapidPublicKey, lostEndpoint }: { vapidPublicKey: string; lostEndpoint?: string | undefined },
): Promise<PushRegistration> {
  const existing = await readWebPush(registration);
  const isGood =
    existing !== null && existing.endpoint !== lostEndpoint && senderOf(existing) === vapidPublicKey;
  if (isGood) return toRegistration(existing);
  await existing?.unsubscribe();
  return toRegistration(
    await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: vapidPublicKey,
    }),
  );
}

/**
 * From now on nobody ends the subscription, in no tab: the caller makes one, and registers it. A page that is gone holds
 * nothing.
 *
 * @returns ends that
 */
export function reserveWebPush(): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(RESERVATION, { mode: 'shared' }, () => new Promise<void>((release) => resolve(release)))
      .catch(reject);
  });
}

/** Ends the subscription, if there is one and nobody is about to use it. */
export async function leaveWebPush(registration: ServiceWorkerRegistration): Promise<void> {
  await navigator.locks.request(RESERVATION, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    const subscription = await readWebPush(registration);
    await subscription?.unsubscribe();
  });
}

/**
 * Firefox starts its push service when it has nothing else to do, and loses what pages ask before: nobody listens, and the
 * page waits for ever (BrowserGlue.sys.mjs and PushComponents.sys.mjs of Firefox ESR 153). So the question is asked anew
 * until one is answered; it reaches no network and changes nothing. Once it is answered, subscribe() is heard as well.
 */
async function readWebPush(registration: ServiceWorkerRegistration): Promise<PushSubscription | null> {
  // Absent in a browser that has notifications and no push.
  const pushManager: PushManager | undefined = registration.pushManager;
  if (pushManager === undefined) return null;
  return new Promise((resolve, reject) => {
    const ask = (): void => {
      pushManager
        .getSubscription()
        .then(resolve, reject)
        .finally(() => clearInterval(asking));
    };
    const asking = setInterval(ask, QUESTION_LOST_AFTER_MS);
    ask();
  });
}

/** The key that a subscription is bound to. RFC 8292 §4. */
function senderOf({ options }: PushSubscription): string | undefined {
  const key = options.applicationServerKey;
  return key === null ? undefined : encodeBase64url(new Uint8Array(key));
}

function toRegistration(subscription: PushSubscription): PushRegistration {
  return { kind: 'web-push', subscription: parseAs(pushSubscriptionSchema, subscription.toJSON()) };
}
