// The list of requests and what can be done with one: what the page says is what the control API says.
import { expect, test } from './console.ts';
import { ADA, GRACE } from './tenant.ts';

test('a request appears while the list is open, and is approved for the approver', async ({
  desk,
  agent,
  assent,
}) => {
  await desk.open();
  await expect(desk.page.getByRole('heading', { name: 'No requests yet' })).toBeVisible();
  const question = await agent.ask({ bindingMessage: 'TRIP-7F2' });
  await desk.row('r1').click();
  await expect(desk.page).toHaveURL(/\/console\/requests\/r1$/);
  const { consent } = await assent.control.request('r1');
  await expect(desk.detail.getByRole('heading', { level: 2 })).toHaveText(consent.summary);
  await expect(desk.detail).toContainText('TRIP-7F2');
  await desk.button('Approve as Ada').click();
  await expect(desk.notice('r1 is approved for Ada Lovelace.')).toBeVisible();
  expect((await assent.control.request('r1')).state).toBe('approved');
  await expect(desk.row('r1')).toContainText('Approved');
  await expect(desk.button('Approve as Ada')).toHaveCount(0);
  expect((await agent.poll(question)).status).toBe(200);
  await expect(desk.detail).toContainText('It carries exactly what was approved.');
});

test('a denial carries its reason, and expiring ends a request before its time', async ({
  desk,
  agent,
  assent,
}) => {
  await agent.ask();
  await agent.ask({ userId: GRACE });
  await desk.open('requests/r1');
  await desk.button('Deny as Ada').click();
  await desk.dialog.getByLabel('Reason').fill('wrong details');
  await desk.dialog.getByRole('button', { name: 'Deny r1' }).click();
  await expect(desk.detail).toContainText('wrong details');
  expect((await assent.control.request('r1')).decision).toMatchObject({
    outcome: 'denied',
    reason: 'wrong details',
  });
  await desk.row('r2').click();
  await desk.button('Expire now').click();
  await expect(desk.row('r2')).toContainText('Expired');
  expect((await assent.control.request('r2')).state).toBe('expired');
});

test('of two who decide the first one counts, and the console says so', async ({
  desk,
  agent,
  assent,
  page,
}) => {
  await agent.ask();
  await desk.open('requests/r1');
  // Somebody else decides while the answer of this page is on its way.
  await page.route('**/control/requests/r1/decision', async (route) => {
    await assent.control.deny('r1');
    await route.continue();
  });
  await desk.button('Approve as Ada').click();
  await expect(desk.notice('Nothing was decided: r1 is denied already.')).toBeVisible();
  await expect(desk.row('r1')).toContainText('Denied');
});

test('a filter is typed, stands in the address and is taken away as a chip', async ({
  desk,
  agent,
  assent,
}) => {
  for (const userId of [ADA, GRACE, ADA]) await agent.ask({ userId });
  await assent.control.deny('r1');
  await desk.open();
  await desk.filter('approver:ada state:pending');
  expect(await desk.keys()).toEqual(['r3']);
  await expect(desk.page).toHaveURL(/q=approver%3Aada\+state%3Apending$/);
  await desk.button('Remove state:pending').click();
  await expect(desk.rows).toHaveCount(2);
  await desk.page.reload();
  await expect(desk.rows).toHaveCount(2);
  await desk.button('Remove approver:ada').click();
  await desk.button('Failed').click();
  expect(await desk.keys()).toEqual(['r1']);
  await desk.button('Remove state:failed').click();
  await desk.filter('colour:red');
  await expect(desk.page.getByText('No row has colour')).toBeVisible();
  await expect(desk.rows).toHaveCount(3);
});

test('Escape gives up what is typed as a filter, and keeps what stands already', async ({ desk, agent }) => {
  await agent.ask();
  await desk.open();
  await desk.filter('state:pending');
  const field = desk.page.locator('[data-filter]');
  await field.fill('approver:nobody');
  await expect(desk.rows).toHaveCount(0);
  await field.press('Escape');
  await expect(field).not.toBeFocused();
  await expect(field).toHaveValue('');
  await expect(desk.page).toHaveURL(/q=state%3Apending$/);
  await expect(desk.rows).toHaveCount(1);
});

test('new requests wait in a bar while one is read', async ({ desk, agent }) => {
  await agent.ask();
  await desk.open('requests/r1');
  await agent.ask();
  await agent.ask();
  await expect(desk.button('2 new requests')).toBeVisible();
  expect(await desk.keys()).toEqual(['r1']);
  await desk.button('2 new requests').click();
  expect(await desk.keys()).toEqual(['r3', 'r2', 'r1']);
});

test('a question that was refused is listed with what to change', async ({ desk, agent }) => {
  await expect(agent.ask({ details: [{ type: 'nothing_known' }] })).rejects.toThrow('refused');
  await desk.open();
  await desk.rows.first().click();
  await expect(desk.rows.first()).toContainText('Refused');
  await expect(desk.detail).toContainText('authorization_details');
});

test('a demo request is asked of somebody who can be reached, and shown as curl', async ({
  desk,
  assent,
}) => {
  await desk.open();
  await desk.button('Send a demo request to').click();
  await expect(desk.row('r1')).toBeVisible();
  const [request] = await assent.control.requests();
  await desk.notice('asked something harmless').getByRole('button', { name: 'Show as curl' }).click();
  await expect(desk.dialog).toContainText('/control/demo-request');
  await expect(desk.dialog).toContainText(`{"user_id":"${request?.approver.user_id}"}`);
});

test('an address of a request that is not here says so', async ({ desk, agent }) => {
  await agent.ask();
  await desk.open('requests/r99');
  await expect(desk.detail).toContainText('This is not here');
  await desk.page.getByRole('link', { name: 'Back to the list' }).click();
  await expect(desk.row('r1')).toBeVisible();
});

test('of very many requests the newest are there, and the older ones once somebody wants them', async ({
  desk,
  agent,
  assent,
}) => {
  for (const bindingMessage of ['OLD-1', 'OLD-2', 'OLD-3'])
    await agent.ask({ userId: GRACE, bindingMessage });
  // As many as a list holds at most, each asked by a call of its own.
  test.slow();
  for (let asked = 0; asked < 1_000; asked += 50)
    await Promise.all(Array.from({ length: 50 }, () => agent.ask({ details: [] })));
  await desk.open();
  await expect(desk.row('r1003')).toBeVisible();
  await desk.filter('approver:grace');
  await expect(desk.page.getByText('No request matches this filter.')).toBeVisible();
  // What happens to one of them meanwhile is heard, and leaves no gap between it and the newest.
  await assent.control.deny('r1');
  await agent.ask({ userId: GRACE, bindingMessage: 'NEW-1' });
  await expect(desk.row('r1004')).toBeVisible();
  // Whoever has a link to an older one finds it, and sees what becomes of it.
  await desk.open('requests/r3');
  await expect(desk.detail).toContainText('OLD-3');
  await assent.control.deny('r3');
  await expect(desk.detail).toContainText('Denied');
  await desk.open('requests/r9999');
  await expect(desk.detail).toContainText('This is not here');
  await desk.open();
  await desk.filter('approver:grace');
  await desk.button('Show older requests').click();
  await expect(desk.rows).toHaveCount(4);
  expect(await desk.keys()).toEqual(['r1004', 'r3', 'r2', 'r1']);
  await expect(desk.row('r1')).toContainText('Denied');
  await expect(desk.button('Show older requests')).toHaveCount(0);
  // Their story goes on as that of all others.
  await assent.control.deny('r2');
  await expect(desk.row('r2')).toContainText('Denied');
});
