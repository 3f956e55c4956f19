// Time is part of the protocol: it is shown, spoken twice, and its end changes the screen.
import { expect, test } from './world.ts';

test('a request that ends while it is read says that nothing was approved', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  const asked = await agent.ask({ expiresInSeconds: 2 });
  await app.openRequest();
  await expect(app.heading).toHaveText(/^Expired at/);
  await expect(app.heading).toBeFocused();
  await expect(app.page.getByText('Nothing was approved')).toBeVisible();
  await expect(app.page.getByText('the same answer as a denial')).toBeVisible();
  await expect(app.approveButton).toHaveCount(0);
  expect((await assent.control.request('latest')).state).toBe('expired');
  expect(await agent.poll(asked)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
});

test('a request that the server ends early closes an open sheet as well', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.openReasons();
  await assent.control.expire('latest');
  await expect(app.heading).toHaveText(/^Expired at/);
  await expect(app.page.getByRole('dialog')).toHaveCount(0);
});

test('time that ends without a connection leaves open what was decided', async ({ app, agent, assent }) => {
  await app.page.clock.install();
  await app.pair();
  await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  await assent.close();
  await expect(app.page.getByText('No connection to the server since')).toBeVisible();
  await app.page.clock.fastForward('04:10');
  await expect(app.heading).toHaveText('The time is over');
  await expect(app.page.getByText('cannot say whether another device decided')).toBeVisible();
  await expect(app.page.getByText('Nothing was approved')).toHaveCount(0);
});

test('the last minute and the last twenty seconds are announced, once each', async ({ app, agent }) => {
  await app.page.clock.install();
  await app.pair();
  await agent.ask({ expiresInSeconds: 90 });
  await app.openRequest();
  const timer = app.page.getByRole('timer');
  await expect(timer).toHaveAttribute('aria-live', 'off');
  const spoken = (text: string) => app.announcements.getByText(text, { exact: true });

  await app.page.clock.fastForward('00:20');
  await expect(timer).toHaveText(/1:\d\d/);
  await expect(spoken('One minute left.')).toHaveCount(0);
  await app.page.clock.fastForward('00:15');
  await expect(spoken('One minute left.')).toHaveCount(1);
  await app.page.clock.fastForward('00:37');
  await expect(spoken('Twenty seconds left.')).toHaveCount(1);
  await app.page.clock.runFor(5_000);
  await expect(spoken('One minute left.')).toHaveCount(1);
  await expect(spoken('Twenty seconds left.')).toHaveCount(1);
});

test('a device whose clock is an hour ahead shows the right time left and can answer', async ({
  app,
  agent,
}) => {
  await app.page.clock.install({ time: Date.now() + 3_600_000 });
  await app.pair();
  const asked = await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  await expect(app.page.getByRole('timer')).toHaveText(/(4:00|3:5\d)/);
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  expect((await agent.poll(asked)).status).toBe(200);
});

test('a device whose clock is set forward while its person reads can still answer', async ({
  app,
  agent,
}) => {
  await app.page.clock.install();
  await app.pair();
  const asked = await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  await app.readToEnd();
  await app.page.clock.setSystemTime(Date.now() + 30_000);
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  expect((await agent.poll(asked)).status).toBe(200);
});
