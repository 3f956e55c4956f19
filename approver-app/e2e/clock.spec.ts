// The server's clock is put forward while a page is open: the page goes with it, at once.
import { expect, test } from './world.ts';

const MINUTE_MS = 60_000;

test('the time left of an open request leaps with the clock, and it expires when the clock says so', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  const asked = await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  const timer = app.page.getByRole('timer');
  await expect(timer).toHaveText(/(4:00|3:5\d)/);

  await assent.control.clock.advance(2 * MINUTE_MS);
  await expect(timer).toHaveText(/(2:00|1:\d\d)/);
  await assent.control.clock.advance(72 * 60 * MINUTE_MS);
  await expect(app.heading).toHaveText(/^Expired at/);
  expect((await agent.poll(asked)).status).not.toBe(200);
  // And stays to be read, also when the page has heard of something newer.
  await agent.ask({ expiresInSeconds: 240 });
  await expect(app.page.getByText('Next: 1 waiting')).toBeVisible();
  await expect(app.heading).toHaveText(/^Expired at/);
});

test('a request of after the leap shows its own time left, and can be approved', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await agent.ask({ expiresInSeconds: 240 });
  await expect(app.cards).toHaveCount(1);
  await assent.control.clock.advance(72 * 60 * MINUTE_MS);
  await expect(app.cards).toHaveCount(0);

  const asked = await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  await expect(app.page.getByRole('timer')).toHaveText(/(4:00|3:5\d)/);
  await app.readToEnd();
  await app.approveButton.click();
  await expect(app.heading).toHaveText('You approved');
  expect((await agent.poll(asked)).status).toBe(200);
});

test('a page that was not connected when the clock leapt finds the new time by itself', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair();
  await app.page.context().setOffline(true);
  await assent.control.clock.advance(72 * 60 * MINUTE_MS);
  await agent.ask({ expiresInSeconds: 240 });
  await app.page.context().setOffline(false);
  await app.openRequest();
  await expect(app.page.getByRole('timer')).toHaveText(/(4:00|3:\d\d)/);
});

test('a browser pairs with a server whose clock is far ahead', async ({ app, agent, assent }) => {
  await assent.control.clock.advance(400 * 24 * 60 * MINUTE_MS);
  await app.pair();
  await agent.ask({ expiresInSeconds: 240 });
  await app.openRequest();
  await expect(app.page.getByRole('timer')).toHaveText(/(4:00|3:5\d)/);
});
