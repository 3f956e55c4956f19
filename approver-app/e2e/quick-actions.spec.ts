// Answers on the notification itself, where the tenant allows them: the worker reads the record, signs, and says what came of
// it. The page is gone meanwhile; it was only there to bring the notification by relay.
import type { BrowserContext } from '@playwright/test';
import type { RunningAssent } from 'assent';
import type { Agent, Question } from './agent.ts';
import {
  keepShown,
  pushToWorker,
  shownBy,
  tap,
  tapKept,
  turnOnByRelay,
  withPush,
} from './notification-centre.ts';
import { GRACE, tenant } from './tenant.ts';
import { ApproverApp, expect, test } from './world.ts';

const QUICK = { ...tenant, guardian: { quick_actions: true } };
test.use({ config: QUICK });

/** A transfer that a headline says all of. */
const SHORT = { type: 'transfer_funds', to: 'Grace Hopper', amount: '42.00', currency: 'EUR' };
const WORDS = 'Transfer 42.00 EUR to Grace Hopper · RENT-4K9';

interface Actors {
  app: ApproverApp;
  agent: Agent;
  context: BrowserContext;
}

/** A notification lies there, and no page is open. */
async function beAsked(
  { app, agent, context }: Actors,
  question: Question = {},
): Promise<{ authReqId: string }> {
  await app.pair();
  await turnOnByRelay(app);
  let asked = { authReqId: '' };
  await withPush(context, async () => {
    asked = await agent.ask({ details: [SHORT], ...question });
  });
  await app.page.goto('about:blank');
  return asked;
}

async function expectShown({ page }: ApproverApp, title: string, body: RegExp | string): Promise<void> {
  const shown = expect.objectContaining({
    title,
    body: typeof body === 'string' ? body : expect.stringMatching(body),
    actions: [],
  });
  await expect.poll(() => shownBy(page)).toEqual([shown]);
}

const decisionsOf = async (assent: RunningAssent): Promise<string[]> =>
  (await assent.control.trace('latest'))
    .map(({ type }) => type)
    .filter((type) => type.startsWith('decision.'));

for (const [action, title, outcome] of [
  ['approve', 'You approved r1', 'approved'],
  ['deny', 'You denied r1', 'denied'],
] as const) {
  test(`${action} on the notification is the device’s own signed answer, and its notification says so`, async ({
    app,
    agent,
    assent,
    context,
  }) => {
    const asked = await beAsked({ app, agent, context });
    expect(await shownBy(app.page)).toMatchObject([{ body: WORDS, actions: ['Approve', 'Deny'] }]);
    await tap(app.page, action);
    await expectShown(app, title, WORDS);
    const { decision } = await assent.control.request('latest');
    expect(decision).toMatchObject({
      outcome,
      from: 'approver app',
      device: expect.stringContaining('Chrom'),
    });
    expect((await agent.poll(asked)).status).toBe(outcome === 'approved' ? 200 : 400);
    expect(await decisionsOf(assent)).toEqual(['decision.made']);
  });
}

test('a request with more to read than the notification says offers no answer, and a tap opens it', async ({
  app,
  agent,
  context,
}) => {
  await beAsked({ app, agent, context }, { details: [{ ...SHORT, reference: 'Rent, May' }] });
  expect(await shownBy(app.page)).toMatchObject([{ body: WORDS, actions: [] }]);
  await app.open();
  // Whatever a browser may send: what was not offered is no answer.
  await tap(app.page, 'approve');
  await expect(app.page.getByRole('timer')).toBeVisible();
  expect(await shownBy(app.page)).toEqual([]);
});

test('two taps are one answer, and a third afterwards changes nothing', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await beAsked({ app, agent, context });
  await tap(app.page, 'approve', 'approve', 'deny');
  await expectShown(app, 'You approved r1', WORDS);
  await expect(async () => {
    // Not heard while the first answer is still being told.
    await tapKept(app.page, 'deny');
    await expectShown(app, 'r1 was approved before', /Your answer changed nothing\. Open to see\.$/);
  }).toPass();
  expect(await decisionsOf(assent)).toEqual(['decision.made']);
});

test('an answer of a device that was renamed elsewhere is still its own', async ({
  app,
  agent,
  assent,
  browser,
  context,
}) => {
  await beAsked({ app, agent, context });
  await app.open('devices');
  const id = await app.page
    .getByRole('listitem')
    .filter({ hasText: 'This browser' })
    .getAttribute('data-device');
  await app.page.goto('about:blank');
  const other = await browser.newContext();
  const phone = new ApproverApp(await other.newPage(), assent);
  await phone.pair();
  await phone.open('devices');
  await phone.page.locator(`[data-device="${id}"]`).getByRole('button', { name: 'Rename' }).click();
  const dialog = phone.page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Old laptop');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await other.close();
  await tap(app.page, 'approve');
  await expectShown(app, 'You approved r1', WORDS);
  expect((await assent.control.request('latest')).decision?.device).toBe('Old laptop');
});

test('a question that comes again after its end does not ask again', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await beAsked({ app, agent, context });
  await tap(app.page, 'deny');
  await expectShown(app, 'You denied r1', WORDS);
  const { id, name, consent, binding_message: code, expires_at } = await assent.control.request('latest');
  await pushToWorker(app.page, {
    v: 1,
    approval_id: id,
    name,
    url: `/approve/requests/${id}`,
    expires_at,
    kind: 'request',
    title: `${consent.who} asks for your approval`,
    body: consent.summary,
    code,
    actions: ['approve', 'deny'],
  });
  await expectShown(app, 'You denied r1', WORDS);
});

test('a request that was decided elsewhere stays as it is, and the notification says so', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await beAsked({ app, agent, context });
  await keepShown(app.page);
  await assent.control.deny('latest');
  await tapKept(app.page, 'approve');
  await expectShown(app, 'r1 was denied before', /Your answer changed nothing\. Open to see\.$/);
  expect((await assent.control.request('latest')).state).toBe('denied');
});

test('a request whose time is over is told so', async ({ app, agent, assent, context }) => {
  await beAsked({ app, agent, context });
  await keepShown(app.page);
  await assent.control.expire('latest');
  await tapKept(app.page, 'approve');
  await expectShown(app, 'r1 has expired', /came too late\. Open to see\.$/);
});

test('without the server nothing is decided, and the notification stays to be opened', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await beAsked({ app, agent, context });
  await assent.close();
  await tap(app.page, 'approve');
  await expectShown(app, 'r1: nothing was decided', 'The server could not be reached. Open to see.');
});

test('an un-paired browser decides nothing', async ({ app, agent, assent, context }) => {
  await beAsked({ app, agent, context });
  await keepShown(app.page);
  await app.open();
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
  await app.page.getByRole('button', { name: 'Un-pair', exact: true }).click();
  await expect(app.heading).toHaveText('Who are you?');
  await tapKept(app.page, 'approve');
  await expectShown(app, 'r1: nothing was decided', /^Nobody who is paired/);
  expect((await assent.control.request('latest')).state).toBe('pending');
});

test('of several persons of a browser the one who is asked answers', async ({
  app,
  agent,
  assent,
  context,
}) => {
  await app.pair();
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /Grace Hopper/ }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.page.getByRole('button', { name: /Grace Hopper.*switch person/ })).toBeVisible();
  await turnOnByRelay(app);
  await withPush(context, () => agent.ask({ details: [SHORT], userId: GRACE }));
  await app.page.goto('about:blank');
  await tap(app.page, 'approve');
  await expectShown(app, 'You approved r1', WORDS);
  expect((await assent.control.request('latest')).decision?.by).toBe(GRACE);
});

test('the page before the permission says what a notification will offer', async ({ app }) => {
  await app.pair();
  await app.open('notifications');
  await expect(app.page.getByText('it offers Approve and Deny at once')).toBeVisible();
});

test.describe('where a passkey approves', () => {
  test.use({
    config: { ...tenant, guardian: { quick_actions: true, factors: { 'webauthn-platform': true } } },
  });

  test('the notification offers Deny alone', async ({ app, agent, assent, context }) => {
    await beAsked({ app, agent, context });
    expect(await shownBy(app.page)).toMatchObject([{ actions: ['Deny'] }]);
    await tap(app.page, 'deny');
    await expectShown(app, 'You denied r1', WORDS);
    expect((await assent.control.request('latest')).state).toBe('denied');
  });

  test('an answer that is forced through all the same is refused by the server', async ({
    app,
    agent,
    assent,
    context,
  }) => {
    await beAsked({ app, agent, context });
    const [worker] = context.serviceWorkers();
    await worker?.evaluate(async () => {
      const scope = globalThis as unknown as { registration: ServiceWorkerRegistration };
      const [shown] = await scope.registration.getNotifications();
      const data = { ...shown?.data, asked: { ...shown?.data.asked, actions: ['approve'] } };
      await scope.registration.showNotification(shown?.title ?? '', { tag: shown?.tag ?? '', data });
    });
    await tap(app.page, 'approve');
    await expectShown(app, 'r1: nothing was decided', /^The server refused the answer/);
    expect((await assent.control.request('latest')).state).toBe('pending');
  });
});
