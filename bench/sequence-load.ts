// The process with the agent and the browser: makes the story long, opens its longest run in the sequence view, and counts the
// frames while the view scrolls, goes from step to step, and hears of new events.
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findBrowser } from '../scripts/find-browser.mjs';
import { LongStory } from './long-story.ts';
import { type SequencePlan, type SequenceTimes, sequencePlanSchema } from './sequence-messages.ts';

const PANE = '.pane';
const PATIENCE_MS = 60_000;
const STEPS = 60;
const ARRIVALS = 60;

process.once('message', (message) => {
  measure(sequencePlanSchema.parse(message)).then(
    (times) => {
      process.send?.(times);
      process.disconnect?.();
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
      process.disconnect?.();
    },
  );
});

async function measure(plan: SequencePlan): Promise<SequenceTimes> {
  const story = new LongStory(plan);
  await story.tell();
  const executablePath = findBrowser();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--ignore-certificate-errors',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      ignoreHTTPSErrors: true,
    });
    await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${plan.url}/sequence?request=r1&step=1`);
    // The address names the run, so the view reads back to its beginning.
    await page.getByText('POST /bc-authorize', { exact: false }).first().waitFor();
    await unfoldPolls(page);
    const rows = await countRows(page);
    const scrolling = await countFrames(page, async () => {
      await page.evaluate(`scrollSmoothly('${PANE}', 200, 120)`);
      await page.evaluate(`scrollSmoothly('${PANE}', 100, 2400)`);
      await page.evaluate(`scrollSmoothly('${PANE}', 200, -120)`);
    });
    const stepping = await countFrames(page, async () => {
      for (let step = 0; step < STEPS; step += 1) await page.keyboard.press('ArrowRight');
    });
    const receiving = await countFrames(page, async () => {
      for (let arrival = 0; arrival < ARRIVALS; arrival += 1) {
        await story.poll();
        await page.waitForTimeout(50);
      }
    });
    return { events: plan.events, rows, scrolling, stepping, receiving };
  } finally {
    await browser.close();
  }
}

/** Opens the fold of the polls, so that each is a row. */
async function unfoldPolls(page: Page): Promise<void> {
  const folded = page.locator('[data-row][aria-expanded="false"]').last();
  await folded.waitFor();
  await folded.dispatchEvent('click');
  await page.locator('[data-row][aria-current="step"][aria-expanded="false"]').waitFor();
  await page.keyboard.press('x');
  await page.locator('ol.windowed').waitFor();
}

async function countRows(page: Page): Promise<number> {
  return Number(await page.locator('[aria-setsize]').first().getAttribute('aria-setsize'));
}

async function countFrames(page: Page, act: () => Promise<void>) {
  await page.evaluate('startFrames()');
  await act();
  return page.evaluate<SequenceTimes['scrolling']>('stopFrames()');
}
