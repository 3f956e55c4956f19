// Lab 6 given in a browser by keyboard alone: from a tenant with nothing enabled to an approved transfer, each step failing
// first and then passing. What the steps change is done by the buttons that the lesson offers.
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { bankBeforeLab } from 'assent';
import { type ApproverApp, expect, test } from './world.ts';

test.use({ config: bankBeforeLab });

const LESSON = '/console/lessons';
const DETAILS = JSON.stringify([
  { type: 'transfer_funds', amount: '42.00', currency: 'EUR', to: 'Grace Hopper' },
]);
/** More stops than any of these pages has. */
const MOST_STOPS = 150;

/** Goes there as somebody without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${String(target)} by keyboard`);
}

async function press(page: Page, role: 'button' | 'link', name: string | RegExp): Promise<void> {
  await tabTo(page, page.getByRole(role, { name }).first());
  await page.keyboard.press('Enter');
}

class Lesson {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get outcome(): Locator {
    return this.page.getByRole('status').filter({ hasText: /^It (fails|works)/ });
  }

  async isAt(title: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 2, name: title })).toBeVisible();
  }

  async try(result: 'It fails' | 'It works', says: string | RegExp): Promise<void> {
    await press(this.page, 'button', 'Try it');
    await expect(this.outcome).toContainText(result);
    await expect(this.outcome).toContainText(says);
  }

  async run(): Promise<void> {
    await press(this.page, 'button', 'Run it here');
    await expect(this.page.getByRole('button', { name: 'Run it here' })).toHaveCount(0);
  }

  async next(title: string): Promise<void> {
    await press(this.page, 'link', `Next: ${title}`);
    await this.isAt(title);
  }
}

test('what the first step changes is named once among what the file has not', async ({ assent, page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${assent.url}/console/clients/baink`);
  await page.getByLabel('Client Initiated Backchannel Authentication (CIBA)').click();
  const bar = page.getByRole('region', { name: 'Changes that the file has not' });
  await expect(bar).toContainText('1 thing lives only in memory: clients baink');
});

test('a step opens the very part of the console, which leads back; what failed before is not said of what was changed', async ({
  assent,
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 700 });
  await page.goto(`${assent.url}${LESSON}/enable-ciba`);
  const outcome = page.getByRole('status').filter({ hasText: /^It (fails|works)/ });
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(outcome).toContainText('It fails');
  await page.getByRole('link', { name: 'Open it in the console' }).click();
  await expect(page.getByRole('heading', { name: 'Grant Types' })).toBeInViewport();
  await expect(page.getByRole('heading', { name: 'Grant Types' })).toBeFocused();
  // Also from elsewhere in the console.
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Events' }).click();
  await expect(page).toHaveURL(/\/console\/events\?lesson=enable-ciba$/);
  await page.getByRole('link', { name: 'Back to the lesson' }).click();
  await expect(
    page.getByRole('heading', { level: 2, name: 'Enable CIBA for the application' }),
  ).toBeVisible();
  await expect(page.getByRole('link', { name: 'Back to the lesson' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(outcome).toContainText('It fails');
  await page.getByRole('button', { name: 'Run it here' }).click();
  await expect(page.getByRole('link', { name: /^Next: / })).toBeVisible();
  await expect(outcome).toHaveCount(0);
});

test('Lab 6 leads from nothing enabled to an approved transfer, by keyboard alone', async ({
  app,
  assent,
  page,
}) => {
  // Some hundred stops of the keyboard, each looked at, on a computer that may be busy with other tests.
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  const lesson = new Lesson(page);
  await page.goto(assent.url + LESSON);
  await press(page, 'link', 'Begin: Enable CIBA for the application');

  await lesson.isAt('Enable CIBA for the application');
  await expect(page.getByText('In Auth0’s dashboard: Applications › Applications › the bAInk')).toBeVisible();
  await expect(page.getByText('Each change counts at once: there is nothing to save.')).toBeVisible();
  await lesson.try('It fails', 'unauthorized_client');
  await lesson.run();
  await lesson.try('It works', 'push notifications not enabled on tenant');

  await lesson.next('Enable Guardian push');
  await lesson.try('It fails', 'push notifications not enabled on tenant');
  await lesson.run();
  await lesson.try('It works', 'User does not have push notifications set up');

  await lesson.next('Enrol a device, through Aiya');
  await lesson.try('It fails', 'User does not have push notifications set up');
  await press(page, 'link', 'Enrol this browser with the ticket');
  await press(page, 'link', 'Enrol this browser');
  await press(page, 'button', 'Pair this browser');
  await expect(app.heading).toHaveText('Nothing is waiting');
  await page.goto(`${assent.url}${LESSON}/enrol`);
  await lesson.try('It works', 'Ada Lovelace is asked.');

  await lesson.next('Create the API');
  await lesson.try('It fails', 'Service not found');
  await lesson.run();
  await lesson.try('It works', 'Client is not authorized to access');

  await lesson.next('Authorize the application');
  await lesson.try('It fails', 'Client is not authorized to access');
  await lesson.run();
  await lesson.try('It works', 'Ada Lovelace is asked.');

  await lesson.next('Register the type of the details');
  await lesson.try('It fails', 'invalid_authorization_details');
  await lesson.run();
  await lesson.try('It works', 'Ada Lovelace is asked.');

  await lesson.next('Wrap the tool');
  await lesson.try('It fails', 'The tool asked nobody');
  await tabTo(page, page.getByLabel('bindingMessage'));
  await page.keyboard.type('RENT-4K9');
  await page.keyboard.press('Tab');
  await page.keyboard.type(DETAILS);
  await lesson.try('It works', 'Ada Lovelace is asked.');

  await lesson.next('Try the transfer, and approve it');
  await lesson.try('It fails', 'Ada Lovelace has not answered yet');
  await press(page, 'link', 'Open the approver app');
  await approve(app, 'RENT-4K9');
  // Within the interval the agent would be told to slow down.
  await assent.control.clock.advance(6_000);
  await page.goto(`${assent.url}${LESSON}/transfer`);
  await lesson.try('It works', 'moved the money');
  await expect(page.getByText('Every step is done.')).toBeVisible();
  await expect(page.getByText('8 of 8 done')).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
});

const SCREENS = [
  ['', 'Lab 6: asynchronous authorization with CIBA'],
  ['/enrol', 'Enrol a device, through Aiya'],
  ['/wrap-tool', 'Wrap the tool'],
] as const;

test('the lesson fits a phone, light and dark, and axe finds nothing', async ({ assent, page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme });
    for (const [path, title] of SCREENS) {
      await page.goto(assent.url + LESSON + path);
      await new Lesson(page).isAt(title);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, `${colorScheme} ${path}`).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    }
  }
});

/** Found, read to its end and approved, as in the app's own test of the keyboard. */
async function approve(app: ApproverApp, binding: string): Promise<void> {
  const { page } = app;
  const { keyboard } = page;
  const card = app.cards.filter({ hasText: binding });
  await expect(card).toHaveCount(1);
  await tabTo(page, card);
  await keyboard.press('Enter');
  await expect(page.getByRole('timer')).toBeVisible();
  await page.getByRole('main').focus();
  await keyboard.press('End');
  await expect(app.approveButton).not.toHaveAttribute('aria-disabled');
  await app.leaveGuard();
  await tabTo(page, app.approveButton);
  await keyboard.press('Enter');
  await expect(app.heading).toHaveText('You approved');
}
