// Denying: with a reason in one tap, with one's own words, or without any.
import { expect, test } from './world.ts';

test.beforeEach(async ({ app, agent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
});

const denyInSheet = { name: 'Deny', exact: true } as const;

test('a reason goes to the log, and the agent is told access_denied', async ({ app, agent, assent }) => {
  const asked = await agent.ask({ bindingMessage: 'WRONG-1' });
  await app.open();
  await app.cards.filter({ hasText: 'WRONG-1' }).click();
  await app.openReasons();
  const dialog = app.page.getByRole('dialog');
  await expect(dialog).toContainText('It goes to the request log; the agent is told access_denied.');
  await dialog.getByText('The details are wrong').click();
  await app.leaveGuard();
  await dialog.getByRole('button', denyInSheet).click();

  await expect(app.heading).toHaveText('You denied');
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByRole('definition').filter({ hasText: 'The details are wrong' })).toBeVisible();
  expect((await assent.control.request('latest')).decision).toMatchObject({
    outcome: 'denied',
    by: 'auth0|ada',
    from: 'approver app',
    reason: 'The details are wrong',
  });
  expect(await agent.poll(asked)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
});

test('own words are a reason, once there are any', async ({ app, assent }) => {
  await app.openReasons();
  const dialog = app.page.getByRole('dialog');
  await dialog.getByText('Another reason').click();
  await app.leaveGuard();
  await dialog.getByRole('button', denyInSheet).click({ force: true });
  await expect(dialog.getByText('Write a reason, or deny without one.')).toBeVisible();
  expect(app.decisionsSent).toEqual([]);

  await dialog.getByLabel('Your reason').fill('Rent was paid yesterday');
  await dialog.getByRole('button', denyInSheet).click();
  await expect(app.heading).toHaveText('You denied');
  expect((await assent.control.request('latest')).decision?.reason).toBe('Rent was paid yesterday');
});

test('skipping the reason is fine', async ({ app, assent }) => {
  await app.openReasons();
  await app.leaveGuard();
  await app.page.getByRole('button', { name: 'Deny without reason' }).click();
  await expect(app.heading).toHaveText('You denied');
  expect((await assent.control.request('latest')).decision).not.toHaveProperty('reason');
});

test('right after the reasons open, the answers look and are announced as not ready, and say so when tapped', async ({
  app,
  assent,
}) => {
  const { page } = app;
  await page.clock.install();
  await app.open();
  await app.openRequest();
  await expect(app.denyButton).toBeVisible();
  await page.clock.pauseAt(Date.now() + 5_000);
  await app.openReasons();
  const dialog = page.getByRole('dialog');
  const skip = dialog.getByRole('button', { name: 'Deny without reason' });
  await dialog.getByText('I changed my mind').click();
  const deny = dialog.getByRole('button', denyInSheet);
  for (const button of [skip, deny]) {
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(/^Ready in a moment/);
    await button.click({ force: true });
  }
  await expect(dialog.getByRole('log')).toContainText('Ready in a moment');
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');

  await page.clock.runFor(600);
  for (const button of [skip, deny]) {
    await expect(button).toBeEnabled();
    await expect(button).toHaveAccessibleDescription('');
  }
  await skip.click();
  await expect(app.heading).toHaveText('You denied');
});

test('closing the reasons decides nothing and returns to Deny', async ({ app, assent }) => {
  await app.openReasons();
  await app.page.keyboard.press('Escape');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  await expect(app.denyButton).toBeFocused();
  expect((await assent.control.request('latest')).state).toBe('pending');
});

test('not now, going back and reloading decide nothing', async ({ app, assent }) => {
  await app.page.getByRole('button', { name: 'Not now' }).click();
  await expect(app.heading).toHaveText('1 waiting for you');
  await app.page.goBack();
  await expect(app.page.getByRole('timer')).toBeVisible();
  await app.page.reload();
  await expect(app.page.getByRole('timer')).toBeVisible();
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');
});
