// The commands and outputs of the README and of the pages that it leads to first, run and compared; and where all pages lead to.
// `npm start` and `npm run lab` are run by scripts/start-and-lab.mjs.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createControlClient } from '../src/control-client.ts';
import { type RunningCommand, startCommand } from './command.ts';

const SERVER = join(import.meta.dirname, '..');
const ROOT = join(SERVER, '..');
const PAGES = ['README.md', 'docs/terminal.md', 'docs/setting-up.md', 'docs/standards.md'];

async function readPage(page: string): Promise<string> {
  return readFile(join(ROOT, page), 'utf8');
}

/** Fenced blocks by the comment that stands before them. */
function blocksOf(page: string): Array<[mark: string, text: string]> {
  return [...page.matchAll(/<!-- (.+?) -->\n\n```\w+\n(.*?)```/gs)].map(([, mark = '', text = '']) => [
    mark,
    text,
  ]);
}

const blocks = new Map(
  (await Promise.all([...PAGES, 'docs/testing.md'].map(readPage))).flatMap((page) => blocksOf(page)),
);

let folder: string;
let server: RunningCommand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-readme-'));
  server = startCommand(['--port', '0'], { folder, env: { npm_config_user_agent: 'npm' } });
  await server.says('Ready.');
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function block(mark: string): string {
  const text = blocks.get(mark);
  if (text === undefined) throw new Error(`no page has a block marked "${mark}"`);
  return text;
}

/** Runs a block in a shell where `npx assent` is the command of this source tree. */
function runBlock(mark: string) {
  const script = `set -eu\nnpx() { shift; ${process.execPath} ${join(SERVER, 'src/cli/main.ts')} "$@"; }\n${block(mark)}`;
  return promisify(execFile)('/bin/bash', ['-c', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], npm_config_user_agent: 'npm' },
  });
}

/** Every line of the README's output, in its order, is in the real one; `…` stands for lines left out. */
function expectOutput(real: string, mark: string): void {
  const port = /localhost:(\d+)/.exec(server.output().stderr)?.[1] ?? '';
  const lines = real
    .replaceAll(`localhost:${port}`, 'localhost:4443')
    .replaceAll(folder, '/home/you/assent')
    .split('\n');
  let from = 0;
  for (const line of block(mark).trimEnd().split('\n')) {
    if (line.trim() === '…') continue;
    const found = lines.indexOf(line, from);
    expect(found, `${JSON.stringify(line)} in\n${lines.slice(from).join('\n')}`).toBeGreaterThanOrEqual(from);
    from = found + 1;
  }
}

/** A file of the repository, and within a page a heading. */
async function isThere(page: string, target: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  try {
    await access(join(ROOT, file));
  } catch {
    return false;
  }
  if (anchor === undefined || !file.endsWith('.md')) return true;
  const headings = [...(await readPage(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.some((heading) => toAnchor(heading) === anchor);
}

/** As GitHub makes it of a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

describe('the README', () => {
  test.each(PAGES)('marks each block with what becomes of it: %s', async (page) => {
    const text = await readPage(page);
    const fenced = [...text.matchAll(/^```\w+$/gm)].length;
    // The one without a mark is `npm start`.
    expect(fenced).toBe(blocksOf(text).length + (page === 'README.md' ? 1 : 0));
  });

  test('leads, as every page does, to what is there', async () => {
    const found = await readdir(join(ROOT, 'docs'), { recursive: true });
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...found.map((name) => join('docs', name))];
    const broken: string[] = [];
    for (const page of pages.filter((name) => name.endsWith('.md'))) {
      for (const [, target = ''] of (await readPage(page)).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)) {
        if (!(await isThere(page, target))) broken.push(`${page}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('shows what the start prints', () => {
    expectOutput(server.output().stderr, 'output of: npm start');
  });

  test('shows a question, its answer, and what comes of it', async () => {
    const question = runBlock('run: question');
    const { url, ca_file: caFile } = JSON.parse(await readFile(join(folder, '.assent/server.json'), 'utf8'));
    const control = createControlClient({ url, ca: await readFile(caFile, 'utf8') });
    expect(await control.nextApproval()).toMatchObject({ name: 'r1' });
    expect((await runBlock('run: answer')).stdout).toContain('r1 approved');
    const { stdout, stderr } = await question;
    expectOutput(`${stderr}${stdout}`, 'output of: question');
  });

  test('has commands for files and scripts that work', async () => {
    await runBlock('run: environment');
    expect(await readFile(join(folder, '.env'), 'utf8')).toContain('AUTH0_CLIENT_ID=aiya\n');
    expect((await runBlock('run: script')).stdout).toContain('not tonight');
    expect((await runBlock('run: certificate')).stdout).toContain('tls_client_auth_subject_dn: "CN=trader"');
    const faults = await runBlock('run: faults');
    expect(faults.stdout).toContain('f2  token happens and is cut off before the answer');
    expect(faults.stderr).toContain('Nothing fails on purpose any more.');
    const steps = await runBlock('run: steps');
    expect(steps.stderr).toContain('Held: decision_received, until let go or its caller would give up.');
    expect(steps.stderr).toMatch(/Nothing is held on purpose\..*\n$/);
    expect((await runBlock('run: export')).stderr).toContain('bank now has 3 clients');
  });

  test('has rules that answer', async () => {
    expect((await runBlock('run: rules')).stdout).toMatch(
      /details match\n.*deny.* not yet\n.*approve up to 50 EUR +fired once\n/,
    );
  });

  test('has a watch that ends as the request did', async () => {
    expect((await runBlock('run: watch')).stdout).toContain('✓ approved');
    expect((await runBlock('run: trace')).stdout).toMatch(/^sequenceDiagram\n/);
  });

  test('has a line for CI that works', async () => {
    const script = 'node --print process.env.AUTH0_CLIENT_ID';
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { test: script } }));
    expect((await runBlock('run: exec')).stdout).toMatch(/\naiya\n$/);
  });

  test('has commands that find nothing wrong', async () => {
    const { stdout } = await runBlock('run: doctor');
    expect(stdout).toContain('is ready');
    expect(stdout).not.toContain('✕');
  });

  // After the others, which go by the computer's time.
  test('has a clock that is put forward', async () => {
    expect((await runBlock('run: clock')).stdout).toMatch(/put forward by 3 d\n.*put forward by 3 d\n$/);
  });

  test('has a test that works', async () => {
    await mkdir(join(folder, 'node_modules'));
    await symlink(SERVER, join(folder, 'node_modules/assent'));
    const file = join(folder, 'example.mjs');
    await writeFile(file, block('run: test'));
    const child = spawn(process.execPath, [file], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const [code] = await once(child, 'close');
    expect({ code, printed }).toEqual({ code: 0, printed: 'Transfer 250.00 EUR to Grace\n250.00\n' });
  });
});
