// Not approvable by accident: one decision for each request, made by an input that was meant for it.
import { expect, test } from './world.ts';

test('a double tap decides once', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.approveButton.dblclick();
  await expect(app.heading).toHaveText('You approved');
  expect(app.decisionsSent).toHaveLength(1);
  const story = await assent.control.trace('latest');
  expect(story.filter(({ type }) => type === 'decision.made')).toHaveLength(1);
  expect(story.filter(({ type }) => type === 'decision.refused')).toHaveLength(0);
});

test('Approve and Deny in the same instant make one decision', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.approveButton.evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
    button.parentElement?.querySelector('button')?.click();
    button.click();
  });
  await expect(app.heading).toHaveText('You approved');
  expect(app.decisionsSent).toHaveLength(1);
  expect((await assent.control.request('latest')).decision?.outcome).toBe('approved');
});

test('an answer that comes too late for what it signed is signed anew', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  let late = 1;
  await app.page.route('**/resolve-transaction', async (route) => {
    late -= 1;
    if (late < 0) return route.continue();
    const body = { ...route.request().postDataJSON(), challenge_response: 'of.another.time' };
    return route.continue({ postData: body });
  });
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  expect(app.decisionsSent).toHaveLength(2);
  expect((await assent.control.request('latest')).decision?.outcome).toBe('approved');
});

test('Enter and Space approve nothing unless Approve has focus', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await expect(app.heading).toBeFocused();
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.press('Space');
  await app.page.getByRole('main').focus();
  await app.page.keyboard.press('Enter');
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');

  await app.approveButton.focus();
  await app.page.keyboard.press('Enter');
  await expect(app.heading).toHaveText('You approved');
});

test('taps within half a second after the screen appears are ignored', async ({ app, agent, assent }) => {
  // A large window shows the whole content at once, so only the guard stands between arrival and approval.
  await app.page.setViewportSize({ width: 390, height: 1400 });
  await app.page.clock.install();
  await app.pair();
  await agent.ask();
  await app.page.clock.pauseAt(Date.now() + 5_000);
  // Opened anew, the page learns how far its clock is from the server's, which dates the answer.
  await app.open();
  await app.openRequest();
  await expect(app.approveButton).not.toHaveAttribute('aria-disabled');

  await app.approveButton.click();
  await app.page.clock.runFor(400);
  await app.approveButton.click();
  await app.denyButton.click();
  await app.page.keyboard.press('a');
  await app.page.keyboard.press('a');
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('latest')).state).toBe('pending');

  await app.page.clock.runFor(200);
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});

test('a tap meant for what was there before a notice appeared is ignored', async ({ app, agent, assent }) => {
  await app.page.setViewportSize({ width: 390, height: 1400 });
  await app.page.clock.install();
  await app.pair();
  await agent.ask({ bindingMessage: 'FIRST-1' });
  await app.openRequest();
  await app.readToEnd();
  await app.page.clock.pauseAt(Date.now() + 5_000);
  await agent.ask({ bindingMessage: 'SECOND-2' });
  await expect(app.page.getByText('A similar request came within a minute')).toBeVisible();
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toContainText('FIRST-1');
  await app.approveButton.click();
  expect(app.decisionsSent).toEqual([]);
  expect((await assent.control.request('r1')).state).toBe('pending');
});

test('a tab that shows a request decided meanwhile decides nothing', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  // News to this tab are held back from now on: it connects once, and never hears of the decision.
  let connections = 0;
  await app.page.route('**/approver/events', async (route) => {
    connections += 1;
    if (connections === 1) {
      const now = new Date().toISOString();
      await route.fulfill({
        contentType: 'text/event-stream',
        body: `event: ready\ndata: ${JSON.stringify({ now })}\n\n`,
      });
    }
  });
  await app.open();
  await app.openRequest();
  await app.readToEnd();
  await assent.control.deny('latest', 'decided from the terminal');
  await expect(app.approveButton).toBeVisible();

  await app.approveButton.click();
  await expect(app.heading).toHaveText('Already denied');
  expect(app.decisionsSent).toHaveLength(1);
  expect(await assent.control.request('latest')).toMatchObject({
    state: 'denied',
    decision: { from: 'control API', reason: 'decided from the terminal' },
  });
});

test('opening the address of a request, as a link preview does, decides nothing', async ({
  app,
  agent,
  assent,
  request,
}) => {
  await app.pair();
  await agent.ask();
  const { id } = await assent.control.request('latest');
  expect((await request.get(`${assent.url}/approve/requests/${id}`)).status()).toBe(200);
  expect((await assent.control.request('latest')).state).toBe('pending');
});

test('content that is not what the server would grant cannot be approved', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  // Somebody in between shows a smaller amount than was asked for.
  await app.page.route('**/approver/inbox', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const { consent_hash } = await assent.control.request('latest');
    await route.fulfill({
      response,
      body: text.replaceAll('250.5', '2.5').replaceAll(consent_hash, 'hash-of-the-smaller-amount'),
    });
  });
  await app.open();
  await app.openRequest();
  await expect(app.heading).toContainText('2.5\u00a0EUR');
  await app.readToEnd();
  await app.approveButton.click();

  await expect(app.page.getByRole('alert')).toContainText('The request has changed since you read it');
  await expect(app.heading).toContainText('250.5\u00a0EUR');
  await expect(app.approveButton).toHaveAttribute('aria-disabled', 'true');
  expect((await assent.control.request('latest')).state).toBe('pending');
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});

test('an answer that may not have arrived can be given again', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await app.page.route('**/resolve-transaction', (route) => route.abort('connectionreset'), { times: 1 });
  await app.approveButton.click();
  await expect(app.page.getByText('It is not certain that your answer arrived')).toBeVisible();
  expect((await assent.control.request('latest')).state).toBe('pending');
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
});
