// The real command with a data file, killed in the middle of its work and started again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { type RunningCommand, runCommand, startCommand } from '../command.ts';
import { PairedBrowser } from '../paired-browser.ts';
import { ADA } from '../world.ts';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = await mkdtemp(join(tmpdir(), 'assent-crash-'));
let home: string;
let server: RunningCommand | undefined;
let port: string;

beforeEach(async () => {
  home = await mkdtemp(join(folder, 'home-'));
  port = '0';
  await writeFile(join(home, 'assent.json'), JSON.stringify(unlimitedBank()));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

afterAll(() => rm(folder, { recursive: true }));

/** On the port of the last time. */
async function start(): Promise<{ url: string; issuer: string; clock: { now(): number } }> {
  const words = ['--http', '--port', port, '--data', 'kept/assent.db', '--format', 'ndjson'];
  server = startCommand(words, { folder: home });
  await server.says('"type":"ready"');
  const { url, issuer } = JSON.parse(server.output().stdout.split('\n')[0] ?? '');
  port = new URL(url).port;
  return { url, issuer, clock: { now: Date.now } };
}

const kill = () => server?.stop('SIGKILL');
const assent = (...words: string[]) => runCommand(words, { folder: home });

test('a request outlives the server that took it: the same device, the same id, one answer', async () => {
  const first = await start();
  const ada = await PairedBrowser.pair(first, ADA);
  const agent = new Agent(first);
  const authReqId = await agent.askFor();
  await kill();
  await start();
  await using inbox = await ada.events();
  const { data: approval } = await inbox.nextOf('approval');
  expect(approval).toMatchObject({ name: 'r1', state: 'pending' });
  expect((await ada.answer(approval, true)).status).toBe(200);
  await kill();
  await start();
  expect((await agent.poll(authReqId)).status).toBe(200);
  expect((await agent.poll(authReqId)).json().error).toBe('invalid_grant');
});

test('of all requests that were being opened, each that was acknowledged is there afterwards', async () => {
  const agent = new Agent(await start());
  const acknowledged: string[] = [];
  let killed: Promise<unknown> | undefined;
  const askOn = async (): Promise<void> => {
    while (killed === undefined) {
      const answer = await agent.ask().catch(() => undefined);
      if (answer?.status === 200) acknowledged.push(answer.json().auth_req_id);
      if (acknowledged.length >= 12) killed ??= kill();
    }
  };
  await Promise.all([askOn(), askOn(), askOn(), askOn()]);
  await killed;
  await start();
  const polls = await Promise.all(acknowledged.map((authReqId) => agent.poll(authReqId)));
  expect(polls.map((poll) => poll.json().error)).toEqual(acknowledged.map(() => 'authorization_pending'));
});

test('the file of a running server is refused to another one, and so is a file that is none', async () => {
  await start();
  const other = (...words: string[]) => assent('--http', '--port', '0', '--data-folder', 'other', ...words);
  expect(await other('--data', 'kept/assent.db')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `
  Another process has the data file ${home}/kept/assent.db open.
  Stop the server that runs with it, or start this one with a file of its own:   assent --data other.db

`,
  });
  expect(await other('--data', 'assent.json')).toMatchObject({
    code: 1,
    stderr: `
  ${home}/assent.json is not a data file of Assent; it was left as it is.
  Name a file that does not exist yet, or one that Assent made:   assent --data assent.db

`,
  });
});
