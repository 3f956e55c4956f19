// The sequence view in the hands of whoever watches.
import type { Locator, Page } from '@playwright/test';
import type { RunningAssent } from 'assent';

export class SequencePage {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, assent: Pick<RunningAssent, 'url'>) {
    this.page = page;
    this.#url = assent.url;
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.#url}/sequence${query}`);
  }

  /** The steps, as a screen reader has them. */
  get steps(): Locator {
    return this.page.getByRole('list', { name: 'Steps of' }).getByRole('link');
  }

  get current(): Locator {
    return this.page.locator('[aria-current="step"]');
  }

  get diagram(): Locator {
    return this.page.getByRole('img', { name: 'Sequence diagram of request' });
  }

  /** The heading of the step that is shown. */
  get heading(): Locator {
    return this.page.getByRole('complementary', { name: 'Step' }).getByRole('heading').first();
  }

  get connection(): Locator {
    return this.page.locator('.bar [role="status"]');
  }

  /** What the list says, without times. */
  async words(): Promise<string[]> {
    return (await this.steps.allTextContents()).map((text) => text.trim().replaceAll(/\s+/g, ' '));
  }

  /** The drawing as it stands in the page. */
  drawing(): Promise<string> {
    return this.diagram.innerHTML();
  }
}
