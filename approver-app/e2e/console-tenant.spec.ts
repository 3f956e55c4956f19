// The pages of the console for the configuration: what is changed here is changed in the tenant, shown as curl, marked until the
// file has it, and can be taken back. Bad input gets the server's words beside the field.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { RunningAssent } from 'assent';
import { parse } from 'yaml';
import { ADA, TRANSFERS_API } from './tenant.ts';
import { expect, test } from './world.ts';

// Axe reads every element of a page four times.
test.slow();
test.use({ viewport: { width: 1440, height: 900 } });

const open = async (page: Page, { url }: RunningAssent, path: string): Promise<void> => {
  await page.goto(`${url}/console/${path}`);
};
const CLIENT = 'clients/aiya';
const API = `apis/${encodeURIComponent(TRANSFERS_API)}`;
const DEVICE_CODE = { name: 'Device Code' };

const PAGES = {
  clients: CLIENT,
  'a client as a file': `${CLIENT}?file=all`,
  'a detail type': `${API}?type=transfer_funds`,
  channels: 'channels',
};

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name}: axe finds nothing, and nothing is wider than a phone`, async ({ page, assent }) => {
    await open(page, assent, path);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    const faults = page.getByRole('switch', { name: 'Delay' });
    if (name === 'channels') {
      await faults.click();
      await expect(page.getByLabel('Chance, %')).toBeVisible();
    } else if (name === 'clients') {
      await page.getByRole('switch', DEVICE_CODE).click();
      await expect(page.getByRole('region', { name: 'Changes that the file has not' })).toBeVisible();
    }
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [1440, 'dark'],
      [320, 'light'],
      [320, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations, `axe at ${width} px, ${colorScheme}`).toEqual([]);
    }
    const widths = await page
      .locator('#main .pane:visible')
      .evaluateAll((panes) => panes.map((pane) => pane.scrollWidth - pane.clientWidth));
    expect(widths.every((excess) => excess <= 1)).toBe(true);
  });
}

test('a switch is operated by keyboard alone, and undone by keyboard alone', async ({ page, assent }) => {
  await open(page, assent, CLIENT);
  const deviceCode = page.getByRole('switch', DEVICE_CODE);
  await deviceCode.focus();
  await page.keyboard.press('Space');
  await expect(deviceCode).toBeChecked();
  await expect(deviceCode).toBeFocused();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect(deviceCode).not.toBeChecked();
  await expect(page.getByRole('region', { name: 'Changes that the file has not' })).toBeHidden();
});

test('a change is shown as curl, without its token until somebody asks', async ({ page, assent }) => {
  await open(page, assent, CLIENT);
  await page.getByRole('switch', DEVICE_CODE).click();
  await page.getByRole('button', { name: 'Show as curl' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('-X PATCH');
  await expect(dialog).toContainText('/api/v2/clients/aiya');
  await expect(dialog).toContainText('Bearer $MANAGEMENT_TOKEN');
  await expect(dialog).not.toContainText('Bearer eyJ');
});

test('what is changed is marked until the file has it, by downloading it or by going back', async ({
  page,
  assent,
}) => {
  await open(page, assent, CLIENT);
  const bar = page.getByRole('region', { name: 'Changes that the file has not' });
  const mark = page.getByRole('region', { name: 'Grant Types' }).getByText('not in the file');
  const deviceCode = page.getByRole('switch', DEVICE_CODE);
  await deviceCode.click();
  await expect(mark).toBeVisible();
  await bar.getByRole('link', { name: 'Show the changes' }).click();
  const panel = page.getByRole('complementary', { name: 'The same settings, as a file' });
  await expect(panel.locator('mark')).toHaveText(['      - urn:ietf:params:oauth:grant-type:device_code\n']);

  await panel.getByRole('link', { name: 'Whole tenant' }).click();
  await expect(panel).not.toContainText('not-real');
  await panel.getByRole('checkbox', { name: 'With secrets' }).check();
  await expect(panel).toContainText('aiya-secret-not-real');
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Download assent.yaml' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('assent.yaml');
  const exported = await page.request.get(`${assent.url}/control/tenant`);
  expect(parse(await readFile(await download.path(), 'utf8'))).toEqual(await exported.json());

  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await bar.getByRole('button', { name: 'The file has it now' }).click();
  await expect(bar).toBeHidden();
  await expect(mark).toBeHidden();
  await deviceCode.click();
  await expect(mark).toBeVisible();
  await bar.getByRole('button', { name: 'Back to the file' }).click();
  const question = page.getByRole('dialog', { name: 'Go back to the file?' });
  await question.getByRole('button', { name: 'Keep the changes' }).click();
  await expect(bar).toBeVisible();
  await bar.getByRole('button', { name: 'Back to the file' }).click();
  await question.getByRole('button', { name: 'Back to the file' }).click();
  await expect(deviceCode).toBeChecked();
  await expect(bar).toBeHidden();
});

test('bad input gets the server’s words beside the field, and what was typed stays', async ({
  page,
  assent,
}) => {
  await open(page, assent, API);
  const lifetime = page.getByLabel('Maximum Access Token Lifetime');
  for (const [typed, words] of [
    ['soon', 'Expected type number but found type string'],
    ['-5', 'is less than minimum'],
    ['9999999', 'is greater than maximum'],
  ] as const) {
    await lifetime.fill(typed);
    await page.getByRole('button', { name: 'Save Maximum Access Token Lifetime' }).click();
    await expect(page.getByRole('alert')).toContainText(words);
    await expect(lifetime).toHaveValue(typed);
    await expect(lifetime).toHaveAttribute('aria-invalid', 'true');
  }
  await lifetime.fill('600');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeHidden();
  await expect(lifetime).toHaveValue('600');

  const permissions = page.getByRole('region', { name: 'Permissions' });
  await permissions.getByRole('button', { name: 'Add' }).click();
  await expect(permissions.getByRole('alert')).toContainText('String is too short');

  await page.getByRole('button', { name: 'New' }).click();
  const form = page.getByRole('form', { name: 'Create API' });
  await form.getByLabel('Identifier').fill(TRANSFERS_API);
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form.getByRole('alert')).toContainText('already exists');
  await expect(form.getByLabel('Identifier')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
});

test('a client is created, gets a secret that is shown on request, and is deleted; undoing brings it back whole', async ({
  page,
  assent,
}) => {
  await open(page, assent, 'clients');
  await page.getByRole('button', { name: 'New' }).click();
  const form = page.getByRole('form', { name: 'Create Application' });
  await expect(form.getByLabel('Name')).toBeFocused();
  await form.getByLabel('Name').fill('Diary helper');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Diary helper', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Show secret' }).click();
  await expect(page.locator('.secret')).toHaveText(/^\w{64}$/);
  const secret = (await page.locator('.secret').textContent()) ?? '';
  await page.getByRole('button', { name: 'Rotate' }).click();
  await expect(page.locator('.secret')).not.toHaveText(secret);
  const rotated = (await page.locator('.secret').textContent()) ?? '';

  await page.getByRole('button', { name: 'Delete Diary helper …' }).click();
  await expect(page.getByRole('button', { name: 'Delete Diary helper', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Diary helper' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('link', { name: 'Diary helper' }).click();
  await page.getByRole('button', { name: 'Show secret' }).click();
  await expect(page.locator('.secret')).toHaveText(rotated);
});

test('a fault is set up, injected, changed and ended here, and what is no chance is refused beside it', async ({
  page,
  assent,
}) => {
  await open(page, assent, 'channels');
  const faults = page.getByRole('region', { name: 'Faults on purpose' });
  await faults.getByRole('button', { name: 'Set up Drop' }).click();
  const settings = faults.getByRole('form', { name: 'Settings of Drop' });
  await settings.getByLabel('Channel').selectOption('e-mail');
  await settings.getByLabel('Chance, %').fill('often');
  const drop = faults.getByRole('switch', { name: 'Drop' });
  await drop.click();
  await expect(faults.getByRole('alert')).toContainText('probability');
  await settings.getByLabel('Chance, %').fill('25');
  await settings.getByLabel('Only for client').selectOption('Aiya');
  await drop.click();
  await expect(drop).toBeChecked();
  await expect
    .poll(() => assent.control.faults.list())
    .toMatchObject([{ on: 'email', does: { kind: 'lose' }, probability: 0.25, client_id: 'aiya' }]);
  await settings.getByLabel('Chance, %').fill('50');
  await settings.getByRole('button', { name: 'Apply' }).click();
  await expect
    .poll(() => assent.control.faults.list())
    .toMatchObject([{ on: 'email', does: { kind: 'lose' }, probability: 0.5 }]);
  await drop.click();
  await expect(drop).not.toBeChecked();
  expect(await assent.control.faults.list()).toEqual([]);

  await assent.control.faults.inject({ on: 'jwks', does: { kind: 'answer', status: 503 } });
  await faults.getByRole('button', { name: /^Turn off: / }).click();
  await expect.poll(() => assent.control.faults.list()).toEqual([]);
});

test('a test goes the way that was chosen, or says what keeps it from that', async ({ page, assent }) => {
  await open(page, assent, 'channels');
  const channels = page.getByRole('region', { name: 'Channels', exact: true });
  await channels.getByLabel('Send tests to').selectOption('Ada Lovelace');
  await channels.getByRole('button', { name: 'Send a test' }).last().click();
  await expect.poll(() => assent.control.mailbox()).toHaveLength(1);
  await expect(channels).toContainText('accepted');
  await page.getByRole('switch', { name: 'Email' }).click();
  await expect(page.getByRole('switch', { name: 'Email' })).not.toBeChecked();
  await channels.getByRole('button', { name: 'Send a test' }).last().click();
  await expect(channels.getByRole('alert')).toContainText('email notifications not enabled on tenant');
  expect((await assent.control.requests({ user_id: ADA })).length).toBe(1);
});

test('a type is tried out while its words are typed, and nothing is kept until it is saved', async ({
  page,
  assent,
}) => {
  await open(page, assent, `${API}?type=transfer_funds`);
  const panel = page.getByRole('complementary', { name: 'Detail type transfer_funds' });
  await expect(panel.getByText('Transfer 250.00 EUR')).toBeVisible();
  await panel.getByLabel('Action').fill('Wire');
  await expect(panel.getByText('Wire 250.00 EUR')).toBeVisible();
  await panel.getByLabel('JSON Schema').fill('{"required": ["note"]}');
  await expect(panel.getByText("must have required property 'note'")).toBeVisible();
  await panel.getByLabel('JSON Schema').fill('{"required": ');
  await expect(panel.getByRole('alert')).toContainText('This is no JSON.');
  await panel.getByLabel('JSON Schema').fill('{"type": "objct"}');
  await panel.getByRole('button', { name: 'Save wording and schema' }).click();
  await expect(panel.getByRole('alert')).toContainText('expected a JSON Schema');
  await expect(panel.getByLabel('Action')).toHaveValue('Wire');
  const kept = await page.request.get(`${assent.url}/control/tenant`);
  expect(await kept.text()).not.toContain('Wire');
});
