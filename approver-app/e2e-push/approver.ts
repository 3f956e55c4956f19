// What an approver does in the app, in any browser: reads screens and clicks what is there. Every wait ends with what was
// waited for, or with an error that shows the screen.
import type { Browser, ElementHandle, Page, Target } from 'puppeteer-core';

/** For a screen that is on its way; only a failure takes as long. */
const PATIENCE_MS = 90_000;

/** As the screen names them. */
const WAY_LABELS = { 'web push': 'Web push', relay: 'Relay' } as const;

export class Approver {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  /** Opens the app in a tab of its own. */
  static async open(browser: Browser, url: string): Promise<Approver> {
    const approver = new Approver(await browser.newPage());
    await approver.page.goto(`${url}/approve/`);
    return approver;
  }

  /** The tab that shows exactly `url`: one that is open, or that the browser is about to open. */
  static async at(browser: Browser, url: string): Promise<Approver> {
    const { promise, resolve } = Promise.withResolvers<Page>();
    const watching = new AbortController();
    // The page itself is asked, since not every browser tells of an address that changes without a navigation. A navigation
    // takes the question away with the document that it was asked in.
    const watch = async (page: Page | null): Promise<void> => {
      while (page !== null && !page.isClosed() && !watching.signal.aborted) {
        const isThere = await page
          .waitForFunction((wanted) => location.href === wanted, { signal: watching.signal, timeout: 0 }, url)
          .then(
            () => true,
            () => false,
          );
        if (isThere) return resolve(page);
      }
    };
    const watchTarget = (target: Target): void => {
      target.page().then(watch, () => undefined);
    };
    browser.on('targetcreated', watchTarget);
    for (const page of await browser.pages()) void watch(page);
    const tooLate = AbortSignal.timeout(PATIENCE_MS);
    try {
      return new Approver(await Promise.race([promise, rejectOn(tooLate)]));
    } catch (cause) {
      const open = browser.targets().map((each) => each.url());
      throw new Error(`No tab shows ${url}. Open: ${open.join(' ')}`, { cause });
    } finally {
      browser.off('targetcreated', watchTarget);
      watching.abort();
    }
  }

  async pair(name: string): Promise<void> {
    await this.click('button', name);
    await this.click('button', 'Pair this browser');
    await this.sees('Nothing is waiting');
  }

  /** Until they come by that way. A slow computer begins with the relay; push takes over once it answers. */
  async turnNotificationsOn(way: 'web push' | 'relay'): Promise<void> {
    await this.click('a', 'Set up notifications');
    await this.click('button', 'Turn on');
    await this.sees('Notifications are on');
    await this.#find(`::-p-xpath(//main/p[normalize-space()="${WAY_LABELS[way]}"])`);
  }

  /** @returns the button that approves, once pressing it counts */
  async readToEnd(): Promise<ElementHandle> {
    const end = await this.#find('[data-testid="end-of-content"]');
    await end.evaluate((element) => element.scrollIntoView());
    return this.#find('.choice--approve[data-state="rest"]:not([aria-disabled])');
  }

  /** Once it is there and does not move. */
  async click(element: 'button' | 'a', text: string): Promise<void> {
    const path = `//${element}[contains(normalize-space(), "${text}")]`;
    await this.#until(() => this.page.locator(`::-p-xpath(${path})`).click());
  }

  /** Waits for the screen with this heading. */
  async sees(heading: string): Promise<void> {
    await this.#find(`::-p-xpath(//h1[normalize-space()="${heading}"])`);
  }

  async text(selector: string): Promise<string> {
    const element = await this.#find(selector);
    return element.evaluate(({ textContent }) => textContent ?? '');
  }

  #find(selector: string): Promise<ElementHandle> {
    return this.#until(() => this.page.locator(selector).waitHandle());
  }

  async #until<T>(wait: () => Promise<T>): Promise<T> {
    try {
      return await wait();
    } catch (cause) {
      const screen = await this.page.evaluate(() => document.body.textContent).catch(String);
      throw new Error(`The screen stayed at:\n${screen}`, { cause });
    }
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
