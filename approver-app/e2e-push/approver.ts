// What an approver does in the app, in any browser: reads screens and clicks what is there. Every wait ends with what was
// waited for, or with an error that shows the screen.
import type { Browser, Page, Target } from 'puppeteer-core';

/** For a screen that is on its way; only a failure takes as long. */
const PATIENCE_MS = 20_000;

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
    // The page itself is asked, since not every browser tells of an address that changes without a navigation.
    const watch = (page: Page | null): void => {
      page
        ?.waitForFunction((wanted) => location.href === wanted, { signal: watching.signal, timeout: 0 }, url)
        .then(
          () => resolve(page),
          // Closed meanwhile, or no longer of interest.
          () => undefined,
        );
    };
    const watchTarget = (target: Target): void => {
      target.page().then(watch, () => undefined);
    };
    browser.on('targetcreated', watchTarget);
    for (const page of await browser.pages()) watch(page);
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

  /** @returns the sentence that says how notifications come */
  async turnNotificationsOn(): Promise<string> {
    await this.click('a', 'Set up notifications');
    await this.click('button', 'Turn on');
    await this.sees('Notifications are on');
    return this.text('main .intro');
  }

  async readToEnd(): Promise<void> {
    const end = await this.page.waitForSelector('[data-testid="end-of-content"]');
    await end?.evaluate((element) => element.scrollIntoView());
    await this.#until(() =>
      this.page.waitForSelector('.choice--approve[data-state="rest"]:not([aria-disabled])'),
    );
  }

  /** Once it is there and does not move. */
  async click(element: 'button' | 'a', text: string): Promise<void> {
    const path = `//${element}[contains(normalize-space(), "${text}")]`;
    await this.#until(() => this.page.locator(`::-p-xpath(${path})`).click());
  }

  /** Waits for the screen with this heading. */
  async sees(heading: string): Promise<void> {
    await this.#until(() => this.page.waitForSelector(`::-p-xpath(//h1[normalize-space()="${heading}"])`));
  }

  async text(selector: string): Promise<string> {
    const element = await this.#until(() => this.page.waitForSelector(selector));
    return (await element?.evaluate(({ textContent }) => textContent)) ?? '';
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
