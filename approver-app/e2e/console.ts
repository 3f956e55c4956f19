// The console of a developer at a desk, and everything that its tests have: a server, an agent, the pages.
import type { Locator } from '@playwright/test';
import { test as base, expect } from './world.ts';

type Page = import('@playwright/test').Page;

export class Console {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Resolves once it hears the server. */
  async open(path = 'requests'): Promise<void> {
    await this.page.goto(`${this.#url}/console/${path}`);
    await expect(this.phase).toHaveText('live');
  }

  get phase(): Locator {
    return this.page.locator('[data-phase]');
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** What is open beside the list. */
  get detail(): Locator {
    return this.page.getByRole('complementary');
  }

  get rows(): Locator {
    return this.page.locator('tbody tr[data-key]');
  }

  row(key: string): Locator {
    return this.page.locator(`tbody tr[data-key="${key}"]`);
  }

  /** The names of the rows, from the top. */
  async keys(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key') ?? ''));
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** A notice with these words. */
  notice(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Notices' }).locator('.toast', { hasText: text });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Types into the filter of the list, and waits until it stands in the address. */
  async filter(text: string): Promise<void> {
    const field = this.page.locator('[data-filter]');
    await field.fill(text);
    await field.press('Enter');
    await expect(field).toHaveValue('');
  }
}

export const test = base.extend<{ desk: Console }>({
  viewport: { width: 1440, height: 900 },
  desk: async ({ page, assent }, use) => use(new Console(page, assent.url)),
});

export { expect };
