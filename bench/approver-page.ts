// One approver of the class: a page that is paired and open at its inbox. Tells when a request is on the screen, by the clock of
// this computer, which its agent goes by as well.
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { Place } from './class-messages.ts';

const PATIENCE_MS = 30_000;

export class ApproverPage {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** With a profile of its own, as on a computer of its own. */
  static async open(browser: Browser, { invitation }: Place): Promise<ApproverPage> {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      ignoreHTTPSErrors: true,
    });
    await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(invitation);
    await page.getByRole('heading', { level: 1, name: /waiting/ }).waitFor();
    // At rest: the worker has kept the files of the app.
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    return new ApproverPage(page);
  }

  /** From here on the page notes when a request with this code has been painted. */
  async lookOut(code: string): Promise<void> {
    await this.#page.evaluate(`lookOut(${JSON.stringify(code)}, ${PATIENCE_MS})`);
  }

  /** Milliseconds since the epoch at which the request that is looked out for had been painted. */
  whenPainted(code: string): Promise<number> {
    return this.#page.evaluate(`whenPainted(${JSON.stringify(code)})`);
  }

  /** The codes of all requests on this screen. */
  codes(): Promise<string[]> {
    return this.#page.locator('.pill-code').allTextContents();
  }
}
