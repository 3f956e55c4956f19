// The main job: an agent asks, a person reads and decides, the agent has its answer.
import { TRANSFER } from './tenant.ts';
import { expect, test } from './world.ts';

test('what was approved on the screen is what the token carries', async ({ app, agent }) => {
  await app.pair();
  const asked = await agent.ask({ bindingMessage: 'RENT-4K9' });
  await expect(app.heading).toHaveText('1 waiting for you');
  await expect(app.page).toHaveTitle('(1) Inbox · Assent');
  await expect(app.announcements).toContainText('New request from Aiya');

  await app.openRequest();
  await expect(app.heading).toHaveText('Aiya asks to Transfer 250.5\u00a0EUR to Grace Hopper');
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByRole('region', { name: 'Code to compare' })).toContainText('RENT-4K9');
  await app.readToEnd();
  await app.approveButton.click();

  await expect(app.heading).toHaveText('You approved');
  await expect(app.heading).toBeFocused();
  const { status, body } = await agent.poll(asked);
  expect(status).toBe(200);
  expect(body['authorization_details']).toEqual([TRANSFER]);
  await expect(app.page.getByText('Handed out at')).toBeVisible();
});
