// Several requests, several devices: each decision is made once, and shown everywhere.
import { ApproverApp, expect, test } from './world.ts';

test('a decision made elsewhere is shown while the request is read', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await assent.control.approve('latest');
  await expect(app.heading).toHaveText('Already approved');
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByText('Decided for you through the control API')).toBeVisible();
  await expect(app.approveButton).toHaveCount(0);
});

test('another device shows the decision and which device made it', async ({
  app,
  agent,
  assent,
  browser,
}) => {
  await app.pair();
  const laptop = await browser.newContext({ ignoreHTTPSErrors: true });
  const other = new ApproverApp(await laptop.newPage(), assent);
  await other.open();
  await other.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await other.page.getByLabel('Name of this browser').fill('Firefox on laptop');
  await other.page.getByRole('button', { name: 'Pair this browser' }).click();

  await agent.ask();
  await app.openRequest();
  await other.openRequest();
  await other.readToEnd();
  await other.approveButton.click();
  await expect(other.heading).toHaveText('You approved');
  await expect(app.heading).toHaveText('Already approved');
  await expect(app.page.getByText('You decided this on Firefox on laptop')).toBeVisible();
  await laptop.close();
});

test('two devices that answer at once make one decision', async ({ app, agent, assent, context }) => {
  await app.pair();
  const other = new ApproverApp(await context.newPage(), assent);
  await agent.ask();
  await app.open();
  await other.open();
  for (const each of [app, other]) {
    await each.openRequest();
    await each.readToEnd();
  }
  // Neither answer leaves before both were given.
  const answered = Promise.withResolvers<void>();
  let answers = 0;
  await context.route('**/resolve-transaction', async (route) => {
    answers += 1;
    if (answers === 2) answered.resolve();
    await answered.promise;
    await route.continue();
  });
  for (const each of [app, other]) await each.approveButton.click();
  for (const each of [app, other]) await expect(each.heading).toHaveText(/^(You|Already) approved$/);
  const story = await assent.control.trace('latest');
  expect(story.filter(({ type }) => type === 'decision.made')).toHaveLength(1);
});

test('requests stand oldest first, the decided ones below, and none takes the screen', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'ONE-1' });
  await agent.ask({ bindingMessage: 'TWO-2' });
  await expect(app.cards).toHaveCount(2);
  await expect(app.cards.nth(0)).toContainText('ONE-1');
  await expect(app.cards.nth(1)).toContainText('TWO-2');
  await expect(app.page.getByText('Two similar requests came within a minute')).toBeVisible();

  await app.openRequest();
  await agent.ask({ bindingMessage: 'THREE-3' });
  await expect(app.announcements).toContainText('Code THREE-3');
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toContainText('ONE-1');
  await expect(app.page.getByText('r2, waiting: code')).toBeVisible();
  await app.readToEnd();
  await app.approveButton.click();
  await app.page.getByRole('link', { name: 'Next: 2 waiting' }).click();
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toContainText('TWO-2');
  await expect(app.page.getByText('r1, approved: code')).toBeVisible();

  await app.open();
  await assent.control.deny('r2', 'no');
  await expect(app.cards).toHaveCount(1);
  const decided = app.page.getByRole('region', { name: 'Decided' }).getByRole('link');
  await expect(decided.nth(0)).toContainText('Denied');
  await expect(decided.nth(1)).toContainText('Approved');
});

test('the warning of similar requests says how many there are', async ({ app, agent }) => {
  await app.pair();
  for (const bindingMessage of ['ONE-1', 'TWO-2', 'THREE-3', 'FOUR-4']) await agent.ask({ bindingMessage });
  await expect(
    app.page.getByText('4 requests each look like another that came within a minute.'),
  ).toBeVisible();
  await app.openRequest();
  const warning = app.page.getByRole('status').filter({ hasText: '3 similar requests came within a minute' });
  await expect(warning.getByRole('listitem')).toHaveCount(3);
});

test('a decided request can be looked up again', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await assent.control.deny('latest', 'not today');
  await app.page.getByRole('region', { name: 'Decided' }).getByRole('link').click();
  await expect(app.heading).toHaveText('Denied');
  await app.page.getByRole('button', { name: 'Show the full request' }).click();
  await expect(app.page.getByText('checking-1234')).toBeVisible();
});
