// The recipes of the documentation, each run as it stands there. Those for containers are checked beside the Dockerfile.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findChromium } from '../web-apps/chromium.ts';

const RECIPES = join(import.meta.dirname, '../../docs/recipes');
const MOST_LINES = 20;
/** Programs are started, which a busy computer takes its time for. */
const SLOW = { timeout: 120_000 };

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const ASSENT = require.resolve('assent/package.json');

async function readRecipe(name: string): Promise<string> {
  const page = await readFile(join(RECIPES, `${name}.md`), 'utf8');
  const [, block] =
    new RegExp(`<!-- recipe: ${name} -->\\n\\n\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  if (block === undefined) throw new Error(`docs/recipes/${name}.md has no block marked "recipe: ${name}"`);
  return block;
}

/** A project in which the recipe is a file. Below this folder, so that it finds the packages of this workspace. */
async function makeProject(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(import.meta.dirname, 'project-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src'));
  await cp(join(import.meta.dirname, 'agent.ts'), join(folder, 'src/agent.ts'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Without the authority of the other tests here: a recipe has to do with what it says. */
function environment(folder: string) {
  return { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' };
}

async function runNode(words: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run(process.execPath, words, { cwd, env: environment(cwd) });
  return stdout;
}

/** The line that the page tells to type, with `npx assent` from this workspace. */
async function type(line: string, cwd: string): Promise<string> {
  const script = `npx() { shift; "${process.execPath}" "${join(dirname(ASSENT), 'bin/assent.js')}" "$@"; }\n${line}`;
  const { stdout } = await run('/bin/bash', ['-c', script], { cwd, env: environment(cwd) });
  return stdout;
}

async function has(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  );
}

test('every recipe takes at most twenty lines', async () => {
  const names = (await readdir(RECIPES)).map((file) => file.replace('.md', ''));
  expect(names.length).toBeGreaterThanOrEqual(8);
  for (const name of names) {
    const lines = (await readRecipe(name)).trim().split('\n').length;
    expect([name, lines <= MOST_LINES]).toEqual([name, true]);
  }
});

for (const name of ['vitest', 'vercel-ai-sdk', 'langgraph']) {
  test(`the recipe for ${name} passes`, SLOW, async () => {
    const folder = await makeProject({ 'test/recipe.test.ts': await readRecipe(name) });
    const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
    const output = await runNode([vitest, 'run', '--root', folder, '--testTimeout', '60000'], folder);
    expect(output).toContain('1 passed');
  });
}

test('the recipe for Playwright passes', SLOW, async () => {
  const launch = JSON.stringify({ executablePath: findChromium() });
  const folder = await makeProject({
    'e2e/recipe.spec.ts': await readRecipe('playwright'),
    'playwright.config.ts': `export default { reporter: 'line', outputDir: 'results', use: { launchOptions: ${launch} } };`,
  });
  const ofAssent = createRequire(ASSENT);
  const playwright = join(dirname(ofAssent.resolve('@playwright/test/package.json')), 'cli.js');
  expect(await runNode([playwright, 'test'], folder)).toContain('1 passed');
});

test('the recipe for curl prints a token with what was approved', SLOW, async (context) => {
  if (!(await has('curl'))) return context.skip('there is no curl here');
  const folder = await makeProject({ 'pay.sh': await readRecipe('curl') });
  const answer: unknown = JSON.parse(await type('npx assent exec --quick-answers -- bash pay.sh', folder));
  expect(answer).toMatchObject({ authorization_details: [{ amount: '250.00', to: 'Grace' }] });
});

test('the recipe for Python prints what was approved', SLOW, async (context) => {
  if (!(await has('python3'))) return context.skip('there is no python3 here');
  const folder = await makeProject({ 'pay.py': await readRecipe('python') });
  const printed = await type('npx assent exec --quick-answers -- python3 pay.py', folder);
  expect(printed).toContain("'amount': '250.00'");
});

test('the steps for GitHub Actions run a project’s tests beside a server', SLOW, async () => {
  const steps = [...(await readRecipe('github-actions')).matchAll(/- run: (.+)/g)].map(
    ([, line = '']) => line,
  );
  const [install, runTests = ''] = steps;
  expect(install).toBe('npm ci');
  const folder = await makeProject({
    'package.json': JSON.stringify({ scripts: { test: 'node tell.mjs' } }),
    'tell.mjs':
      'console.log(Object.keys(process.env).filter((name) => name.startsWith("AUTH0_")).sort().join());',
  });
  expect(await type(runTests, folder)).toContain(
    'AUTH0_AUDIENCE,AUTH0_CLIENT_ID,AUTH0_CLIENT_SECRET,AUTH0_DOMAIN',
  );
});
