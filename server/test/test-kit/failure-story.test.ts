// What somebody finds when their test has failed: the error, the story in a few lines, and a file with all of it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { traceDocumentSchema } from '../../src/contract/index.ts';

const FAILING = join(import.meta.dirname, 'failing');

const LINES = [
  /\d\d:\d\d:\d\d {2}ask {5}r1 {3}Aiya → Ada Lovelace {2}"RENT-4K9" {2}.+expires 5:00/,
  /poll {4}r1 {3}pending/,
  /decide {2}r1 {3}✕ denied by auth0\|ada through the control API {2}"wrong code"/,
];

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-story-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Runs a test runner in a process of its own; resolves with what it said when it failed. */
function runFailing(bin: string, words: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, NO_COLOR: '1' };
    execFile(process.execPath, [bin, ...words], { cwd, env }, (error, stdout, stderr) => {
      if (error) resolve(`${stdout}${stderr}`);
      else reject(new Error(`It should have failed, but said:\n${stdout}${stderr}`));
    });
  });
}

function binOf(packageName: string, bin: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), bin);
}

async function readOnlyStory(folder: string) {
  const files = await readdir(folder, { recursive: true });
  const stories = files.filter((file) => file.endsWith('.assent-trace.json'));
  expect(stories).toHaveLength(1);
  const text = await readFile(join(folder, stories[0] ?? ''), 'utf8');
  return { text, story: traceDocumentSchema.parse(JSON.parse(text)) };
}

function expectWholeStory({ text, story }: Awaited<ReturnType<typeof readOnlyStory>>): void {
  expect(story).toMatchObject({ format: 'assent-trace', version: 1, tenant: 'bank' });
  expect(story.title).toMatch(/an agent that asks for the wrong thing$/);
  const types = story.events.map(({ type }) => type);
  // Nobody waits for that, so it may stand before or behind the poll.
  expect(types).toContain('notification.waiting');
  expect(types.filter((type) => type !== 'notification.waiting')).toEqual([
    'request.received',
    'poll.answered',
    'decision.made',
    'request.settled',
  ]);
  expect(text).toContain('"client_secret": "[20 characters removed]"');
  expect(text).not.toMatch(/aiya-secret|"auth_req_id": "[\w-]{20,}"/);
}

/** Each starts a test runner, which a busy computer takes its time for. */
const SLOW = { timeout: 120_000 };

test('a failed test of Vitest tells its story under its name and names the file', SLOW, async () => {
  const folder = await makeFolder();
  const output = await runFailing(binOf('vitest', 'vitest.mjs'), ['run', '--root', FAILING], folder);
  expect(output).toContain('binding message: asked "RENT-4K9", expected "LUNCH-1"');
  for (const line of LINES) expect(output).toMatch(line);
  expect(output).toMatch(/the whole story: test-results\/assent\/[\w-]+\.assent-trace\.json/);
  expectWholeStory(await readOnlyStory(folder));
});

test('a failed test of Playwright attaches its story', SLOW, async () => {
  const folder = await makeFolder();
  const words = ['test', '--config', join(FAILING, 'playwright.config.ts'), '--output', folder];
  const output = await runFailing(binOf('@playwright/test', 'cli.js'), words, FAILING);
  expect(output).toContain('binding message: asked "RENT-4K9", expected "LUNCH-1"');
  for (const line of LINES) expect(output).toMatch(line);
  expectWholeStory(await readOnlyStory(folder));
});
