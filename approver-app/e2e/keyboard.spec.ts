// Deciding without a pointer.
import { expect, test } from './world.ts';

test('a request is found, read and approved by keyboard alone', async ({ app, agent }) => {
  await app.pair();
  const asked = await agent.ask();
  await expect(app.cards).toHaveCount(1);
  const { keyboard } = app.page;
  await keyboard.press('j');
  await expect(app.cards.first()).toBeFocused();
  await keyboard.press('Enter');
  await expect(app.page.getByRole('timer')).toBeVisible();
  await app.page.getByRole('main').focus();
  await keyboard.press('End');
  await expect(app.approveButton).not.toHaveAttribute('aria-disabled');
  await app.leaveGuard();
  await keyboard.press('Tab');
  await expect(app.denyButton).toBeFocused();
  await keyboard.press('Tab');
  await expect(app.approveButton).toBeFocused();
  await keyboard.press('Enter');
  await expect(app.heading).toHaveText('You approved');
  expect((await agent.poll(asked)).status).toBe(200);
});

test('A arms, a second A confirms, Escape disarms', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  const { keyboard } = app.page;
  await keyboard.press('a');
  await expect(app.announcements).toContainText('Press A again to approve');
  await keyboard.press('Escape');
  await expect(app.announcements).toContainText('Not armed any more');
  await app.leaveGuard();

  await keyboard.press('a');
  await expect(app.approveButton).toHaveAttribute('data-state', 'armed');
  expect((await assent.control.request('latest')).state).toBe('pending');
  await expect(async () => {
    await keyboard.press('a');
    await expect(app.heading).toHaveText('You approved', { timeout: 100 });
  }).toPass();
  expect(app.decisionsSent).toHaveLength(1);
});

test('a key held down does not confirm what it armed', async ({ app, agent, assent }) => {
  await app.page.clock.install();
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.page.keyboard.down('a');
  await expect(app.approveButton).toHaveAttribute('data-state', 'armed');
  await app.page.clock.runFor(1_000);
  await app.page.keyboard.down('a');
  await app.page.keyboard.down('a');
  await app.page.keyboard.up('a');
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');
});

test('D opens the reasons; letters typed there are only letters', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.leaveGuard();
  const { keyboard } = app.page;
  await keyboard.press('d');
  const dialog = app.page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await keyboard.press('Tab');
  await keyboard.press('ArrowUp');
  await expect(dialog.getByRole('radio', { name: 'Another reason' })).toBeChecked();
  await dialog.getByLabel('Your reason').focus();
  await keyboard.type('a a d bad idea');
  await expect(dialog.getByLabel('Your reason')).toHaveValue('a a d bad idea');
  await app.leaveGuard();
  await dialog.getByRole('button', { name: 'Deny', exact: true }).press('Enter');
  await expect(app.heading).toHaveText('You denied');
  expect((await assent.control.request('latest')).decision?.reason).toBe('a a d bad idea');
});

test('question mark lists the keys; letters can be turned off', async ({ app, agent }) => {
  await app.pair();
  await agent.ask();
  await app.page.keyboard.press('?');
  await expect(app.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await app.page.getByRole('link', { name: 'Settings' }).click();
  await app.page.getByRole('switch', { name: 'Letter shortcuts' }).press('Space');
  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await expect(app.cards).toHaveCount(1);
  await app.page.keyboard.press('?');
  await app.page.keyboard.press('j');
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
});

test('the ring around what stands below the answers lies over neither of them', async ({ app, agent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  const below = app.page.getByRole('button', { name: 'Show as JSON' });
  await below.focus();
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('dialog')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(below).toBeFocused();
  const topOfRing = await below.evaluate((button) => {
    const { outlineStyle, outlineOffset, outlineWidth } = getComputedStyle(button);
    if (outlineStyle === 'none') throw new Error('There is no ring.');
    const reach = Number.parseFloat(outlineOffset) + Number.parseFloat(outlineWidth);
    return button.getBoundingClientRect().top - reach;
  });
  for (const answer of [app.approveButton, app.denyButton]) {
    const box = await answer.boundingBox();
    expect(topOfRing).toBeGreaterThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
  }
});
