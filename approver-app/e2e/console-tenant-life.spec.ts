// People, devices, mailbox and events of the console: live, and changed by the calls that tools make.
import { readFile } from 'node:fs/promises';
import { traceDocumentSchema, traceEventSchema } from 'assent/contract';
import { expect, test } from './console.ts';
import { ADA, GRACE } from './tenant.ts';

test('a person is added and blocked, and both can be undone', async ({ desk, agent }) => {
  await desk.open('people');
  await desk.button('Add a person').click();
  await desk.dialog.getByLabel('Name').fill('Mary Somerville');
  await desk.dialog.getByLabel('E-mail').fill('mary');
  await desk.dialog.getByLabel('Password').fill('a-password-of-a-test-1');
  await desk.dialog.getByRole('button', { name: 'Add' }).click();
  await expect(desk.dialog.getByRole('alert')).toContainText('email');
  await desk.dialog.getByLabel('E-mail').fill('mary@example.com');
  await desk.dialog.getByRole('button', { name: 'Add' }).click();
  await expect(desk.page.getByRole('link', { name: 'Mary Somerville' })).toBeVisible();
  await desk.notice('Mary Somerville is added.').getByRole('button', { name: 'Undo' }).click();
  await expect(desk.notice('Undone: Mary Somerville is added.')).toBeVisible();
  await expect(desk.page.getByRole('link', { name: 'Mary Somerville' })).toHaveCount(0);

  await desk.row(GRACE).click();
  await desk.button('Block').click();
  await expect(agent.ask({ userId: GRACE })).rejects.toThrow('blocked');
  await desk.button('Unblock').click();
  await expect(desk.button('Block')).toBeVisible();
  await agent.ask({ userId: GRACE });
});

test('a device is paired by the link of the console, listed, and un-paired by its name', async ({
  desk,
  assent,
  browser,
}) => {
  await desk.open(`people/${encodeURIComponent(GRACE)}`);
  await desk.button('Pair a device').click();
  const link = await desk.dialog.getByRole('link', { name: 'Open it in this browser' }).getAttribute('href');
  const phone = await browser.newPage({ ignoreHTTPSErrors: true });
  await phone.goto(link ?? '');
  await expect(phone.getByRole('heading', { name: 'Nothing is waiting' })).toBeVisible();
  await phone.close();
  await desk.dialog.getByRole('button', { name: 'Close' }).click();
  const paired = (await assent.control.devices(GRACE)).find(({ can_answer: answers }) => answers);
  const name = paired?.name ?? '';
  await expect(desk.detail).toContainText(name);

  await desk.open('devices');
  await desk.filter(`name:"${name}"`);
  await desk.button(`Un-pair ${name}`).click();
  await expect(desk.dialog).toContainText(`Un-pair ${name} of Grace Hopper?`);
  await desk.dialog.getByRole('button', { name: `Un-pair ${name}` }).click();
  await expect(desk.notice(`${name} is un-paired.`)).toBeVisible();
  await expect(desk.page.getByText('No device matches this filter.')).toBeVisible();
  expect((await assent.control.devices(GRACE)).filter(({ can_answer: answers }) => answers)).toEqual([]);
});

test('a message arrives in the mailbox and leads to its request', async ({ desk, agent }) => {
  await desk.open('mailbox');
  await expect(desk.page.getByRole('heading', { name: 'No e-mail yet' })).toBeVisible();
  await agent.ask({ expiresInSeconds: 3600, bindingMessage: 'HOST-51D' });
  await desk.rows.first().click();
  await expect(desk.page.frameLocator('iframe').getByText('HOST-51D')).toBeVisible();
  await desk.button('Text version').click();
  await expect(desk.detail.locator('pre')).toContainText('HOST-51D');
  await desk.detail.getByRole('link', { name: 'r1' }).click();
  await expect(desk.page).toHaveURL(/requests\/r1$/);
});

test('events are followed, paused without losing any, and taken along as files', async ({
  desk,
  agent,
  assent,
}) => {
  await desk.open('events');
  const question = await agent.ask();
  await expect(desk.page.getByText('request.received')).toBeVisible();
  await desk.button('Pause').click();
  await agent.poll(question);
  await assent.control.approve('r1');
  await expect(desk.page.getByRole('button', { name: /new events?$/ })).toBeVisible();
  await expect(desk.page.getByText('decision.made')).toHaveCount(0);
  await desk.button('Follow').click();
  await expect(desk.page.getByText('decision.made')).toBeVisible();

  await desk.filter('request:r1');
  const [ndjson] = await Promise.all([
    desk.page.waitForEvent('download'),
    desk.button('Download ndjson').click(),
  ]);
  const lines = (await readFile(await ndjson.path(), 'utf8')).trim().split('\n');
  const events = lines.map((line) => traceEventSchema.parse(JSON.parse(line)));
  expect(events).toEqual(await assent.control.trace('r1'));
  const [trace] = await Promise.all([
    desk.page.waitForEvent('download'),
    desk.button('Download trace').click(),
  ]);
  const document = traceDocumentSchema.parse(JSON.parse(await readFile(await trace.path(), 'utf8')));
  expect(document.events).toEqual(events);
});

test('thousands of events are one list, of which those in view are drawn', async ({
  desk,
  assent,
  agent,
}) => {
  await desk.open('events');
  const { authReqId } = await agent.ask({ userId: ADA });
  for (let poll = 0; poll < 40; poll += 1)
    await Promise.all(Array.from({ length: 10 }, () => agent.poll({ authReqId })));
  const { last_number: last } = await assent.control.story({ limit: 0 });
  await expect(desk.page.getByText(`${last} in order`)).toBeVisible();
  expect(await desk.rows.count()).toBeLessThan(100);
  await desk.page.locator('.pane--list').evaluate((pane) => pane.scrollTo({ top: pane.scrollHeight }));
  await expect(desk.row('1')).toBeVisible();
});
