// A push service of the browser that is reached: what `pushManager` gives are subscriptions of the embedded push service,
// so that the server really sends there. Nothing of the app is replaced; real browsers' push has tests of its own.
import type { Page, Worker } from '@playwright/test';

/** Where a double keeps its subscription, for as long as its page or worker lives. */
interface Scope {
  created?: { endpoint: string; subscription: string };
}

/** Runs in the page or in the worker. */
async function installDouble(): Promise<void> {
  const scope: Scope = {};
  const encode = (bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  const decode = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)).buffer;
  const makeKeys = async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ]);
    return {
      p256dh: encode(await crypto.subtle.exportKey('raw', pair.publicKey)),
      auth: encode(crypto.getRandomValues(new Uint8Array(16))),
    };
  };
  const subscribe = async ({ applicationServerKey }: PushSubscriptionOptionsInit = {}) => {
    const vapid = String(applicationServerKey);
    const answer = await fetch('/push/subscribe', {
      method: 'POST',
      headers: { 'content-type': 'application/webpush-options+json' },
      body: JSON.stringify({ vapid }),
    });
    const created: NonNullable<Scope['created']> = await answer.json();
    const keys = await makeKeys();
    scope.created = created;
    const subscription: Partial<PushSubscription> = {
      endpoint: created.endpoint,
      options: { applicationServerKey: decode(vapid), userVisibleOnly: true },
      toJSON: () => ({ endpoint: created.endpoint, keys }),
      unsubscribe: async () => {
        await fetch(new URL(created.subscription).pathname, { method: 'DELETE' });
        current = null;
        return true;
      },
    };
    current = subscription as PushSubscription;
    return current;
  };
  let current: PushSubscription | null = null;
  PushManager.prototype.subscribe = subscribe;
  PushManager.prototype.getSubscription = async () => current;
  Reflect.set(globalThis, 'losePush', async () => {
    if (scope.created === undefined) throw new Error('There is no subscription to lose.');
    await fetch(new URL(scope.created.subscription).pathname, { method: 'DELETE' });
  });
}

/** For every load of the page from now on. */
export async function reachPushService(page: Page): Promise<void> {
  await page.addInitScript(installDouble);
}

export async function reachPushServiceFrom(worker: Worker): Promise<void> {
  await worker.evaluate(installDouble);
}

/** The push service stays silent, as one does that is not reached, until `endSilence`. */
export async function silencePushService(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { subscribe } = PushManager.prototype;
    const silence = new Promise<void>((resolve) => Reflect.set(window, 'endSilence', resolve));
    PushManager.prototype.subscribe = async function (...options) {
      await silence;
      return subscribe.apply(this, options);
    };
  });
}

/** What the page asked meanwhile is answered. */
export async function endSilence(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.get(window, 'endSilence')());
}

/** The push service drops the subscription, and the browser does not know. */
export async function losePush(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.get(window, 'losePush')());
}
