// Several devices of one person: another phone joins by a link that works once, devices are renamed and taken away.
import type { Browser } from '@playwright/test';
import type { RunningAssent } from 'assent';
import { readQrCode } from './qr-reader.ts';
import { ApproverApp, expect, test } from './world.ts';

/** An app in a browser of its own, with no key yet. */
async function openElsewhere(browser: Browser, assent: RunningAssent): Promise<ApproverApp> {
  const context = await browser.newContext();
  return new ApproverApp(await context.newPage(), assent);
}

async function openDevices({ page }: ApproverApp): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Devices of Ada Lovelace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Devices');
}

const picture = ({ page }: ApproverApp) =>
  page.getByRole('img', { name: 'Pairing link for Ada Lovelace as a QR code' });
const row = ({ page }: ApproverApp, name: string) => page.getByRole('listitem').filter({ hasText: name });

test('a phone joins by the code on the screen: pending, then confirmed, then asked as well', async ({
  app,
  agent,
  assent,
  browser,
}) => {
  await app.pair();
  await openDevices(app);
  await app.page.getByRole('link', { name: 'Pair another phone' }).click();
  await expect(app.heading).toHaveText('Pair another phone');
  await expect(app.page.getByRole('timer')).toHaveAccessibleName(/^The code ends in [45]:\d\d$/);
  const link = await readQrCode(picture(app));
  expect(link).toMatch(/\/approve\/#ticket=gten_\w{32}$/);
  const code = (await app.page.getByTestId('pairing-code').textContent()) ?? '';
  expect(code).toMatch(/^[2-9A-HJKMNP-Z]{4}$/);
  await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.page.getByRole('button', { name: 'Copy pairing link' }).click();
  await expect(app.announcements).toContainText('Copied.');
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await app.page.getByRole('link', { name: 'Devices' }).click();
  await expect(row(app, 'New device')).toContainText('Pending');

  const phone = await openElsewhere(browser, assent);
  await phone.page.goto(link);
  await expect(phone.heading).toHaveText('Let this browser approve for Ada Lovelace?');
  await expect(phone.page.getByTestId('pairing-code')).toHaveText(code);
  await expect(phone.page).toHaveURL(`${assent.url}/approve/`);
  await phone.page.getByLabel('Name of this browser').fill('Pixel in the classroom');
  await phone.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(phone.heading).toHaveText('Nothing is waiting');

  await expect(row(app, 'Pixel in the classroom')).toContainText('No notifications');
  await expect(app.page.getByText('Pending')).toHaveCount(0);
  await agent.ask({ bindingMessage: 'FOR-BOTH' });
  await expect(phone.cards).toContainText(['FOR-BOTH']);
  await phone.page.context().close();
});

test('the screen with the code says when it was used', async ({ app, assent, browser }) => {
  await app.pair();
  const link = await app.makePairingLink();
  const phone = await openElsewhere(browser, assent);
  await phone.page.goto(link);
  await phone.page.getByLabel('Name of this browser').fill('Blue phone');
  await phone.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toHaveText('Blue phone is paired');
  await expect(app.announcements).toContainText('Blue phone is paired');
  await phone.page.context().close();
});

test('a link works once, and says so the second time', async ({ app, assent, browser }) => {
  await app.pair();
  const link = await app.makePairingLink();
  const phone = await openElsewhere(browser, assent);
  await phone.page.goto(link);
  await phone.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(phone.heading).toHaveText('Nothing is waiting');

  const late = await openElsewhere(browser, assent);
  await late.page.goto(link);
  await expect(late.heading).toHaveText('This pairing link is not good any more');
  await expect(late.page).toHaveURL(`${assent.url}/approve/`);
  await late.page.getByRole('button', { name: 'Go on without pairing' }).click();
  await expect(late.heading).toHaveText('Who are you?');
  for (const { page } of [phone, late]) await page.context().close();
});

test('of two browsers that confirm the same link, one is paired', async ({ app, assent, browser }) => {
  await app.pair();
  const link = await app.makePairingLink();
  const both = [await openElsewhere(browser, assent), await openElsewhere(browser, assent)] as const;
  for (const { page } of both) {
    await page.goto(link);
    await expect(page.getByTestId('pairing-code')).toBeVisible();
  }
  const [first, second] = both;
  await first.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(first.heading).toHaveText('Nothing is waiting');
  await second.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(second.page.getByRole('alert')).toContainText('This ticket is not good');
  for (const { page } of both) await page.context().close();
});

test('a code that differs pairs nothing', async ({ app, assent, browser }) => {
  await app.pair();
  const link = await app.makePairingLink();
  const phone = await openElsewhere(browser, assent);
  await phone.page.goto(link);
  await phone.page.getByRole('button', { name: 'This is not the code I see' }).click();
  await expect(phone.heading).toHaveText('Nothing was paired');
  await phone.page.getByRole('button', { name: 'Go on without pairing' }).click();
  await expect(phone.heading).toHaveText('Who are you?');
  await app.open('devices');
  await expect(row(app, 'New device')).toContainText('Pending');
  await phone.page.context().close();
});

test('a pending device can be cancelled, and its link is not good then', async ({ app, assent, browser }) => {
  await app.pair();
  const link = await app.makePairingLink();
  await app.page.getByRole('link', { name: 'Devices' }).click();
  await app.page.getByRole('button', { name: 'Cancel New device' }).click();
  await expect(app.announcements).toContainText('The pairing link was cancelled.');
  await expect(row(app, 'New device')).toHaveCount(0);

  const phone = await openElsewhere(browser, assent);
  await phone.page.goto(link);
  await expect(phone.heading).toHaveText('This pairing link is not good any more');
  await phone.page.context().close();
});

test('coming back to the screen shows the same code, not another one', async ({ app }) => {
  await app.pair();
  await openDevices(app);
  await app.page.getByRole('link', { name: 'Pair another phone' }).click();
  const link = await readQrCode(picture(app));
  await app.page.getByRole('link', { name: 'Devices' }).click();
  await app.page.getByRole('link', { name: 'Pair another phone' }).click();
  expect(await readQrCode(picture(app))).toBe(link);
});

test('a code that ended says so and offers another one', async ({ app }) => {
  await app.pair();
  await app.page.route(
    '**/approver/tickets',
    async (route) => {
      const response = await route.fetch();
      const expires_at = new Date(Date.now() + 2_000).toISOString();
      await route.fulfill({ response, json: { ...(await response.json()), expires_at } });
    },
    { times: 1 },
  );
  const link = await app.makePairingLink();
  await expect(app.heading).toHaveText('The code has ended');
  await app.page.getByRole('button', { name: 'Make a new code' }).click();
  await expect(app.heading).toHaveText('Pair another phone');
  expect(await readQrCode(picture(app))).not.toBe(link);
});

test('a link for the person who is here already gives this browser a new key', async ({ app, agent }) => {
  await app.pair();
  const link = await app.makePairingLink();
  // The app is open already: only what stands behind "#" changes.
  await app.page.goto(link);
  await expect(app.page.getByText('This browser answers for Ada Lovelace already')).toBeVisible();
  await app.page.getByLabel('Name of this browser').fill('Second key');
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toHaveText('Nothing is waiting');
  await openDevices(app);
  // The other one is of the tenant file.
  await expect(app.page.getByRole('listitem')).toHaveText([/Ada’s phone/, /Second key/]);
  await app.page.goBack();
  await app.page.goBack();
  const asked = await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  expect((await agent.poll(asked)).status).toBe(200);
});

test('a device is renamed without a new key, and the new name stands beside the next decision', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await openDevices(app);
  const id = await row(app, 'This browser').getAttribute('data-device');
  await row(app, 'This browser').getByRole('button', { name: 'Rename' }).click();
  const dialog = app.page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(' ');
  await expect(dialog.getByText('Give it a name.')).toBeVisible();
  await dialog.getByLabel('Name').fill('Pixel in the classroom');
  await dialog.getByRole('button', { name: 'Save name' }).click();
  await expect(app.announcements).toContainText('It is called Pixel in the classroom now.');
  await expect(row(app, 'Pixel in the classroom')).toHaveAttribute('data-device', id ?? '');

  await app.open();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.page.getByText('on Pixel in the classroom')).toBeVisible();
  expect((await assent.control.request('latest')).decision?.device).toBe('Pixel in the classroom');
});

test('a device that is not one’s own can be taken away', async ({ app, assent, browser }) => {
  await app.pair();
  const other = await openElsewhere(browser, assent);
  await other.open();
  await other.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await other.page.getByLabel('Name of this browser').fill('Lost phone');
  await other.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(other.heading).toHaveText('Nothing is waiting');

  await openDevices(app);
  await app.page.getByRole('button', { name: 'Un-pair Lost phone' }).click();
  await expect(row(app, 'Lost phone')).toHaveCount(0);
  await expect(other.heading).toHaveText('Who are you?');
  await expect(app.heading).toHaveText('Devices');
  await other.page.context().close();
});

test.describe('a server for the network', () => {
  test.use({ host: '0.0.0.0' });

  test('shows, on its own computer too, a link that a phone can follow, and what the phone must trust first', async ({
    app,
    assent,
  }) => {
    const [reached = ''] = assent.networkUrls;
    // biome-ignore lint/suspicious/noSkippedTests: only where there is nothing to test
    test.skip(reached === '', 'This computer is in no network.');
    await app.pair();
    expect(new URL(await app.makePairingLink()).origin).toBe(reached);
    await expect(app.page.getByRole('listitem').first()).toContainText(
      `open ${reached.replace('https:', 'http:')}/ca on it`,
    );
    await expect(app.page.getByText('exists on this computer only')).toHaveCount(0);
  });
});
