// Settings of the console: each change is what the server then does, and what can be undone is undone.
import { readFile } from 'node:fs/promises';
import { expect, test } from './console.ts';

test('the interval is changed by the tenant file’s own name, and undone', async ({ desk, assent }) => {
  const intervalNow = async (): Promise<number> => (await assent.control.health()).quick_answers.interval;
  const before = await intervalNow();
  await desk.open('settings');
  const field = desk.page.getByLabel('Interval between polls');
  await field.fill('soon');
  await field.press('Enter');
  await expect(desk.page.getByText('Received “soon”, expected a number.')).toBeVisible();
  await field.fill('-1');
  await field.press('Enter');
  await expect(desk.page.getByRole('alert').filter({ hasText: 'interval' })).toBeVisible();
  await field.fill('2');
  await field.press('Enter');
  await expect(desk.notice('ciba.interval is 2.')).toBeVisible();
  expect(await intervalNow()).toBe(2);
  await desk.notice('ciba.interval is 2.').getByRole('button', { name: 'Undo' }).click();
  await expect(field).toHaveValue(String(before));
  expect(await intervalNow()).toBe(before);
});

test('a rule is added, answers, is taken away and comes back', async ({ desk, agent, assent }) => {
  await desk.open('settings');
  await desk.page.getByLabel('Up to').fill('as much as it wants');
  await desk.button('Add rule').click();
  await expect(desk.page.getByRole('alert').filter({ hasText: 'up_to' })).toBeVisible();
  await desk.page.getByLabel('Up to').fill('300 EUR');
  await desk.button('Add rule').click();
  await expect(desk.notice('The rule stands behind the others.')).toBeVisible();
  await agent.ask();
  expect((await assent.control.request('r1')).state).toBe('approved');
  await expect(desk.page.getByText('took 1 request')).toBeVisible();
  const remove = desk.button(/^Remove /);
  await remove.click();
  await expect(desk.page.getByText('No rule: every request waits for a person.')).toBeVisible();
  await desk.notice('is gone').getByRole('button', { name: 'Undo' }).click();
  await expect(remove).toBeVisible();
});

test('the clock goes forward, and what falls due happens', async ({ desk, agent, assent }) => {
  await agent.ask();
  await desk.open('settings');
  await desk.button('+ 1 hour').click();
  await expect(desk.page.getByText(/ahead of this computer’s/)).toBeVisible();
  expect((await assent.control.request('r1')).state).toBe('expired');
});

test('a reset says what will vanish, resets, and is undone', async ({ desk, agent, assent }) => {
  await agent.ask();
  await desk.open('settings');
  await desk.button('Reset…').click();
  await expect(desk.dialog).toContainText('1 request');
  await desk.dialog.getByRole('button', { name: 'Keep' }).click();
  await expect(desk.dialog).toHaveCount(0);
  expect(await assent.control.requests()).toHaveLength(1);
  await desk.button('Reset…').click();
  await desk.dialog.getByRole('button', { name: /^Reset / }).click();
  const notice = desk.notice('as it was at the start');
  await expect(notice).toBeVisible();
  expect(await assent.control.requests()).toEqual([]);
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.notice('Undone:')).toBeVisible();
  expect(await assent.control.requests()).toHaveLength(1);
  await desk.page.getByRole('link', { name: 'Requests' }).click();
  await expect(desk.row('r1')).toBeVisible();
});

test('what happens while the story after a reset is read is not lost', async ({ desk, agent, assent }) => {
  await agent.ask();
  await desk.open();
  await expect(desk.rows).toHaveCount(1);
  const { page } = desk;
  let isHeld = false;
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(/\/control\/trace\?before=/, async (route) => {
    // Answered by the server before, and heard by the page after what comes next.
    const response = await route.fetch();
    isHeld = true;
    await held;
    await route.fulfill({ response });
  });
  await assent.reset();
  await expect.poll(() => isHeld).toBe(true);
  await agent.ask({ bindingMessage: 'AFTER-1' });
  // Long enough for the open connection to have told of it.
  await page.waitForTimeout(500);
  goOn();
  await page.getByRole('link', { name: 'Events' }).click();
  await expect(desk.rows.filter({ hasText: 'request.received' })).toHaveCount(1);
});

test('a story that could not be read after a reset is read again', async ({ desk, agent, assent }) => {
  await agent.ask();
  await desk.open('events');
  let isRefused = false;
  await desk.page.route(/\/control\/trace\?limit=0/, async (route) => {
    if (isRefused) await route.continue();
    else {
      isRefused = true;
      await route.fulfill({ status: 429, json: { title: 'Too many' } });
    }
  });
  await assent.reset();
  await expect(desk.rows.filter({ hasText: 'request.received' })).toHaveCount(0);
  expect(isRefused).toBe(true);
});

test('a snapshot is taken along and put back in place; another file is not', async ({
  desk,
  agent,
  assent,
}) => {
  await agent.ask();
  await desk.open('settings');
  const [download] = await Promise.all([
    desk.page.waitForEvent('download'),
    desk.button('Download snapshot').click(),
  ]);
  const content = await readFile(await download.path());
  await agent.ask();
  const chooser = desk.page.getByLabel('Put one in place');
  await chooser.setInputFiles({
    name: 'other.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{}'),
  });
  await expect(desk.notice('Received other.json')).toBeVisible();
  await chooser.setInputFiles({ name: 'lesson.json', mimeType: 'application/json', buffer: content });
  await desk.dialog.getByRole('button', { name: 'Put lesson.json in place' }).click();
  await expect(desk.notice('lesson.json is in place.')).toBeVisible();
  expect((await assent.control.requests()).map(({ name }) => name)).toEqual(['r1']);
});

test('how to reach this server is shown without the secret, until somebody asks for it', async ({
  desk,
  assent,
}) => {
  await desk.open('settings');
  const env = desk.page.locator('pre').first();
  const { AUTH0_CLIENT_ID: id = '', AUTH0_CLIENT_SECRET: secret = '' } = assent.env;
  await expect(env).toContainText(`AUTH0_CLIENT_ID=${id}`);
  expect(await desk.page.content()).not.toContain(secret);
  await desk.button('Show with the secret').click();
  await expect(env).toContainText(`AUTH0_CLIENT_SECRET=${secret}`);
});
