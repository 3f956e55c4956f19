// Notifications in a browser as everybody has it: no switches, so its push service is not reached and the relay takes
// over. Real push has tests of its own.
import type { Page } from '@playwright/test';
import { shownBy, tap, turnOnByRelay, withPush } from './notification-centre.ts';
import { ADA, GRACE } from './tenant.ts';
import { losePush, reachPushService, reachPushServiceFrom, silencePushService } from './web-push-double.ts';
import { ApproverApp, expect, test } from './world.ts';

test('nothing is asked before the reader asks for it', async ({ app, agent }) => {
  await app.page.addInitScript(() => {
    Reflect.set(window, 'questions', 0);
    const ask = Notification.requestPermission.bind(Notification);
    Notification.requestPermission = (...told) => {
      Reflect.set(window, 'questions', Reflect.get(window, 'questions') + 1);
      return ask(...told);
    };
  });
  const questions = () => app.page.evaluate(() => Reflect.get(window, 'questions'));
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.open('notifications');
  await expect(app.heading).toHaveText('Hear about requests when this page is closed');
  expect(await questions()).toBe(0);
  await app.page.getByRole('button', { name: 'Ask for permission' }).click();
  await expect.poll(questions).toBe(1);
});

test('the empty inbox offers notifications, and so does the first decision', async ({ app, agent }) => {
  await app.pair();
  const state = app.page.getByTestId('notification-state');
  await expect(state).toContainText('Off for this browser.');
  await state.getByRole('link', { name: 'Set up notifications' }).click();
  await expect(app.heading).toHaveText('Hear about requests when this page is closed');
  await app.page.getByRole('button', { name: 'Not now' }).click();

  const offer = app.page.getByTestId('notification-offer');
  for (const isFirst of [true, false]) {
    await agent.ask();
    await app.openRequest();
    await app.readToEnd();
    await app.approveButton.click();
    await expect(app.heading).toHaveText('You approved');
    await expect(offer).toHaveCount(isFirst ? 1 : 0);
    if (isFirst) await offer.getByRole('button', { name: 'No, thanks' }).click();
    await app.page.getByRole('link', { name: 'Back to the inbox' }).click();
  }
});

for (const service of ['refuses', 'is silent'] as const) {
  test(`where the push service ${service}, the relay notifies within five seconds, and a tap leads to a token`, async ({
    app,
    agent,
    assent,
    context,
  }) => {
    if (service === 'is silent') await silencePushService(app.page);
    await app.pair();
    await app.turnOnNotifications();
    await expect(app.heading).toHaveText('Notifications are on', { timeout: 7_000 });
    await expect(app.page.getByRole('main')).toContainText('only while this page is open');
    await app.open();
    await expect(app.page.getByTestId('notification-state')).toContainText('Relay');

    let asked = { authReqId: '' };
    await withPush(context, async () => {
      asked = await agent.ask({ bindingMessage: 'RENT-4K9' });
    });
    const { id } = await assent.control.request('latest');
    expect(await shownBy(app.page)).toEqual([
      {
        title: 'Aiya asks for your approval',
        body: expect.stringMatching(/250\.5.* · RENT-4K9$/),
        tag: id,
        actions: [],
      },
    ]);
    await tap(app.page);
    await expect(app.page).toHaveURL(`${assent.url}/approve/requests/${id}`);
    await expect(app.heading).toContainText('Aiya asks to');
    expect(await shownBy(app.page)).toEqual([]);
    await app.readToEnd();
    await app.approveButton.click();
    await expect(app.heading).toHaveText('You approved');
    expect((await agent.poll(asked)).status).toBe(200);
  });
}

test('a request that ends takes the place of its notification', async ({ app, agent, assent, context }) => {
  await app.pair();
  await turnOnByRelay(app);
  await withPush(context, () => agent.ask());
  const [asking] = await shownBy(app.page);
  expect(asking?.title).toBe('Aiya asks for your approval');
  await withPush(context, () => assent.control.deny('latest'));
  expect(await shownBy(app.page)).toMatchObject([{ title: 'The request of Aiya was denied' }]);
  expect((await shownBy(app.page))[0]?.tag).toBe(asking?.tag);
});

test('notifications are still on after a reload, and off after turning them off', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await app.pair();
  await turnOnByRelay(app);
  await app.open('devices');
  const here = app.page.getByRole('listitem').filter({ hasText: 'This browser' });
  await expect(here).toContainText('Relay: while its page is open');
  await withPush(context, () => agent.ask({ bindingMessage: 'AFTER-1' }));
  expect(await shownBy(app.page)).toMatchObject([{ body: expect.stringContaining('AFTER-1') }]);
  await withPush(context, () => assent.control.approve('latest'));
  expect(await shownBy(app.page)).toMatchObject([{ title: 'The request of Aiya was approved' }]);

  await app.open('notifications');
  await app.page.getByRole('button', { name: 'Turn off' }).click();
  await expect(app.announcements).toContainText('Notifications are off.');
  await expect(app.heading).toHaveText('Hear about requests when this page is closed');
  await app.open('devices');
  await expect(here).toContainText('No notifications');
  await agent.ask({ bindingMessage: 'QUIET-2' });
  await app.open();
  await expect(app.cards).toContainText(['QUIET-2']);
  expect(await shownBy(app.page)).toMatchObject([{ title: 'The request of Aiya was approved' }]);
});

test('several tabs share one stream of the relay, and another takes over when its tab closes', async ({
  app,
  agent,
  assent,
  context,
}) => {
  const listeners: Page[] = [];
  context.on('request', (request) => {
    const isListening = request.method() === 'GET' && request.url().includes('/push/subscription/');
    if (isListening) listeners.push(request.frame().page());
  });
  await app.pair();
  await turnOnByRelay(app);
  const other = new ApproverApp(await context.newPage(), assent);
  await other.open();
  await expect(other.page.getByTestId('notification-state')).toContainText('Relay');
  await withPush(context, () => agent.ask({ bindingMessage: 'ONE-1' }));
  expect(await shownBy(other.page)).toHaveLength(1);
  expect(new Set(listeners)).toEqual(new Set([app.page]));

  await app.page.close();
  await withPush(context, () => agent.ask({ bindingMessage: 'TWO-2' }));
  expect(await shownBy(other.page)).toHaveLength(2);
  expect(listeners).toContain(other.page);
});

const stateOfThisBrowser = ({ page }: ApproverApp) =>
  page.getByRole('listitem').filter({ hasText: 'This browser' });

test('a subscription that its push service dropped is shown as lost, and the next start brings another', async ({
  app,
  agent,
}) => {
  await reachPushService(app.page);
  await app.pair();
  await app.turnOnNotifications();
  await expect(app.page.getByRole('main')).toContainText('by web push, also while this page is closed');
  await losePush(app.page);
  await agent.ask();
  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await app.page.getByRole('link', { name: 'Settings' }).click();
  await app.page.getByRole('link', { name: 'Devices of Ada Lovelace' }).click();
  await expect(stateOfThisBrowser(app)).toContainText('Push is lost');
  await app.open('devices');
  await expect(async () => {
    // As if the reader came back to the window: the list is read again.
    await app.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(stateOfThisBrowser(app)).toContainText('Web push', { timeout: 500 });
  }).toPass();
});

test('two persons of a browser whose subscription was lost are both reached by the one that takes its place', async ({
  app,
  agent,
  assent,
}) => {
  const choose = (from: string) =>
    app.page.getByRole('button', { name: new RegExp(`${from}.*switch person`) }).click();
  /** Of this browser's device of each, which is their last. */
  const ways = async () => {
    const devices = await Promise.all([ADA, GRACE].map((userId) => assent.control.devices(userId)));
    return devices.map((own) => own.at(-1)?.push);
  };
  await reachPushService(app.page);
  await app.pair('Ada Lovelace');
  await app.turnOnNotifications();
  await expect(app.page.getByRole('main')).toContainText('by web push, also while this page is closed');
  // From here on the page is not loaded anew: its push service would forget.
  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await choose('Ada Lovelace');
  await app.page.getByRole('button', { name: /Grace Hopper/ }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await app.page
    .getByTestId('notification-state')
    .getByRole('link', { name: 'Set up notifications' })
    .click();
  await app.page.getByRole('button', { name: 'Turn on' }).click();
  await expect(app.page.getByRole('main')).toContainText('by web push, also while this page is closed');
  await losePush(app.page);
  for (const userId of [ADA, GRACE]) await agent.ask({ userId });
  await expect.poll(ways).toEqual(['lost', 'lost']);

  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await choose('Grace Hopper');
  await app.page.getByRole('button', { name: /Ada Lovelace/ }).click();
  await expect.poll(ways).toEqual(['web-push', 'lost']);
  await choose('Ada Lovelace');
  await app.page.getByRole('button', { name: /Grace Hopper/ }).click();
  await expect.poll(ways).toEqual(['web-push', 'web-push']);
  for (const userId of [ADA, GRACE]) {
    await agent.ask({ userId });
    const { name } = await assent.control.request('latest');
    await expect
      .poll(() => assent.control.trace(name))
      .toContainEqual(expect.objectContaining({ type: 'notification.delivered', channel: 'push' }));
  }
});

test('the service worker renews a subscription that the browser gave up, with the key of the device', async ({
  app,
  agent,
  assent,
}) => {
  await reachPushService(app.page);
  await app.pair();
  await app.turnOnNotifications();
  await expect(app.page.getByRole('main')).toContainText('by web push, also while this page is closed');
  await losePush(app.page);
  const [worker] = app.page.context().serviceWorkers();
  if (worker === undefined) throw new Error('There is no service worker.');
  await reachPushServiceFrom(worker);
  await app.page.goto('about:blank');
  await worker.evaluate(async () => {
    const Extendable = Reflect.get(globalThis, 'ExtendableEvent') as new (type: string) => Event;
    globalThis.dispatchEvent(new Extendable('pushsubscriptionchange'));
  });
  await expect(async () => {
    await agent.ask();
    const { name } = await assent.control.request('latest');
    await expect
      .poll(() => assent.control.trace(name), { timeout: 1_000 })
      .toContainEqual(expect.objectContaining({ type: 'notification.delivered', channel: 'push' }));
  }).toPass();
});

test('turning notifications off in one tab is seen in the others', async ({ app, assent, context }) => {
  await app.pair();
  await turnOnByRelay(app);
  const other = new ApproverApp(await context.newPage(), assent);
  await other.open('notifications');
  await expect(other.heading).toHaveText('Notifications are on');
  await app.page.getByRole('button', { name: 'Turn off' }).click();
  await expect(other.heading).toHaveText('Hear about requests when this page is closed');
});

test('the permission that was refused is explained, with the way back', async ({ app, context }) => {
  await app.page.addInitScript(() => {
    if (sessionStorage.getItem('allowed') !== null) return;
    Object.defineProperty(Notification, 'permission', { configurable: true, get: () => 'denied' });
    Notification.requestPermission = async () => 'denied';
  });
  await app.pair();
  await expect(app.page.getByTestId('notification-state')).toContainText('Blocked in the settings');
  await app.page.getByTestId('notification-state').getByRole('link', { name: 'Why?' }).click();
  await expect(app.heading).toHaveText('Notifications are blocked');
  await expect(app.page.getByText('Set Notifications to Allow')).toBeVisible();

  await app.page.evaluate(() => sessionStorage.setItem('allowed', 'yes'));
  await context.grantPermissions(['notifications']);
  await app.page.reload();
  await expect(app.page.getByRole('button', { name: 'Turn on' })).toBeVisible();
});

test('an iPhone is told to put the app on the home screen first', async ({ app }) => {
  await app.page.addInitScript(() => {
    Object.defineProperty(navigator, 'userAgent', { get: () => 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5)' });
    Reflect.deleteProperty(window, 'Notification');
  });
  await app.pair();
  await app.open('notifications');
  await expect(app.heading).toHaveText('No notifications here');
  await expect(app.page.getByText('Share, then Add to Home Screen.')).toBeVisible();
});

test('un-pairing ends the notifications of this browser', async ({ app, agent }) => {
  await app.pair();
  await turnOnByRelay(app);
  await app.open();
  const left = app.page.waitForResponse(
    (response) => response.request().method() === 'DELETE' && response.url().includes('/push/subscription/'),
  );
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
  await app.page.getByRole('button', { name: 'Un-pair', exact: true }).click();
  expect((await left).status()).toBe(204);
  await app.pair();
  await expect(app.page.getByTestId('notification-state')).toContainText('Off for this browser.');
  await agent.ask();
  await expect(app.cards).toHaveCount(1);
  expect(await shownBy(app.page)).toEqual([]);
});
