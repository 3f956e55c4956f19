// Each page of the console: axe in both schemes at the width of a desk and of a phone, and nothing wider than 320 px.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './console.ts';
import { ADA } from './tenant.ts';

const PAGES = [
  'requests',
  'requests/r1',
  'people',
  `people/${encodeURIComponent(ADA)}`,
  'mailbox',
  'devices',
  'events',
  'events/1',
  'settings',
] as const;

const VIEWS = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const;

for (const path of PAGES) {
  test(`${path}: axe finds nothing, and nothing is cut off`, async ({ desk, agent, assent }) => {
    // Axe reads every element of a page three times.
    test.slow();
    const { page } = desk;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await agent.ask();
    await agent.ask({ expiresInSeconds: 3600 });
    await assent.control.faults.inject({ on: 'push', does: { kind: 'late', ms: 20_000 } });
    await assent.control.rules.add({ answer: 'approve', up_to: '1 EUR' });
    await desk.open(path);
    await expect(page.getByRole('region', { name: 'Active faults' })).toBeVisible();
    for (const { width, height, colorScheme } of VIEWS) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      // Nothing runs inside the frame of a message, and that includes axe.
      const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze();
      expect(violations, `axe at ${width} px, ${colorScheme}`).toEqual([]);
    }
    await page.setViewportSize({ width: 320, height: 568 });
    expect(await page.locator('main').evaluate(findOverflow), 'wider than 320 px').toEqual([]);
    // What is only read out must not make the page wider either.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
}

test('dialogs: axe finds nothing', async ({ desk, agent }) => {
  await agent.ask();
  await desk.open('requests/r1');
  const check = async (): Promise<void> => {
    await expect(desk.dialog).toBeVisible();
    const { violations } = await new AxeBuilder({ page: desk.page }).analyze();
    expect(violations).toEqual([]);
    await desk.page.keyboard.press('Escape');
    await expect(desk.dialog).toHaveCount(0);
  };
  await desk.page.keyboard.press('Control+k');
  await check();
  await desk.page.keyboard.press('?');
  await check();
  await desk.button('Deny as Ada').click();
  await check();
  await desk.button('Show as curl').click();
  await check();
});

test('what is copied in a dialog is told in the dialog, since it hides the rest of the page', async ({
  desk,
  agent,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await agent.ask();
  await desk.open('requests/r1');
  await desk.button('Show as curl').click();
  await desk.dialog.getByRole('button', { name: 'Copy' }).first().click();
  await expect(desk.dialog.getByRole('log')).toContainText('opied');
});

test('a browser without a clipboard, as over plain HTTP, is told of', async ({ desk, agent }) => {
  await desk.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await agent.ask();
  await desk.open('requests/r1');
  await desk.button('Copy link').click();
  await expect(desk.page.getByTestId('announcements')).toContainText('did not allow copying');
});

/** Elements of the page wider than the window. Runs in the page. */
function findOverflow(main: Element): string[] {
  return [...main.querySelectorAll<HTMLElement>('*')]
    .filter((element) => element.closest('.vh, svg, pre') === null)
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > window.innerWidth + 1);
    })
    .map((element) => `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`);
}
