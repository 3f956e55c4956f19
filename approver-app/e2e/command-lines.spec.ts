// Commands that pages show for copying: on a narrow screen they wrap between words, and stay the same text.
import type { Page } from '@playwright/test';
import { expect, test } from './world.ts';

const WIDTHS = [320, 360, 390, 412, 430];

/** Options and other words of the command that stand on more than one line. */
function brokenWords(page: Page): Promise<string[]> {
  return page.locator('.cmd code').evaluate((code) => {
    const broken: string[] = [];
    const nodes = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
      for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => top));
        if (lines.size > 1) broken.push(word);
      }
    }
    return broken;
  });
}

/** What the clipboard would get of a selection of the whole command. */
function selectedText(page: Page): Promise<string | undefined> {
  return page.locator('.cmd code').evaluate((code) => {
    const selection = document.getSelection();
    selection?.selectAllChildren(code);
    return selection?.toString();
  });
}

for (const { where, path, text } of [
  { where: 'the empty inbox', path: '/approve/', text: 'npx assent ask "Pay 42 EUR to Grace" --user ada' },
  {
    where: 'the empty mailbox',
    path: '/approve/mailbox',
    text: 'npx assent ask "Pay 42 EUR to Grace" --user ada --expiry 3600',
  },
  {
    where: 'the empty list of requests of the console',
    path: '/console/requests',
    text: `npx assent ask "Pay 42 EUR to Grace" --user 'auth0|ada'`,
  },
]) {
  test(`the command of ${where} breaks no word on a phone, and is copied as it is`, async ({
    app,
    assent,
  }) => {
    await app.pair();
    const { page } = app;
    await page.goto(assent.url + path);
    await expect(page.locator('.cmd code')).toHaveText(text);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 844 });
      expect({ width, broken: await brokenWords(page) }).toEqual({ width, broken: [] });
      expect(await selectedText(page)).toBe(text);
    }
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy command' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  });
}
