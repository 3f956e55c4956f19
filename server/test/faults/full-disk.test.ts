// The disk takes no more: what cannot be kept is refused and not acknowledged, and goes on when there is room. A limit on the size
// of files stands in for the disk; SQLite meets either the same way.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Agent, unlimitedBank } from '../agent.ts';
import { Browser } from '../browser.ts';
import { runCommand } from '../command.ts';
import { EventReader } from '../event-reader.ts';
import { call } from '../http-call.ts';
import { addressOfLogin, CALLBACK } from '../web-application.ts';
import { ServerUnderFault } from './server-under-fault.ts';

const run = promisify(execFile);

/** Numbers of events are reserved by the thousand. */
const MORE_THAN_RESERVED = 2_500;

/** No file of that process may grow beyond so many bytes from now on. */
async function limitFiles(pid: number, bytes: number | 'unlimited'): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

test('while nothing can be written, requests and decisions are refused with 503 and do not count; afterwards they do', async () => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  const before = await agent.askFor();

  await limitFiles(server.command.pid, 1);
  const refused = await agent.ask({ binding_message: 'LOST' });
  expect([refused.status, refused.headers['retry-after'], refused.json()]).toEqual([
    503,
    '1',
    {
      error: 'temporarily_unavailable',
      error_description: expect.stringMatching(
        /cannot be used right now: the disk (is full|fails)\. Ask again in a moment\./,
      ),
    },
  ]);
  const decision = () =>
    call(`${server.url}/control/requests/${before}/decision`, {
      method: 'POST',
      body: { decision: 'approve' },
    });
  expect((await decision()).json()).toMatchObject({ code: 'store_unavailable', status: 503 });
  expect((await agent.poll(before)).json().error).toBe('authorization_pending');

  await limitFiles(server.command.pid, 'unlimited');
  expect((await decision()).json().result).toBe('decided');
  const after = await agent.askFor({ binding_message: 'KEPT' });
  expect((await agent.poll(before)).status).toBe(200);
  // Once for each, however many were refused.
  const { stderr } = server.command.output();
  const lines = stderr.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).warning)).toEqual([
    {
      at: expect.stringMatching(/^20.*Z$/),
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^The data file \S+ cannot be used: the disk (is full|fails)\. /),
    },
    {
      at: expect.stringMatching(/^20.*Z$/),
      code: 'STORE_AVAILABLE',
      message: expect.stringMatching(/^The data file \S+ can be used again\.$/),
    },
  ]);

  await server.command.stop('SIGKILL');
  await server.again();
  const { requests } = (await call(`${server.url}/control/requests`)).json();
  expect(
    requests.map(({ binding_message, state }: Record<string, string>) => [binding_message, state]),
  ).toEqual([
    ['KEPT', 'pending'],
    ['RENT-4K9', 'redeemed'],
  ]);
  expect((await agent.poll(after)).json().error).toBe('authorization_pending');
});

test('a request whose end comes while nothing can be written is over for whoever asks, and its end is told once when there is room', async () => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  const authReqId = await agent.askFor({ requested_expiry: '1' });
  const later = await agent.askFor({ requested_expiry: '3' });
  const ask = async (path: string) => (await call(`${server.url}/control/requests/${path}`)).json();
  await limitFiles(server.command.pid, 1);
  // By the end of the second one the end of the first has been tried again.
  for (const id of [authReqId, later]) await expect.poll(async () => (await ask(id)).state).toBe('expired');
  await limitFiles(server.command.pid, 'unlimited');
  const ends = async (id: string): Promise<number> => {
    const { events } = await ask(`${id}/trace`);
    return events.filter(({ type }: { type: string }) => type === 'request.expired').length;
  };
  for (const id of [later, authReqId]) await expect.poll(() => ends(id)).toBe(1);
});

test('a new beginning that finds no room leaves everything as it was, and the server goes on when there is room', async () => {
  await using server = await ServerUnderFault.start({ words: ['--data', 'assent.db'] });
  const agent = new Agent(server);
  const waiting = await agent.askFor();
  await limitFiles(server.command.pid, 1);
  const reset = await call(`${server.url}/control/reset`, { method: 'POST', body: {} });
  expect([reset.status, reset.json().code]).toEqual([503, 'store_unavailable']);
  await limitFiles(server.command.pid, 'unlimited');
  await expect.poll(async () => (await agent.poll(waiting)).json().error).toBe('authorization_pending');
});

test('a login that cannot be kept is answered 503, to programs as OAuth says and to people as a page, and prints nothing else', async () => {
  await using server = await ServerUnderFault.start({ words: ['--data', 'assent.db'] });
  const address = addressOfLogin(server.url);
  const known = new Browser();
  const back = await (await known.open(address)).press('Ada Lovelace');
  expect(back.url.href).toContain(`${CALLBACK}?code=`);
  const cookies = new Map(known.cookies);

  await limitFiles(server.command.pid, 1);
  const cookie = [...cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ');
  for (const headers of [{}, { Cookie: cookie }]) {
    const told = await call(address.href, { headers });
    expect([told.status, told.headers['retry-after'], told.headers.location, told.json()]).toEqual([
      503,
      '1',
      undefined,
      {
        error: 'temporarily_unavailable',
        error_description: expect.stringMatching(
          /^What this server keeps cannot be used right now: the disk /,
        ),
      },
    ]);
  }
  for (const browser of [new Browser(), known]) {
    const page = await browser.open(address);
    expect([page.status, page.headers['retry-after'], page.headers['content-type'], page.heading]).toEqual([
      503,
      '1',
      'text/html; charset=utf-8',
      'Not right now',
    ]);
    expect(page.text).toMatch(
      /What this server keeps cannot be used right now: the disk (is full|fails)\. Wait a moment, and load this page again\./,
    );
    expect(page.headers['set-cookie']).toBeUndefined();
  }
  expect(known.cookies).toEqual(cookies);
  expect(server.warned()).toEqual(['STORE_UNAVAILABLE']);

  await limitFiles(server.command.pid, 'unlimited');
  expect((await known.open(address)).url.href).toContain(`${CALLBACK}?code=`);
  await expect.poll(() => server.warned()).toEqual(['STORE_UNAVAILABLE', 'STORE_AVAILABLE']);
});

test('a full disk is told once, and its end once, however often somebody begins anew meanwhile', async () => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  for (let rounds = 1; rounds <= 2; rounds += 1) {
    await limitFiles(server.command.pid, 1);
    for (let resets = 0; resets < 3; resets += 1) {
      const reset = await call(`${server.url}/control/reset`, { method: 'POST', body: {} });
      expect(reset.json().code).toBe('store_unavailable');
      expect((await agent.ask()).status).toBe(503);
    }
    await limitFiles(server.command.pid, 'unlimited');
    await agent.askFor();
    const told = Array.from({ length: rounds }, () => ['STORE_UNAVAILABLE', 'STORE_AVAILABLE']).flat();
    await expect.poll(() => server.warned()).toEqual(told);
  }
});

test('however long nothing can be written, no event has the number of another: a reader misses none, and after a kill comes back above all', {
  timeout: 60_000,
}, async () => {
  await using server = await ServerUnderFault.start({
    config: unlimitedBank({ ciba: { interval: 0.001 } }),
    words: ['--data', 'assent.db'],
  });
  const agent = new Agent(server);
  const authReqId = await agent.askFor();
  const numbers: number[] = [];
  /** As an EventSource does: comes back where it was, also when it was let go because it is behind. */
  const readPolls = async (most: number): Promise<void> => {
    for (let polls = 0; polls < most; ) {
      const resumed = { 'Last-Event-ID': String(numbers.at(-1) ?? 0) };
      await using stream = await EventReader.open(`${server.url}/control/events`, resumed);
      while (polls < most) {
        const event = await stream.next().catch(() => undefined);
        if (event === undefined) break;
        if (event.event === 'poll.answered') polls += 1;
        numbers.push(Number(event.id));
      }
    }
  };
  const poll = async (): Promise<void> => {
    for (let polls = 0; polls < MORE_THAN_RESERVED; polls += 100) {
      await Promise.all(Array.from({ length: 100 }, () => agent.poll(authReqId)));
    }
  };
  await limitFiles(server.command.pid, 1);
  const readAll = readPolls(MORE_THAN_RESERVED);
  await poll();
  await limitFiles(server.command.pid, 'unlimited');
  await readAll;
  expect(numbers).toEqual(numbers.map((_, at) => at + 1));

  await limitFiles(server.command.pid, 1);
  const readUntilKilled = readPolls(MORE_THAN_RESERVED).catch(() => 'killed');
  await poll();
  await server.command.stop('SIGKILL');
  expect(await readUntilKilled).toBe('killed');
  await server.again();
  const readAfterwards = readPolls(1);
  await agent.poll(authReqId);
  await readAfterwards;
  const inOrder = [...new Set(numbers)].toSorted((one, other) => one - other);
  expect(numbers).toEqual(inOrder);
});

// Nobody may write there, whoever it is.
test.each([
  [['--data', '/proc/assent/assent.db'], 'The data file /proc/assent/assent.db cannot be opened'],
  [['--data-folder', '/proc/assent'], '/proc/assent'],
])('a folder that may only be read (%j) is refused at the start, in words', async (words, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-fault-'));
  const { code, stdout, stderr } = await runCommand(['start', '--http', '--port', '0', ...words], { folder });
  await rm(folder, { recursive: true });
  expect([code === 1 || code === 2, stdout]).toEqual([true, '']);
  expect(stderr).toContain(told);
  expect(stderr).not.toMatch(/^\s+at /m);
});
