// What stands around every page: keys, palette, faults, curl, the connection, the token of another computer.
import { startAssent } from 'assent';
import { Console, expect, test } from './console.ts';
import { ADA, tenant } from './tenant.ts';

test('a request is found, read and approved by keyboard alone', async ({ desk, agent, assent }) => {
  for (let count = 0; count < 3; count += 1) await agent.ask();
  await desk.open('events');
  const { keyboard } = desk.page;
  await keyboard.press('g');
  await keyboard.press('r');
  await expect(desk.heading).toHaveText('Requests');
  await keyboard.press('j');
  await keyboard.press('j');
  await expect(desk.row('r2').getByRole('link')).toBeFocused();
  await keyboard.press('k');
  await expect(desk.row('r3').getByRole('link')).toBeFocused();
  await keyboard.press('Enter');
  await expect(desk.detail).toContainText('Waiting for Ada');
  await desk.button('Approve as Ada').focus();
  await keyboard.press('Enter');
  await expect(desk.row('r3')).toContainText('Approved');
  expect((await assent.control.request('r3')).state).toBe('approved');
  await keyboard.press('c');
  await expect(desk.dialog).toContainText('/control/requests/r3/decision');
  await keyboard.press('Escape');
  await expect(desk.dialog).toHaveCount(0);
  await keyboard.press('Escape');
  await expect(desk.page).toHaveURL(/requests$/);
  await keyboard.press('/');
  await keyboard.type('state:pending');
  await keyboard.press('Enter');
  await expect(desk.rows).toHaveCount(2);
});

test('the palette finds pages, requests and people; the help lists every key', async ({ desk, agent }) => {
  await agent.ask();
  await desk.open();
  const { keyboard } = desk.page;
  await keyboard.press('Control+k');
  await keyboard.type('grace');
  await expect(desk.dialog.getByRole('option').first()).toHaveText(/Grace Hopper/);
  await keyboard.press('Enter');
  await expect(desk.page).toHaveURL(/people\/auth0%7Cgrace$/);
  await keyboard.press('Control+k');
  await keyboard.type('no such thing');
  await expect(desk.dialog.getByText('Nothing matches.')).toBeVisible();
  await keyboard.press('Escape');
  await keyboard.press('?');
  await expect(desk.dialog.getByText('Go to Settings')).toBeVisible();
  await keyboard.press('Escape');
  await expect(desk.dialog).toHaveCount(0);
});

test('a page that fails says so and offers a way on, in place of an empty window', async ({ desk }) => {
  await desk.open('people');
  await desk.page.evaluate(() => {
    // What every address is read with.
    Object.assign(window, { URLSearchParams: undefined });
    window.history.pushState(null, '', '/console/devices');
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(desk.page.getByRole('alert')).toContainText('This page has failed.');
  await desk.button('Load the page again').click();
  await expect(desk.heading).toHaveText('Devices');
});

test('letters are letters where somebody types, and where they are turned off', async ({ desk }) => {
  await desk.open('events');
  await desk.page.goto(`${new URL(desk.page.url()).origin}/console/settings`);
  await desk.page.getByLabel('Only of client').fill('');
  await desk.page.getByLabel('Only of client').pressSequentially('gr');
  await expect(desk.heading).toHaveText('Settings');
  await desk.page.getByRole('switch', { name: 'Letter shortcuts' }).click();
  await desk.heading.click();
  await desk.page.keyboard.press('g');
  await desk.page.keyboard.press('r');
  await expect(desk.heading).toHaveText('Settings');
});

test('a fault is told on every page, turned off, and turned on again', async ({ desk, assent }) => {
  await desk.open('people');
  await assent.control.faults.inject({ on: 'token', does: { kind: 'answer', status: 503 } });
  const strip = desk.page.getByRole('region', { name: 'Active faults' });
  await expect(strip).toContainText('503');
  await strip.getByRole('button', { name: 'Turn off' }).click();
  await expect(strip).toHaveCount(0);
  expect((await assent.control.health()).faults).toEqual([]);
  await desk.notice('Turned off').getByRole('button', { name: 'Undo' }).click();
  await expect(strip).toContainText('503');
});

test('a change is shown as curl, with its secrets only for who asks for them', async ({ desk }) => {
  await desk.open(`people/${encodeURIComponent(ADA)}`);
  await desk.button('Block').click();
  await desk.notice('is blocked').getByRole('button', { name: 'Show as curl' }).click();
  await expect(desk.dialog).toContainText('-X PATCH');
  await expect(desk.dialog).toContainText('$MANAGEMENT_TOKEN');
  await expect(desk.dialog).toContainText('/control/management-token');
  expect(await desk.dialog.textContent()).not.toMatch(/Bearer ey/);
  await desk.button('Show it with its secrets').click();
  await expect(desk.dialog).toContainText(/Bearer ey/);
  const kept = await desk.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
  );
  expect(kept).not.toContain('ey');
});

test('a notice that is dismissed by keyboard leaves the reader where they were', async ({ desk }) => {
  const { page } = desk;
  await desk.open(`people/${encodeURIComponent(ADA)}`);
  await desk.button('Block').click();
  await desk.button('Unblock').click();
  await expect(desk.notice('is blocked')).toBeVisible();
  await expect(desk.notice('is not blocked any more')).toBeVisible();
  await desk.button('Unblock').or(desk.button('Block')).focus();
  const [first, second] = [desk.button('Dismiss').first(), desk.button('Dismiss').nth(1)];
  for (let stops = 0; stops < 60; stops += 1) {
    if (await first.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  const after = await second.elementHandle();
  await page.keyboard.press('Enter');
  // First the notice that is still there, then the page.
  await expect.poll(() => after?.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await expect(page.locator('.toast')).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
});

test('a server that stops is told in words; what comes back is heard again, and another version asks for a reload', async ({
  page,
  config,
}) => {
  const first = await startAssent({ config });
  const desk = new Console(page, first.url);
  await desk.open();
  await expect(page.getByRole('heading', { name: 'No requests yet' })).toBeVisible();
  const { port } = new URL(first.url);
  await first.close();
  await expect(desk.phase).toHaveText('stopped');
  await expect(page.getByRole('alert')).toContainText('assent start');
  await expect(desk.button('Send a demo request')).toHaveAttribute('aria-disabled', 'true');
  await using _second = await startAssent({ config, port: Number(port) });
  // As if the package had been updated meanwhile.
  await page.route('**/control/health', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), version: '99.0.0' } });
  });
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(desk.phase).toHaveText('live');
  await expect(page.getByRole('alert')).toContainText('another version now (99.0.0)');
  await desk.button('Send a demo request').click();
  await expect(desk.row('r1')).toBeVisible();
});

test('a server that wants its token is asked for it once, and keeps it out of addresses', async ({
  page,
}) => {
  const token = 'a-token-of-the-test-0123456789';
  await using guarded = await startAssent({ config: tenant, controlToken: token });
  const desk = new Console(page, guarded.url);
  await page.goto(`${guarded.url}/console`);
  const field = page.getByLabel('Control token');
  await field.fill('another-token-0123456789');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The server did not take this token.')).toBeVisible();
  await field.fill(token);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(desk.phase).toHaveText('live');
  await page.reload();
  await expect(desk.phase).toHaveText('live');
  expect(page.url()).not.toContain(token);
});
