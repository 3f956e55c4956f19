// Who are you here: pairing, switching, un-pairing, and a server that has forgotten this browser.
import { startAssent } from 'assent';
import { GRACE, tenant } from './tenant.ts';
import { ApproverApp, expect, test } from './world.ts';

test('an empty inbox offers a demo request, and it arrives', async ({ app }) => {
  await app.pair();
  await expect(app.heading).toHaveText('Nothing is waiting');
  await expect(app.page.getByText('npx assent ask "Pay 42 EUR to Grace" --user ada')).toBeVisible();
  await app.page.getByRole('button', { name: 'Send me a demo request' }).click();
  await expect(app.heading).toHaveText('1 waiting for you');
});

test('a paired browser is still paired after a reload', async ({ app }) => {
  await app.pair();
  await app.page.reload();
  await expect(app.heading).toHaveText('Nothing is waiting');
});

test('a browser that lost what it keeps in local storage knows who answers in it', async ({ app }) => {
  await app.pair();
  await app.page.evaluate(() => localStorage.clear());
  await app.page.reload();
  await expect(app.heading).toHaveText('Nothing is waiting');
});

test('a link of the control API pairs at once, and turns on notifications where they are allowed', async ({
  app,
  assent,
  page,
}) => {
  await page.context().grantPermissions(['notifications']);
  const { url, device_id } = await assent.control.inviteBrowser(GRACE);
  await app.page.goto(url);
  await expect(app.heading).toHaveText('Nothing is waiting');
  await expect(page).toHaveURL(`${assent.url}/approve/`);
  await expect
    .poll(() => assent.control.devices(GRACE))
    .toContainEqual(
      expect.objectContaining({
        id: device_id,
        status: 'confirmed',
        push: expect.stringMatching(/^(relay|web-push)$/),
      }),
    );
});

test('where notifications are not allowed, pairing at once asks for nothing', async ({
  app,
  assent,
  page,
}) => {
  const { url, device_id } = await assent.control.inviteBrowser(GRACE);
  await app.page.goto(url);
  await expect(app.heading).toHaveText('Nothing is waiting');
  const devices = await assent.control.devices(GRACE);
  expect(devices.find(({ id }) => id === device_id)).toMatchObject({ status: 'confirmed', push: 'none' });
  expect(await page.evaluate(() => Notification.permission)).not.toBe('granted');
});

test('the private key cannot be read by a script of the page', async ({ app }) => {
  await app.pair();
  const isExtractable = await app.page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const opening = indexedDB.open('assent-approver');
        opening.onsuccess = () => {
          const all = opening.result.transaction('pairings').objectStore('pairings').getAll();
          all.onsuccess = () => resolve(all.result[0].privateKey.extractable);
        };
      }),
  );
  expect(isExtractable).toBe(false);
});

test('a link to a request leads through pairing to that request', async ({ app, agent, assent }) => {
  await agent.ask();
  const { id } = await assent.control.request('latest');
  await app.open(`requests/${id}`);
  await app.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toContainText('Aiya asks to');
});

test('switching the person shows only their requests, and back again takes one tap', async ({
  app,
  agent,
}) => {
  await app.pair();
  await agent.ask({ bindingMessage: 'FOR-ADA' });
  await agent.ask({ bindingMessage: 'FOR-GRACE', userId: GRACE });
  await expect(app.cards).toContainText(['FOR-ADA']);

  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('dialog').getByRole('button', { name: 'Grace Hopper' }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.cards).toContainText(['FOR-GRACE']);
  await expect(app.cards).toHaveCount(1);

  await app.page.getByRole('button', { name: /Grace Hopper.*switch person/ }).click();
  await app.page.getByRole('dialog').getByRole('button', { name: 'Ada Lovelace' }).click();
  await expect(app.cards).toContainText(['FOR-ADA']);
  await expect(app.cards).toHaveCount(1);
});

test('another person’s request is not shown, not even by its address', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask({ userId: GRACE });
  const { id } = await assent.control.request('latest');
  await app.open(`requests/${id}`);
  await expect(app.heading).toHaveText('This request is not here');
});

test('a request for somebody else who answers here too says so, and switching shows it', async ({
  app,
  agent,
  assent,
}) => {
  await app.pair('Grace Hopper');
  await app.page.getByRole('button', { name: /Grace Hopper.*switch person/ }).click();
  await app.page.getByRole('dialog').getByRole('button', { name: 'Ada Lovelace' }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toHaveText('Nothing is waiting');
  await agent.ask({ userId: GRACE });
  const { id } = await assent.control.request('latest');
  await app.open(`requests/${id}`);
  await expect(app.heading).toHaveText('This request is for Grace Hopper');
  await app.page.getByRole('button', { name: 'Switch to Grace Hopper' }).click();
  await expect(app.heading).toContainText('Aiya asks to');
});

test('un-pairing destroys the key, in every tab', async ({ app, assent, context }) => {
  await app.pair();
  const other = new ApproverApp(await context.newPage(), assent);
  await other.open();
  await expect(other.heading).toHaveText('Nothing is waiting');
  await app.page.getByRole('button', { name: /Ada Lovelace.*switch person/ }).click();
  await app.page.getByRole('button', { name: /^Un-pair Ada/ }).click();
  await app.page.getByRole('button', { name: 'Un-pair', exact: true }).click();
  for (const each of [app, other]) {
    await expect(each.heading).toHaveText('Who are you?');
    await expect(each.page.getByText('This browser was un-paired')).toBeVisible();
  }
});

test('a theme is kept by this browser', async ({ app }) => {
  await app.pair();
  await app.page.getByRole('link', { name: 'Settings' }).click();
  await app.page.getByText('Dark', { exact: true }).click();
  const background = () => app.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect.poll(background).toBe('rgb(14, 18, 19)');
  await app.page.reload();
  await expect(app.heading).toHaveText('Settings');
  expect(await background()).toBe('rgb(14, 18, 19)');
});

test('without the server a request stays readable and cannot be decided', async ({ app, agent, assent }) => {
  await app.pair();
  await agent.ask();
  await app.openRequest();
  await app.readToEnd();
  await assent.close();
  await expect(app.page.getByRole('alert')).toContainText('No connection to the server since');
  await expect(app.page.getByText('checking-1234')).toBeVisible();
  for (const choice of [app.approveButton, app.denyButton]) {
    await expect(choice).toHaveAttribute('aria-disabled', 'true');
    await expect(choice).toHaveAccessibleDescription('Your tap would not reach the server.');
  }
  await app.leaveGuard();
  await app.approveButton.click({ force: true });
  await app.denyButton.click({ force: true });
  expect(app.decisionsSent).toEqual([]);
  await app.page.getByRole('link', { name: 'Inbox' }).click();
  await expect(app.page.getByText('assent start')).toBeVisible();
});

test('a restarted server is heard again; a browser it has forgotten is asked to pair', async ({
  app,
  assent,
}) => {
  await app.pair();
  await assent.close();
  await expect(app.page.getByText('No connection to the server since')).toBeVisible();
  await using restarted = await startAssent({ config: tenant, port: Number(new URL(assent.url).port) });
  expect(restarted.url).toBe(assent.url);
  await app.page.getByRole('button', { name: 'Try now' }).click();
  await expect(app.heading).toHaveText('Who are you?');
  await expect(app.page.getByText('The server does not know this browser any more')).toBeVisible();
  await app.page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await app.page.getByRole('button', { name: 'Pair this browser' }).click();
  await expect(app.heading).toHaveText('Nothing is waiting');
});
