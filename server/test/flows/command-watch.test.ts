// `assent watch`: the events of a running server on stdout, over its restarts, and an exit code that says how a request ended.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { traceEventSchema } from '../../src/contract/index.ts';
import { createControlClient } from '../../src/control-client.ts';
import { unlimitedBank } from '../agent.ts';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from '../command.ts';

let folder: string;
let home: string;
let server: RunningCommand;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-watch-'));
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  home = await mkdtemp(join(folder, 'home-'));
  await writeFile(join(home, 'assent.yaml'), stringify(unlimitedBank({ ciba: { interval: 0.1 } })));
  server = await startServer();
});

afterEach(() => server.stop());

async function startServer(...words: string[]): Promise<RunningCommand> {
  const started = startCommand(['--port', '0', '--http', ...words], { folder: home });
  await started.says('Ready.');
  return started;
}

const assent = (...words: string[]): Promise<CommandResult> => runCommand(words, { folder: home });
const watch = (...words: string[]): RunningCommand => startCommand(['watch', ...words], { folder: home });
const ask = (wish = 'Pay 42 EUR to Grace'): Promise<CommandResult> => assent('ask', wish, '--no-wait');

test('tells what happened and what happens, a line for each event', async () => {
  await ask();
  const watching = watch('--since', '0');
  await watching.says('ask     r1   Aiya → Ada Lovelace  "Pay 42 EUR to Grace"  Transfer 42.00 EUR to Grace');
  await assent('deny', 'r1', '--reason', 'not tonight');
  await watching.says('settle  r1');
  const { code, stdout, stderr } = await watching.stop('SIGINT');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^ {2}[\d:]{8} {2}\w+ +r1 {3}\S/);
  expect(stdout).toContain('decide  r1   ✕ denied by auth0|ada from the command line  "not tonight"');
});

test('without a number it begins with what happens next', async () => {
  await ask('First of all');
  const watching = watch('--format', 'ndjson');
  // It cannot be seen from outside when it listens, so something happens until it does.
  const asking = (async (): Promise<void> => {
    while (!watching.output().stdout.includes('\n')) await ask('Another one');
  })();
  await watching.says('"number"');
  await asking;
  const { stdout } = await watching.stop();
  expect(stdout).not.toContain('First of all');
});

test('as NDJSON, each line is an event of the trace and nothing else', async () => {
  await ask();
  const watching = watch('--format', 'ndjson', '--request', 'latest', '--until', 'decided');
  await watching.says('"request.received"');
  await assent('approve', 'r1');
  const { code, stdout } = await watching.ends();
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => traceEventSchema.parse(JSON.parse(line)));
  expect(code).toBe(0);
  expect(events.map(({ type }) => type)).toEqual([
    'request.received',
    'notification.waiting',
    'decision.made',
  ]);
});

describe('ends as a request does:', () => {
  test('0 once the token of an approved one was fetched', async () => {
    const watching = watch('--until', 'redeemed', '--since', '0');
    const asking = startCommand(['ask', 'Pay 42 EUR to Grace'], { folder: home });
    await asking.says('Waiting');
    await assent('approve', 'latest');
    const { code, stdout } = await watching.ends();
    expect(code).toBe(0);
    expect(stdout).toMatch(/token {3}r1 {3}issued, details match\n$/);
    await asking.ends();
  });

  test('4 for one that was denied, also long ago', async () => {
    await ask();
    const watching = watch('--request', 'r1', '--until', 'redeemed');
    await watching.says('ask     r1');
    await assent('deny', 'r1');
    expect((await watching.ends()).code).toBe(4);
    const late = await assent('watch', '--request', 'r1', '--until', 'decided');
    expect(late.code).toBe(4);
    expect(late.stdout).toContain('✕ denied');
  });

  test('5 for one that nobody answered', async () => {
    await assent('ask', 'Anything', '--expiry', '1', '--no-wait');
    expect((await assent('watch', '--request', 'r1', '--until', 'decided')).code).toBe(5);
  });
});

describe('goes on when the server is started again', { timeout: 60_000 }, () => {
  test('elsewhere, with everything that happened since', async () => {
    const watching = watch('--since', '0');
    await ask('Before it');
    await watching.says('"Before it"');
    await server.stop();
    await watching.says('is gone. Waiting for it to come back');
    server = await startServer();
    await ask('After it');
    await watching.says('"After it"');
    const { code, stdout, stderr } = await watching.stop();
    expect(code).toBe(0);
    expect(stdout.match(/ask {5}/g)).toHaveLength(2);
    expect(stderr).toContain('A server is back: http://localhost:');
  });

  test('with its data, and tells how the request ended, and nothing twice', async () => {
    await server.stop();
    server = await startServer('--data', 'assent.db');
    await ask();
    const watching = watch('--request', 'r1', '--until', 'decided');
    await watching.says('ask     r1');
    await server.stop();
    await watching.says('is gone');
    server = await startServer('--data', 'assent.db');
    await assent('approve', 'r1');
    const { code, stdout } = await watching.ends();
    expect([code, stdout.match(/ask {5}r1/g), stdout.match(/✓ approved/g)]).toEqual([
      0,
      ['ask     r1'],
      ['✓ approved'],
    ]);
  });

  test('without what it knew, and says that the request is gone', async () => {
    await ask();
    const watching = watch('--request', 'r1', '--until', 'decided');
    await watching.says('ask     r1');
    await server.stop();
    await watching.says('is gone');
    server = await startServer();
    const { code, stderr } = await watching.ends();
    expect(code).toBe(1);
    expect(stderr).toContain('r1 is gone: the server has begun anew without it.');
  });
});

test('a request that a reset has taken away is not waited for', async () => {
  await ask();
  const watching = watch('--request', 'r1', '--until', 'decided');
  await watching.says('ask     r1');
  const { url } = JSON.parse(await readFile(join(home, '.assent/server.json'), 'utf8'));
  await createControlClient({ url }).reset();
  expect(await watching.ends()).toMatchObject({ code: 1, stderr: expect.stringContaining('r1 is gone') });
});

test('without a server, or for a request that is not there, it says so at once', async () => {
  expect(await assent('watch', '--request', 'r99')).toMatchObject({ code: 1, stdout: '' });
  await server.stop();
  expect(await assent('watch')).toMatchObject({ code: 3, stdout: '' });
});
