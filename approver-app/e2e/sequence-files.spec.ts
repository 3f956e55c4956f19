// Stories as files: what was recorded replays without a server as it was seen live, Mermaid draws it, and what is no story is refused.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { traceDocumentSchema } from 'assent/contract';
import { SequencePage } from './sequence-page.ts';
import { TRANSFER } from './tenant.ts';
import { test as base, expect } from './world.ts';

const test = base.extend<{ sequence: SequencePage; folder: string }>({
  sequence: async ({ page, assent }, use) => use(new SequencePage(page, assent)),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for this form
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-story-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

test.use({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });

async function exportAs(page: Page, folder: string, choice: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: choice }).click(),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  await page.keyboard.press('Escape');
  return path;
}

/** A story with a fold, a mark and an end; shown at its first step. */
async function tellStory({
  sequence,
  agent,
  assent,
}: {
  sequence: SequencePage;
  agent: import('./agent.ts').Agent;
  assent: import('assent').RunningAssent;
}): Promise<void> {
  const asked = await agent.ask();
  for (const _ of [1, 2, 3]) await agent.poll(asked);
  await assent.control.approve('latest');
  await assent.control.clock.advance(30_000);
  await agent.poll(asked);
  await sequence.open('?request=r1&step=1');
  await expect(sequence.steps).toHaveCount(9);
}

test('a recorded story replays from its page with the server stopped, as it was seen live', async ({
  sequence,
  agent,
  assent,
  folder,
}) => {
  await tellStory({ sequence, agent, assent });
  const { page } = sequence;
  const live = await sequence.words();
  const drawing = await sequence.drawing();
  const file = await exportAs(page, folder, 'A page that replays it');
  // The live page asks for its server again; it is left before, so that the requests seen are the file's own.
  await page.goto('about:blank');
  await assent.close();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.keyboard.press('Home');
  expect(await sequence.words()).toEqual(live);
  expect(await sequence.drawing()).toBe(drawing);
  await expect(page.getByText('Nothing here is live.')).toBeVisible();
  expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
});

test('an exported JSON file that is opened again gives the same view, also with the server stopped', async ({
  sequence,
  agent,
  assent,
  folder,
}) => {
  await tellStory({ sequence, agent, assent });
  const { page } = sequence;
  const live = await sequence.words();
  const drawing = await sequence.drawing();
  const file = await exportAs(page, folder, 'This request as JSON');
  const document = traceDocumentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(document.redacted).toContain('client_secret');
  await assent.close();
  await page.locator('input[type="file"]').setInputFiles(file);
  await expect(page.getByText('A recorded story:')).toBeVisible();
  await page.keyboard.press('Home');
  expect(await sequence.words()).toEqual(live);
  expect(await sequence.drawing()).toBe(drawing);
});

test('what is no story is refused with what was received and what was expected', async ({ sequence }) => {
  await sequence.open();
  const field = sequence.page.locator('input[type="file"]');
  const files = [
    ['picture.json', 'GIF89a', 'picture.json is no JSON'],
    ['other.json', '{"format":"har"}', 'its "format" is "har", expected "assent-trace"'],
    ['next.json', '{"format":"assent-trace","version":2}', 'a story of version 2'],
    ['broken.json', '{"format":"assent-trace","version":1,"title":1}', 'cannot be read at title'],
  ] as const;
  for (const [name, text, words] of files) {
    await field.setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
    await expect(sequence.page.getByRole('alert')).toContainText(words);
  }
});

test('a file that the browser cannot read is told of in words', async ({ sequence }) => {
  const { page } = sequence;
  await page.addInitScript(() => {
    // As for a folder that was dropped.
    File.prototype.text = () => Promise.reject(new DOMException('', 'NotReadableError'));
  });
  await sequence.open();
  await page
    .getByLabel('A recorded story')
    .setInputFiles({ name: 'folder', mimeType: '', buffer: Buffer.from('') });
  await expect(page.getByRole('alert').filter({ hasText: 'cannot read folder' })).toBeVisible();
});

test('the real Mermaid reads the exported text, with its accessible title', async ({
  sequence,
  agent,
  assent,
  folder,
  context,
}) => {
  const asked = await agent.ask({
    bindingMessage: 'END: #1',
    details: [{ ...TRANSFER, to: 'Grace; end %% <b> #quot; "participant"' }],
  });
  await agent.poll(asked);
  await assent.control.deny('latest', 'not; #me');
  await sequence.open('?request=r1&step=1');
  const text = await readFile(await exportAs(sequence.page, folder, 'Mermaid text'), 'utf8');
  const page = await context.newPage();
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js') });
  const svg = await page.evaluate(async (source: string) => {
    const { mermaid } = globalThis as unknown as {
      mermaid: {
        initialize(options: object): void;
        render(id: string, text: string): Promise<{ svg: string }>;
      };
    };
    mermaid.initialize({ startOnLoad: false });
    return (await mermaid.render('drawing', source)).svg;
  }, text);
  expect(svg).toContain('<title id="chart-title-drawing">r1');
  expect(svg).toContain('POST /bc-authorize');
  expect(text).toContain('accDescr: ');
});

test('for a room, the step is a caption, and names and times are not shown', async ({ sequence, agent }) => {
  await agent.ask();
  await sequence.open('?request=r1&step=1');
  const { page } = sequence;
  await page.keyboard.press('p');
  await expect(page.getByRole('region', { name: 'Step' })).toContainText('The agent asks for approval');
  await expect(page.getByText('Secrets and addresses hidden')).toBeVisible();
  await expect(page.locator('.heads')).not.toContainText('Ada');
  await expect(page.locator('.t-time').first()).toHaveText('');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Step' })).toContainText('2 of');
});
