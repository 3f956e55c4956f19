// Step mode and predicting in the sequence view, with an SDK of Auth0 as the agent: what the page holds the server holds, and what
// is to be guessed is not in the page.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { SdkAgent } from './sdk-agent.ts';
import { tenant } from './tenant.ts';
import { expect, test } from './world.ts';

test.use({
  viewport: { width: 1440, height: 900 },
  config: { ...tenant, ciba: { ...tenant.ciba, interval: 0.2 } },
});

async function open(page: Page, url: string, search = ''): Promise<void> {
  await page.goto(`${url}/sequence${search}`);
  await expect(page.getByRole('heading', { name: 'Sequence', exact: true })).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
}

const steps = (page: Page) => page.getByRole('list', { name: /^Steps of/ }).getByRole('link');

test('a decision is held, talked about and let go, and the SDK gets its token', async ({ page, assent }) => {
  await open(page, assent.url);
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Hold', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  const paying = new SdkAgent(assent).pay();

  // The notification first: it is let go alone.
  const heading = page.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('The notification is waiting at the break point');
  await expect(page.getByText(/^held for 0:\d\d$/)).toBeVisible();
  await expect(page.getByText('Nobody waits for it', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Let one step through' }).click();
  await expect(page.getByText('Between the steps: Held on purpose')).toBeAttached();

  const approving = assent.control.approve('r1');
  await expect(heading).toHaveText('Ada Lovelace’s decision is waiting at the break point');
  await expect(page.getByText(/Held before step \d+: the decision has arrived/).first()).toBeAttached();
  expect((await assent.control.request('r1')).state).toBe('pending');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press('Space');
  expect((await approving).result).toBe('decided');

  await expect(heading).toHaveText('The last answer is waiting at the break point');
  await expect(page.getByText('node-auth0', { exact: false }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(await paying).toMatch(/^ey/);
  await expect(steps(page).last()).toContainText('access token for exactly what was approved');

  await page.keyboard.press('h');
  await expect(page.getByRole('button', { name: 'Hold', exact: true })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
  expect((await assent.control.steps.read()).break_points).toEqual([]);
});

test('where to hold, slow mode and outlasting are chosen in a dialog, by keyboard alone', async ({
  page,
  assent,
}) => {
  await open(page, assent.url);
  await page.getByRole('button', { name: 'Where to hold' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Where to hold' });
  await dialog.getByRole('checkbox', { name: /^Request arrives/ }).press('Space');
  await expect(dialog.getByRole('checkbox', { name: /^Request arrives/ })).toBeChecked();
  await dialog.getByRole('radio', { name: '2 s' }).press('Space');
  await expect(dialog.getByRole('radio', { name: '2 s' })).toBeChecked();
  await dialog.getByRole('checkbox', { name: 'Hold for longer' }).press('Space');
  await expect(dialog.getByRole('checkbox', { name: 'Hold for longer' })).toBeChecked();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  expect(await assent.control.steps.read()).toMatchObject({
    break_points: ['request_received'],
    slow_ms: 2_000,
    outlast: true,
  });
  await page.keyboard.press('Escape');

  // A request that is not admitted yet is of no story: the page says so over it.
  await assent.control.steps.set({ break_points: ['request_received'] });
  const paying = new SdkAgent(assent).pay('NEW-1');
  await expect(page.getByText('A new request of aiya, code NEW-1', { exact: false })).toBeVisible();
  expect(await assent.control.requests()).toEqual([]);
  await page.getByRole('button', { name: 'Continue' }).click();
  await assent.control.nextApproval();
  await assent.control.steps.set({});
  await assent.control.approve('latest');
  expect(await paying).toMatch(/^ey/);
});

test('a change of step mode that the server does not take is told of', async ({ page, assent }) => {
  await open(page, assent.url);
  await page.route('**/control/steps', async (route) => {
    if (route.request().method() === 'PUT')
      await route.fulfill({ status: 500, json: { detail: 'Not today.' } });
    else await route.continue();
  });
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('The server did not take it: Not today.');
  await expect(page.getByRole('button', { name: 'Hold', exact: true })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

test('of two break points that are set at once none is lost', async ({ page, assent }) => {
  await open(page, assent.url);
  await page.getByRole('button', { name: 'Where to hold' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where to hold' });
  await expect(dialog.getByRole('checkbox').nth(2)).toBeVisible();
  // Before the first answer.
  await dialog.evaluate((element) => {
    for (const box of [...element.querySelectorAll<HTMLInputElement>('fieldset input')].slice(0, 2))
      box.click();
  });
  await expect
    .poll(async () => (await assent.control.steps.read()).break_points)
    .toEqual(['request_received', 'request_answered']);
});

test('predicting a recorded story: the next arrow is not in the page until it was guessed', async ({
  page,
  assent,
}) => {
  const paying = new SdkAgent(assent).pay();
  await assent.control.nextApproval();
  await assent.control.approve('r1');
  await paying;
  await open(page, assent.url, '?run=r1');
  await expect(steps(page).last()).toContainText('access token');
  const count = await steps(page).count();
  expect(count).toBeGreaterThan(3);

  await page.keyboard.press('q');
  await expect(steps(page)).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('What happens next?');
  expect(await page.content()).not.toContain('access token for exactly what was approved');
  expect(await page.content()).not.toContain('token taken');
  await expect(page.getByRole('radio')).toHaveCount(4);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  // The second arrow is the answer with a reference.
  const right = page.getByRole('radio', { name: /The server answers with a reference/ });
  const letter = await right.evaluate(
    (radio) => radio.closest('label')?.querySelector('b')?.textContent ?? '',
  );
  await page.keyboard.press(letter.toLowerCase());
  await expect(right).toBeChecked();
  await page.getByRole('button', { name: 'Reveal the answer' }).click();
  await expect(page.getByText('Right.', { exact: true })).toBeVisible();
  await expect(page.getByText('1 of 1 right')).toBeVisible();
  await expect(steps(page)).toHaveCount(2);

  // Space goes on, and reveals what a letter has chosen.
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await page.keyboard.press('a');
  await page.keyboard.press('Space');
  await expect(page.getByText(/of 2 right/)).toBeVisible();
  await page.keyboard.press('Space');
  for (let shown = 3; shown < count; shown += 1) {
    await expect(steps(page)).toHaveCount(shown);
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('button', { name: 'Next question' }).click();
  }
  await expect(steps(page)).toHaveCount(count);
  await expect(page.getByText('That was the last step.')).toBeVisible();
  await page.getByRole('button', { name: 'Leave predict mode' }).click();
  await expect(page.getByRole('tab', { name: 'Why' })).toBeVisible();
});

test('predicting live: what the server holds is asked for, and let go with its answer', async ({
  page,
  assent,
}) => {
  await assent.control.steps.set({ break_points: ['decision_received'] });
  const paying = new SdkAgent(assent).pay();
  await assent.control.nextApproval();
  await open(page, assent.url);
  // The question, its answer, and polls that fold.
  await expect(steps(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'Predict' }).click();
  const heading = page.getByRole('heading', { level: 2 });
  await expect(heading).toHaveText('The next arrow has not happened yet');
  const approving = assent.control.approve('r1');
  await expect(heading).toHaveText('An arrow is held. Which one is it?');
  expect(await page.content()).not.toContain('the decision has arrived');
  await page.getByText('The approver denies').click();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not quite: it was “The approver approves”.')).toBeVisible();
  expect((await approving).result).toBe('decided');
  await expect(steps(page).last()).toContainText('approves');
  await assent.control.steps.set({});
  expect(await paying).toMatch(/^ey/);
});

test('predicting a story from a file asks the same, without a server that knows it', async ({
  page,
  assent,
}) => {
  const paying = new SdkAgent(assent).pay();
  await assent.control.nextApproval();
  await assent.control.deny('r1');
  await expect(paying).rejects.toThrow();
  const { events } = await assent.control.story();
  const file = {
    format: 'assent-trace',
    version: 1,
    title: 'A lesson',
    issuer: assent.issuer,
    tenant: 'bank',
    assent: '0.1.0',
    events,
  };
  await assent.control.reset();
  await open(page, assent.url);
  await page.locator('input[type="file"]').setInputFiles({
    name: 'lesson.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await expect(steps(page).last()).toContainText('access_denied');
  await page.getByRole('button', { name: 'Predict' }).click();
  await expect(steps(page)).toHaveCount(1);
  await expect(page.getByRole('radio')).toHaveCount(4);
  expect(await page.content()).not.toContain('access_denied');
  // Nothing can be held in what is over.
  await expect(page.getByRole('button', { name: 'Hold', exact: true })).toHaveCount(0);
});

test('at 320 pixels everything of step mode and predicting can be reached and read', async ({
  page,
  assent,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await assent.control.steps.set({ break_points: ['decision_received'] });
  const paying = new SdkAgent(assent).pay();
  await assent.control.nextApproval();
  await page.goto(`${assent.url}/sequence`);
  const approving = assent.control.approve('r1');
  await expect(page.getByRole('button', { name: 'Let one step through' })).toBeVisible();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Let one step through' }).click();
  expect((await approving).result).toBe('decided');
  expect(await paying).toMatch(/^ey/);
  await page.goto(`${assent.url}/sequence?request=r1&step=1`);
  await page.getByRole('button', { name: 'Predict' }).click();
  await expect(page.getByRole('radio')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Reveal the answer' })).toBeInViewport();
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
