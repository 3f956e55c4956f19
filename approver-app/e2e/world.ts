// What every test has: a server of its own, the agent that asks, and the app in the hands of an approver.
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { type RunningAssent, startAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import { Agent } from './agent.ts';
import { readQrCode } from './qr-reader.ts';
import { tenant } from './tenant.ts';

/** One open page of the approver app. */
export class ApproverApp {
  readonly page: Page;
  readonly #assent: RunningAssent;
  /** Decisions that left this page, whatever became of them. */
  readonly decisionsSent: string[] = [];

  constructor(page: Page, assent: RunningAssent) {
    this.page = page;
    this.#assent = assent;
    page.on('request', (request) => {
      if (request.url().endsWith('/resolve-transaction')) this.decisionsSent.push(request.url());
    });
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }
  get approve(): Locator {
    return this.page.getByRole('button', { name: /^Approv/ });
  }
  get deny(): Locator {
    return this.page.getByRole('button', { name: /^Deny/ });
  }
  get cards(): Locator {
    return this.page.getByRole('list').and(this.page.locator('.cards')).getByRole('link');
  }
  /** Messages in the mailbox. */
  get mails(): Locator {
    return this.page.locator('[data-mail]');
  }
  get announcements(): Locator {
    return this.page.getByTestId('announcements');
  }

  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.#assent.url}/approve/${path}`);
  }

  /** Picks a person and pairs this browser. */
  async pair(name = 'Ada Lovelace'): Promise<void> {
    await this.open();
    await this.page.getByRole('button', { name }).click();
    await this.page.getByRole('button', { name: 'Pair this browser' }).click();
    await expect(this.heading).toHaveText(/waiting/);
  }

  /** What the code on the screen of this device says to a camera. */
  async makePairingLink(): Promise<string> {
    await this.open('devices/pair');
    return readQrCode(this.page.getByRole('img', { name: 'as a QR code' }));
  }

  /** The permission is there already, so that no browser window asks for it. */
  async turnOnNotifications(): Promise<void> {
    await this.page.context().grantPermissions(['notifications']);
    await this.open('notifications');
    await this.page.getByRole('button', { name: 'Turn on' }).click();
  }

  /** Opens the oldest waiting request from the inbox. */
  async openFirst(): Promise<void> {
    await this.cards.first().click();
    await expect(this.page.getByRole('timer')).toBeVisible();
  }

  async readToEnd(): Promise<void> {
    await this.page.getByTestId('end-of-content').scrollIntoViewIfNeeded();
    await expect(this.approve).not.toHaveAttribute('aria-disabled');
    await this.leaveGuard();
  }

  async openReasons(): Promise<void> {
    await this.leaveGuard();
    await this.deny.click();
    await expect(this.page.getByRole('radiogroup', { name: 'Reason' })).toBeVisible();
  }

  /** Until the service worker runs and answers for this page. */
  async workerIsReady(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => navigator.serviceWorker.controller?.state))
      .toBe('activated');
  }

  /** Until presses count: half a second after the last change of the screen. */
  async leaveGuard(): Promise<void> {
    await expect(this.page.locator('.choice[data-state="guard"]')).toHaveCount(0);
  }
}

interface World {
  /** The tenant of the server. */
  config: TenantConfigInput;
  /** Address it listens on. */
  host: string;
  /** Whether pages may meet the content security policy, because that is what is tested. */
  allowsPolicyReports: boolean;
  assent: RunningAssent;
  agent: Agent;
  app: ApproverApp;
  /** Fails the test if a page breaks the content security policy or throws. */
  cleanConsole: undefined;
}

export const test = base.extend<World>({
  config: [tenant, { option: true }],
  allowsPolicyReports: [false, { option: true }],
  host: ['127.0.0.1', { option: true }],
  assent: async ({ config, host }, use) => {
    await using assent = await startAssent({ config, host });
    await use(assent);
  },
  agent: async ({ request, assent }, use) => use(new Agent(request, assent)),
  app: async ({ page, assent }, use) => use(new ApproverApp(page, assent)),
  cleanConsole: [
    async ({ context, allowsPolicyReports }, use) => {
      const complaints: string[] = [];
      context.on('weberror', (error) => complaints.push(String(error.error())));
      context.on('console', (message) => {
        if (allowsPolicyReports || message.type() !== 'error') return;
        if (/Content Security Policy/i.test(message.text())) {
          complaints.push(message.text());
        }
      });
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
