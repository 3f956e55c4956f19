// People who answer by rule: whoever looks at the app is told that nobody decided.
import { expect, test } from './world.ts';

test('a request that a rule took while it was open says so', async ({ app, agent, assent }) => {
  await assent.control.rules.add({ id: 'second-thoughts', answer: 'approve', after_polls: 1 });
  await app.pair();
  const question = await agent.ask();
  await app.openRequest();
  await agent.poll(question);
  await expect(app.heading).toHaveText('Already approved');
  await expect(app.page.getByRole('main')).toContainText('Answered by the rule second-thoughts');
  expect(app.decisionsSent).toEqual([]);
});

test('the inbox and a request that is looked up later say so, too', async ({ app, agent, assent }) => {
  await assent.control.rules.add({ id: 'not-now', answer: 'deny', reason: 'Not while I sleep' });
  await app.pair();
  await agent.ask();
  const entry = app.page.getByRole('link', { name: 'Not while I sleep' });
  await expect(entry).toContainText('by a rule');
  await entry.click();
  await expect(app.heading).toHaveText('Denied');
  const decided = app.page.locator('.row', { hasText: 'Decided' });
  await expect(decided).toContainText('by a rule');
  await expect(decided).toContainText('Nobody decided. The rule is not-now.');
});

test('somebody who is faster than a rule decides', async ({ app, agent, assent }) => {
  await assent.control.rules.add({ answer: 'approve', after_polls: 1 });
  await app.pair();
  const question = await agent.ask();
  await app.openRequest();
  await app.deny('I did not ask for this');
  expect((await agent.poll(question)).body['error']).toBe('access_denied');
});
