// Starts that meet something in their way: another server, a folder that cannot be, and readers that go away.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningCommand, runCommand, startCommand, startShell } from '../command.ts';

let folder: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-start-'));
});

beforeEach(async () => {
  home = await mkdtemp(join(folder, 'home-'));
});

afterAll(() => rm(folder, { recursive: true }));

const start = (...words: string[]): RunningCommand =>
  startCommand(['--port', '0', '--http', ...words], { folder: home });

const runFile = (): Promise<string> => readFile(join(home, '.assent/server.json'), 'utf8');

describe('a second server with the data folder of the first', () => {
  test('is refused, and the first one stays the one that is found', async () => {
    const first = start();
    await first.says('Ready.');
    const found = await runFile();
    const second = await start().ends();
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`A server runs with ${join(home, '.assent')} already: http://localhost:`);
    expect(second.stderr).toContain(`kill ${first.pid}\n`);
    expect(second.stderr).toContain('assent --data-folder .assent-2 --port 0');
    expect(await runFile()).toBe(found);
    expect(await first.stop()).toMatchObject({ code: 0 });
    await expect(runFile()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is refused too when both start at the same moment', async () => {
    const both = [start(), start()];
    const refused = await Promise.race(both.map((one) => one.ends()));
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
    const [alive] = both.filter((one) => one.output().code === null);
    await alive?.says('Ready.');
    expect(JSON.parse(await runFile())).toMatchObject({ pid: alive?.pid });
    await alive?.stop();
  });

  test('takes the place of one that was killed, also when its process id lives on', async () => {
    const killed = start();
    await killed.says('Ready.');
    await killed.stop('SIGKILL');
    const left = { ...JSON.parse(await runFile()), pid: process.pid };
    await writeFile(join(home, '.assent/server.json'), JSON.stringify(left));
    const next = start();
    await next.says('Ready.');
    expect(JSON.parse(await runFile())).toMatchObject({ pid: next.pid });
    await next.stop();
  });
});

describe('a server whose output nobody reads any more', () => {
  test.each(['text', 'ndjson'])('goes on with the format %s, and stops cleanly', async (format) => {
    const server = start('--format', format);
    await server.says(/Ready\.|"type":"ready"/);
    server.stopReading();
    // Each of these makes the server write.
    for (const _ of [1, 2]) {
      const asked = await runCommand(['ask', 'Pay 1 EUR to Ada', '--no-wait'], { folder: home });
      expect(asked).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await runCommand(['approve', 'latest'], { folder: home })).toMatchObject({ code: 0 });
    expect(await server.stop()).toMatchObject({ code: 0 });
    await expect(runFile()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('says so where it still can', async () => {
    const server = start('--format', 'ndjson');
    await server.says('"type":"ready"');
    server.stopReading('stdout');
    await runCommand(['ask', 'Pay 1 EUR to Ada', '--no-wait'], { folder: home });
    await server.says('Nobody reads stdout any more (EPIPE). The server goes on.');
    await server.stop();
  });
});

describe('other commands', () => {
  test('end quietly when their reader has enough', async () => {
    const { code, stderr } = await startShell('assent --help | true', { folder: home }).ends();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.runIf(process.platform === 'linux')('say that the result cannot be written', async () => {
    const server = start();
    await server.says('Ready.');
    const full = await startShell('assent requests --format json >/dev/full', { folder: home }).ends();
    const text = await startShell('assent env >/dev/full', { folder: home }).ends();
    await server.stop();
    expect(full.code).toBe(1);
    expect(JSON.parse(full.stderr)).toMatchObject({ error: { code: 'output_unwritable' } });
    expect(text).toMatchObject({
      code: 1,
      stderr: '\n  The result cannot be written: ENOSPC: no space left on device, write\n\n',
    });
  });
});

describe('a signal', () => {
  test('that comes twice at once, from the terminal and from npm, stops the server as one does', async () => {
    const server = start();
    await server.says('Ready.');
    process.kill(server.pid, 'SIGINT');
    expect(await server.stop('SIGINT')).toMatchObject({ code: 0 });
    await expect(runFile()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(['npx', 'start'])('that ends only the shell of npm (%s) stops the server too', async (event) => {
    const npm = startShell('assent --port 0 --http; exit $?', {
      folder: home,
      env: { npm_lifecycle_event: event },
    });
    await npm.says('Ready.');
    await npm.stop('SIGTERM');
    await expect(runFile()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that ends a shell which started the server on purpose does not stop it', async () => {
    const shell = startShell('assent --port 0 --http --format ndjson & wait', { folder: home });
    await shell.says('"type":"ready"');
    const { pid } = JSON.parse(await runFile());
    const gone = shell.stop('SIGTERM');
    const asked = await runCommand(['ask', 'Pay 1 EUR to Ada', '--no-wait'], { folder: home });
    expect(asked).toMatchObject({ code: 0 });
    process.kill(pid, 'SIGTERM');
    await gone;
  });
});

test.runIf(process.platform === 'linux')('a data folder that cannot be made ends the start', async () => {
  const { code, stderr } = await start('--data-folder', '/proc/assent').ends();
  expect(code).toBe(2);
  expect(stderr).toContain('The data folder cannot be made: ENOENT');
});

test('a data file that is made is called new, which one that goes on is not', async () => {
  const words = ['--data', 'kept/assent.db'];
  for (const named of [/Data +kept\/assent\.db, new, kept on exit/, /Data +kept\/assent\.db, kept on exit/]) {
    const server = start(...words);
    await server.says('Ready.');
    expect((await server.stop()).stderr).toMatch(named);
  }
});

describe('a name that is empty', () => {
  test.each(['--data', '--data-folder'])(
    'as %s is refused, since the folder itself would be meant',
    async (option) => {
      const { code, stderr } = await start(option, '').ends();
      expect(code).toBe(2);
      expect(stderr).toContain(`${option} <`);
      expect(stderr).toContain("argument '' is invalid. Expected a name, or leave the option out.");
    },
  );

  test('in a variable says nothing', async () => {
    const env = { ASSENT_DATA: '', ASSENT_STORE: '', ASSENT_DATA_FOLDER: '', ASSENT_PORT: '' };
    const server = startCommand(['--port', '0', '--http'], { folder: home, env });
    await server.says('Ready.');
    expect(server.output().stderr).toMatch(/Data +memory.* stay in \.assent\n/);
    await server.stop();
  });
});
