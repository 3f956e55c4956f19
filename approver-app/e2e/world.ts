// What every test has: a server of its own, the agent that asks, and the app in the hands of an approver.
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { type RunningAssent, startAssent } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import { ApproverApp as PublishedApproverApp } from 'assent/playwright';
import { Agent } from './agent.ts';
import { readQrCode } from './qr-reader.ts';
import { tenant } from './tenant.ts';

/** One open page of the approver app, with what only its own tests do. */
export class ApproverApp extends PublishedApproverApp {
  /** Decisions that left this page, whatever became of them. */
  readonly decisionsSent: string[] = [];

  constructor(page: Page, assent: RunningAssent) {
    super(page, assent);
    page.on('request', (request) => {
      if (request.url().endsWith('/resolve-transaction')) this.decisionsSent.push(request.url());
    });
  }

  /** Messages in the mailbox. */
  get mails(): Locator {
    return this.page.locator('[data-mail]');
  }

  override pair(name = 'Ada Lovelace'): Promise<void> {
    return super.pair(name);
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

  /** Until the service worker runs and answers for this page. */
  async workerIsReady(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(() => navigator.serviceWorker.controller?.state))
      .toBe('activated');
  }
}

export interface World {
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
