// The approver app in the hands of a test: what a person does with it, by what they see, never by how it is built. Its own
// tests use this class too, so it changes when the app does.
import { expect, type Locator, type Page } from '@playwright/test';
import type { RunningAssent } from '../index.ts';

/** One line of the details as it stands on the screen. */
export interface ShownField {
  label: string;
  /** More than one for a list. */
  values: string[];
}

export interface ShownRequest {
  /** The whole question: `Aiya asks to Transfer 250.00 EUR to Grace`. */
  question: string;
  /** The code that the person compares. */
  bindingMessage: string;
  fields: ShownField[];
}

/** How long a request may take to come, in milliseconds. */
const PATIENCE_MS = 15_000;

export class ApproverApp {
  readonly page: Page;
  readonly #assent: RunningAssent;

  constructor(page: Page, assent: RunningAssent) {
    this.page = page;
    this.#assent = assent;
  }

  /** What the screen is about: the question, `2 waiting for you`, `You approved`. */
  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }
  /** Requests that wait, in the inbox. */
  get cards(): Locator {
    return this.page.getByRole('list').and(this.page.locator('.cards')).getByRole('link');
  }
  get approveButton(): Locator {
    return this.page.getByRole('button', { name: /^Approv/ });
  }
  get denyButton(): Locator {
    return this.page.getByRole('button', { name: /^Deny/ });
  }
  /** What a screen reader is told by itself. */
  get announcements(): Locator {
    return this.page.getByTestId('announcements');
  }

  /** @param path below `/approve/`: nothing for the inbox, `requests/apr_…` for one request */
  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.#assent.url}/approve/${path}`);
  }

  /** Picks somebody on the first screen and pairs this browser with them, as a person would. */
  async pair(name: string): Promise<void> {
    await this.open();
    await this.page.getByRole('button', { name }).click();
    await this.page.getByRole('button', { name: 'Pair this browser' }).click();
    await expect(this.heading).toHaveText(/waiting/);
  }

  /** Pairs this browser with somebody by a link, which takes one step: `pairAs('auth0|ada')`. */
  async pairAs(userId: string): Promise<void> {
    const { url } = await this.#assent.control.inviteBrowser(userId);
    await this.page.goto(url);
    await expect(this.heading).toHaveText(/waiting/);
  }

  /** Opens the oldest request that waits in the inbox, or the one with this text; waits up to 15 seconds until there is one. */
  async openRequest(text?: string | RegExp): Promise<void> {
    const waiting = text === undefined ? this.cards : this.cards.filter({ hasText: text });
    const wanted = text === undefined ? 'a request' : `a request that says ${text}`;
    await expect(waiting.first(), `${wanted} waits for this person`).toBeVisible({ timeout: PATIENCE_MS });
    await waiting.first().click();
    await expect(this.page.getByRole('timer')).toBeVisible();
  }

  /** What the person reads on the screen of a request. */
  async readRequest(): Promise<ShownRequest> {
    const rows = await this.page.getByRole('main').locator('dl > div').all();
    return {
      question: await readText(this.heading),
      bindingMessage: await this.#readBindingMessage(),
      fields: await Promise.all(
        rows.map(async (row) => ({
          label: await readText(row.locator('dt')),
          values: (await row.locator('dd').allInnerTexts()).map(plain),
        })),
      ),
    };
  }

  /** Empty where the client sent none. */
  async #readBindingMessage(): Promise<string> {
    const code = this.page.getByRole('region', { name: 'Code to compare' }).locator('.code');
    return (await code.count()) === 0 ? '' : readText(code);
  }

  /** Scrolls to the end of the request. Only then the app lets anybody approve. */
  async readToEnd(): Promise<void> {
    await this.page.getByTestId('end-of-content').scrollIntoViewIfNeeded();
    await expect(this.approveButton).not.toHaveAttribute('aria-disabled');
    await this.leaveGuard();
  }

  /** Reads the open request to its end and approves it. */
  async approve(): Promise<void> {
    await this.readToEnd();
    await this.approveButton.click();
    await expect(this.heading).toHaveText('You approved');
  }

  /** Denies the open request. @param reason one that the app offers, or words of your own; left out: without any */
  async deny(reason?: string): Promise<void> {
    await this.openReasons();
    const dialog = this.page.getByRole('dialog');
    if (reason === undefined) {
      await this.leaveGuard();
      await dialog.getByRole('button', { name: 'Deny without reason' }).click();
    } else {
      const offered = dialog.getByRole('radiogroup').getByText(reason, { exact: true });
      if ((await offered.count()) > 0) await offered.click();
      else {
        await dialog.getByText('Another reason').click();
        await dialog.getByLabel('Your reason').fill(reason);
      }
      await this.leaveGuard();
      await dialog.getByRole('button', { name: 'Deny', exact: true }).click();
    }
    await expect(this.heading).toHaveText('You denied');
  }

  /** Opens the reasons for denying the open request. */
  async openReasons(): Promise<void> {
    await this.leaveGuard();
    await this.denyButton.click();
    await expect(this.page.getByRole('radiogroup', { name: 'Reason' })).toBeVisible();
  }

  /** Until presses count: the app ignores them for half a second after the screen has changed. */
  async leaveGuard(): Promise<void> {
    await expect(this.page.locator('.choice[data-state="guard"]')).toHaveCount(0);
  }
}

async function readText(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: only rendered text counts as shown
  return plain(await locator.innerText());
}

/** Breaks and no-break spaces are for the eye. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
