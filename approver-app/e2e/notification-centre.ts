// Where this browser keeps its notifications: what lies there, and somebody who taps.
import type { BrowserContext, Page } from '@playwright/test';
import { type ApproverApp, expect } from './world.ts';

interface Shown {
  title: string;
  body: string;
  tag: string;
  /** What its buttons say. */
  actions: string[];
}

/** What lies in the notification centre of this browser. */
export async function shownBy(page: Page): Promise<Shown[]> {
  const [worker] = page.context().serviceWorkers();
  if (worker === undefined) throw new Error('There is no service worker.');
  return worker.evaluate(async () => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
    return (await scope.registration.getNotifications()).map((notification) => ({
      title: notification.title,
      body: notification.body,
      tag: notification.tag,
      actions:
        'actions' in notification
          ? (notification.actions as Array<{ title: string }>).map(({ title }) => title)
          : [],
    }));
  });
}

/**
 * Does something and waits until the page has dealt with the push that it causes. Chromium forgets a notification that is
 * listed while it appears, so nothing is listed before.
 */
export async function withPush(context: BrowserContext, act: () => Promise<unknown>): Promise<void> {
  const acknowledged = context.waitForEvent(
    'response',
    (response) => response.request().method() === 'DELETE' && response.url().includes('/push/message/'),
  );
  await act();
  await acknowledged;
}

/**
 * Taps the notification that is shown, or one of its buttons, as far as a test can: browsers trust only taps of their own
 * user interface.
 *
 * @param actions one tap for each, at the same time; empty text for the notification itself
 */
export async function tap(page: Page, ...actions: Array<'approve' | 'deny' | ''>): Promise<void> {
  await keepShown(page);
  await tapKept(page, ...actions);
}

/** Holds the notification as somebody sees it now, to be tapped later. */
export async function keepShown(page: Page): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(async () => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
    Reflect.set(globalThis, 'kept', (await scope.registration.getNotifications())[0]);
  });
}

export async function tapKept(page: Page, ...actions: Array<'approve' | 'deny' | ''>): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(
    (taps) => {
      const Tap = Reflect.get(globalThis, 'NotificationEvent') as new (
        type: string,
        init: { notification: Notification; action: string },
      ) => Event;
      for (const action of taps) {
        const notification = Reflect.get(globalThis, 'kept');
        globalThis.dispatchEvent(new Tap('notificationclick', { notification, action }));
      }
    },
    actions.length === 0 ? [''] : actions,
  );
}

/** A push as the browser hands it over, without its way there. Resolves once the worker has dealt with it. */
export async function pushToWorker(page: Page, message: object): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(async (data) => {
    const Push = Reflect.get(globalThis, 'PushEvent') as new (type: string, init: { data: string }) => Event;
    const event = new Push('push', { data });
    let dealing: Promise<unknown> = Promise.reject(new Error('The worker ignored it.'));
    Reflect.defineProperty(event, 'waitUntil', {
      value: (promise: Promise<unknown>) => {
        dealing.catch(() => undefined);
        dealing = promise;
      },
    });
    globalThis.dispatchEvent(event);
    await dealing;
  }, JSON.stringify(message));
}

export async function turnOnByRelay(app: ApproverApp): Promise<void> {
  await app.turnOnNotifications();
  await expect(app.heading).toHaveText('Notifications are on');
  await expect(app.page.getByRole('main')).toContainText('only while this page is open');
}
