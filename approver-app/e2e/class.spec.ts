// The pages of a class in a real browser: by keyboard alone, at every width, with nothing for axe to find.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type RunningClass, startClass } from 'assent/classroom';

const test = base.extend<{ running: RunningClass }>({
  running: async ({ browserName: _ }, use) => {
    await using running = await startClass({ places: 4, names: ['Grace', 'Katherine'] });
    await use(running);
  },
});

// Axe reads every page four times, on a computer that may be busy with other tests.
test.slow();

const VIEWS = [
  { width: 320, height: 568, colorScheme: 'light' },
  { width: 320, height: 568, colorScheme: 'dark' },
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
] as const;

async function look(page: Page): Promise<void> {
  for (const { width, height, colorScheme } of VIEWS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations, `axe at ${width} px, ${colorScheme}`).toEqual([]);
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWide, `scrolls sideways at ${width} px`).toBe(false);
  }
}

test('a student joins by keyboard alone, and comes back to the same place', async ({ page, running }) => {
  await page.goto(running.url);
  await look(page);
  await page.getByRole('textbox').focus();
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada, place 1');
  await look(page);
  await page.goto(running.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ada, place 1');
  await page.getByRole('link', { name: 'Approver app' }).click();
  await expect(page).toHaveURL(`${running.places[0]?.assent.url}/approve/`);
});

test('a name that is taken asks, and a name that was prepared is picked', async ({
  page,
  running,
  browser,
}) => {
  await page.goto(running.url);
  await page.getByRole('button', { name: 'Grace' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grace, place 1');
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const other = await context.newPage();
  await other.goto(running.url);
  await other.getByRole('textbox').fill('grace');
  await other.getByRole('button', { name: 'Take a place' }).click();
  await look(other);
  await other.getByRole('button', { name: 'Yes, that is me' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Grace, place 1');
  await context.close();
});

test('the teacher sees who is there, and puts a place back by keyboard', async ({ page, running }) => {
  await page.goto(running.url);
  await page.getByRole('button', { name: 'Katherine' }).click();
  await page.goto(`${running.url}/teacher`);
  await look(page);
  await page.getByRole('link', { name: 'Reset Katherine' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reset place 1 of Katherine?');
  await look(page);
  await page.getByRole('button', { name: 'Reset' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem')).toContainText('begun anew');
  await page.goto(`${running.url}/invite`);
  await look(page);
});
