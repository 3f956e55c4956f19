// The README's commands and outputs, run and compared. `npm start` and `npm run lab` are run by scripts/start-and-lab.mjs.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createControlClient } from '../src/control-client.ts';
import { type RunningCommand, startCommand } from './command.ts';

const SERVER = join(import.meta.dirname, '..');
const readme = await readFile(join(SERVER, '../README.md'), 'utf8');

/** Fenced blocks of the README by the comment that stands before them. */
const blocks = new Map(
  [...readme.matchAll(/<!-- (.+?) -->\n\n```\w+\n(.*?)```/gs)].map(([, mark = '', text = '']) => [
    mark,
    text,
  ]),
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
  if (text === undefined) throw new Error(`the README has no block marked "${mark}"`);
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

describe('the README', () => {
  test('marks each block with what becomes of it', () => {
    const fenced = [...readme.matchAll(/^```\w+$/gm)].length;
    // The one without a mark is `npm start`.
    expect(fenced).toBe(blocks.size + 1);
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
