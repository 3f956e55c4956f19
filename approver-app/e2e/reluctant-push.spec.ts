// Push services that answer late, refuse, or lose what they are asked. The relay stands in meanwhile.
import type { Page } from '@playwright/test';
import { endSilence, reachPushService, silencePushService } from './web-push-double.ts';
import { type ApproverApp, expect, test } from './world.ts';

/** Until the app has been patient for long enough. */
async function expectRelay(app: ApproverApp, timeout = 7_000): Promise<void> {
  await expect(app.heading).toHaveText('Notifications are on', { timeout });
  await expect(app.page.getByRole('main')).toContainText('only while this page is open', { timeout });
}

async function expectWebPush(app: ApproverApp, timeout = 5_000): Promise<void> {
  const words = 'by web push, also while this page is closed';
  await expect(app.page.getByRole('main')).toContainText(words, { timeout });
}

/** Time passes for the page until it is so; what it does in between takes its own. */
const passTimeUntil = (app: ApproverApp, isSo: typeof expectWebPush): Promise<void> =>
  expect(async () => {
    await app.page.clock.runFor(3_000);
    await isSo(app, 100);
  }).toPass({ timeout: 30_000 });

/** Calls `before` for each registration of the device; it is sent on unless the answer is false. */
async function interceptRegistrations(
  page: Page,
  before: (kind: string) => Promise<boolean> | boolean,
): Promise<void> {
  await page.route('**/approver/devices/*/push', async (route) => {
    const { kind = '' }: { kind?: string } = route.request().postDataJSON() ?? {};
    if (await before(kind)) await route.continue();
    else await route.abort();
  });
}

const hasSubscription = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const { pushManager } = await navigator.serviceWorker.ready;
    return (await pushManager.getSubscription()) !== null;
  });

test('a push service that answers late takes over from the relay', async ({ app }) => {
  await reachPushService(app.page);
  await silencePushService(app.page);
  await app.pair();
  await app.turnOnNotifications();
  await expectRelay(app);
  await endSilence(app.page);
  await expectWebPush(app);
  await expect(app.announcements).toContainText('Notifications are on, by web push.');
  await app.open('devices');
  await expect(app.page.getByRole('listitem').filter({ hasText: 'This browser' })).toContainText('Web push');
});

test('what a push service answers while the relay is being registered is not taken away', async ({
  app,
  agent,
  assent,
}) => {
  await reachPushService(app.page);
  await silencePushService(app.page);
  await interceptRegistrations(app.page, async (kind) => {
    if (kind === 'relay') {
      await endSilence(app.page);
      await expect.poll(() => hasSubscription(app.page)).toBe(true);
    }
    return true;
  });
  await app.pair();
  await app.turnOnNotifications();
  await expect(app.heading).toHaveText('Notifications are on', { timeout: 7_000 });
  await expectWebPush(app);
  expect(await hasSubscription(app.page)).toBe(true);
  await agent.ask();
  const { name } = await assent.control.request('latest');
  await expect
    .poll(() => assent.control.trace(name))
    .toContainEqual(expect.objectContaining({ type: 'notification.delivered', channel: 'push' }));
});

test('what a push service answers after notifications were turned off is given back', async ({ app }) => {
  await reachPushService(app.page);
  await silencePushService(app.page);
  await app.pair();
  await app.turnOnNotifications();
  await expectRelay(app);
  await app.page.getByRole('button', { name: 'Turn off' }).click();
  await expect(app.announcements).toContainText('Notifications are off.');
  const givenBack = app.page.waitForResponse(
    (response) => response.request().method() === 'DELETE' && response.url().includes('/push/subscription/'),
  );
  await endSilence(app.page);
  expect((await givenBack).status()).toBe(204);
  await expect(app.heading).toHaveText('Hear about requests when this page is closed');
});

test('a push service that refused is asked again after a while, and takes over from the relay', async ({
  app,
}) => {
  await reachPushService(app.page);
  await app.page.addInitScript(() => {
    const { subscribe } = PushManager.prototype;
    let refusals = 1;
    PushManager.prototype.subscribe = function (...options) {
      refusals -= 1;
      return refusals < 0 ? subscribe.apply(this, options) : Promise.reject(new Error('push service error'));
    };
  });
  await app.page.clock.install();
  await app.pair();
  await app.turnOnNotifications();
  await expectRelay(app);
  await passTimeUntil(app, expectWebPush);
});

test('a server that is away while a push service answers late is told later', async ({ app }) => {
  await reachPushService(app.page);
  await silencePushService(app.page);
  let absences = 1;
  await interceptRegistrations(app.page, (kind) => {
    if (kind === 'web-push') absences -= 1;
    return kind !== 'web-push' || absences < 0;
  });
  await app.page.clock.install();
  await app.pair();
  await app.turnOnNotifications();
  await passTimeUntil(app, expectRelay);
  await endSilence(app.page);
  await passTimeUntil(app, expectWebPush);
  expect(absences).toBeLessThan(0);
});

test('what a browser loses that has just started is asked again, and web push answers in time', async ({
  app,
}) => {
  await reachPushService(app.page);
  await app.page.addInitScript(() => {
    const { getSubscription } = PushManager.prototype;
    let losses = 2;
    PushManager.prototype.getSubscription = function () {
      losses -= 1;
      return losses < 0 ? getSubscription.apply(this) : new Promise(() => {});
    };
  });
  await app.pair();
  await app.turnOnNotifications();
  await expectWebPush(app);
});
