// Faults that reach an approver: pushes of a bad day in a real browser, and that the app says what is made to fail.
import type { Page } from '@playwright/test';
import { shownBy, withPush } from './notification-centre.ts';
import { type ApproverApp, expect, test } from './world.ts';

test('the app says what fails on purpose, from the moment on in which it does', async ({
  app,
  agent,
  assent,
}) => {
  const { faults } = assent.control;
  await app.pair();
  const notice = app.page.getByText('on purpose:');
  await expect(notice).toHaveCount(0);
  await faults.inject({ on: 'jwks', does: { kind: 'drop', when: 'before' } });
  await expect(notice).toHaveText('A test makes something fail on purpose:');
  await expect(app.page.getByRole('status').filter({ hasText: 'on purpose' })).toContainText(
    'jwks is cut off',
  );

  for (const status of [500, 502, 503])
    await faults.inject({ on: 'token', does: { kind: 'answer', status } });
  await agent.ask();
  await app.openRequest();
  await expect(notice).toHaveText('A test makes 4 things fail on purpose:');
  await expect(app.page.getByText('and 1 more')).toBeVisible();
  await app.page.reload();
  await expect(notice).toHaveText('A test makes 4 things fail on purpose:');
  await faults.clear();
  await expect(notice).toHaveCount(0);
});

/** Notified while the page is open, so that the embedded push service is the one that has a bad day. */
async function listen(app: ApproverApp): Promise<void> {
  await app.pair();
  await app.turnOnNotifications();
  await expect(app.heading).toHaveText('Notifications are on', { timeout: 7_000 });
  await app.open();
}

/** Codes on the notifications that lie there. */
async function codesShown(page: Page): Promise<string[]> {
  return (await shownBy(page)).map(({ body }) => body.split(' · ').at(-1) ?? '');
}

test('a push that is lost never shows, and the next one does', async ({ app, agent, assent, context }) => {
  await listen(app);
  await assent.control.faults.inject({ on: 'push', does: { kind: 'lose' }, request: 'next' });
  await agent.ask({ bindingMessage: 'LOST-1' });
  await withPush(context, () => agent.ask({ bindingMessage: 'NEXT-2' }));
  expect(await codesShown(app.page)).toEqual(['NEXT-2']);
  // The inbox has it all the same.
  await expect(app.cards).toHaveCount(2);
});

test('a push that is late shows once its time has come', async ({ app, agent, assent, context }) => {
  await listen(app);
  await assent.control.faults.inject({ on: 'push', does: { kind: 'late', ms: 60_000 }, times: 1 });
  await agent.ask({ bindingMessage: 'LATE-1', expiresInSeconds: 240 });
  await withPush(context, () => agent.ask({ bindingMessage: 'NEXT-2', expiresInSeconds: 240 }));
  expect(await codesShown(app.page)).toEqual(['NEXT-2']);
  await withPush(context, () => assent.control.clock.advance(60_000));
  expect((await codesShown(app.page)).sort()).toEqual(['LATE-1', 'NEXT-2']);
});

test('a push that comes twice is one notification', async ({ app, agent, assent, context }) => {
  await listen(app);
  await assent.control.faults.inject({ on: 'push', does: { kind: 'duplicate' }, times: 1 });
  let second: Promise<unknown> = Promise.resolve();
  await withPush(context, async () => {
    second = new Promise<void>((resolve) => {
      let left = 2;
      context.on('response', (response) => {
        const isAcknowledged =
          response.request().method() === 'DELETE' && response.url().includes('/push/message/');
        if (isAcknowledged && --left === 0) resolve();
      });
    });
    await agent.ask({ bindingMessage: 'TWICE-1' });
  });
  await second;
  expect(await codesShown(app.page)).toEqual(['TWICE-1']);
});

test('a push that is refused with 429 is sent again, and one that is gone loses the device', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await listen(app);
  const { faults, clock } = assent.control;
  await faults.inject({ on: 'push', does: { kind: 'answer', status: 429, retry_after: 20 }, times: 1 });
  const { id } = await assent.control.request((await agent.ask({ bindingMessage: 'AGAIN-1' })).authReqId);
  const failures = async () =>
    (await assent.control.trace(id)).flatMap((event) =>
      event.type === 'notification.failed' ? [event.why] : [],
    );
  await expect.poll(failures).toEqual([expect.stringContaining('answered 429')]);
  await withPush(context, () => clock.advance(20_000));
  expect(await codesShown(app.page)).toEqual(['AGAIN-1']);

  await faults.inject({ on: 'push', does: { kind: 'answer', status: 410 }, times: 1 });
  await agent.ask({ bindingMessage: 'GONE-2' });
  const push = async () => (await assent.control.devices('auth0|ada')).at(-1)?.push;
  await expect.poll(push).toBe('lost');
});
