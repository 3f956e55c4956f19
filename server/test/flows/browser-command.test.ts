// `assent browser` up to the browser: what it looks for, what it writes, how it ends. Small programs stand in for browsers
// here; stock ones are opened by the tests of real push.
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandResult, type RunningCommand, runCommand, startCommand } from '../command.ts';

let folder: string;
let server: RunningCommand;
/** Programs that stand in for browsers. */
let programs: { stays: string; fails: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-browser-'));
  await mkdir(join(folder, 'tmp'));
  programs = {
    stays: await writeProgram('stays', 'exec sleep 600'),
    fails: await writeProgram('fails', 'echo "Cannot open display: :99" >&2; exit 1'),
  };
  server = startCommand(['--port', '0'], { folder });
  await server.says('Ready.');
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function writeProgram(name: string, script: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const env = (): Record<string, string> => ({ TMPDIR: join(folder, 'tmp') });
const browse = (...words: string[]): Promise<CommandResult> =>
  runCommand(['browser', ...words], { folder, env: env() });

describe('says what is missing and what to type, with nothing left behind:', () => {
  afterAll(async () => expect(await readdir(join(folder, 'tmp'))).toEqual([]));

  test('no such browser: the names and the folders that were looked in', async () => {
    const result = await runCommand(['browser', 'firefox', '--headless'], {
      folder,
      env: { ...env(), PATH: '/nowhere' },
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /No Firefox was found[\s\S]+firefox, firefox-esr in PATH: \/nowhere[\s\S]+--path/,
    );
  });

  test('a path that is no program', async () => {
    const { code, stderr } = await browse('chromium', '--path', './nothing', '--headless');
    expect(code).toBe(1);
    expect(stderr).toContain(`${join(folder, 'nothing')} is no program that can be run, expected Chromium.`);
  });

  test('another browser', async () => {
    const { code, stderr } = await browse('safari');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are chromium, firefox');
  });

  test('no display', async () => {
    const { code, stderr } = await browse('chromium', '--path', programs.stays);
    expect(code).toBe(1);
    expect(stderr).toMatch(/neither DISPLAY nor WAYLAND_DISPLAY[\s\S]+assent browser chromium --headless/);
  });

  test('no server', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'assent-empty-'));
    const { code, stderr } = await runCommand(['browser', 'firefox'], { folder: empty });
    await rm(empty, { recursive: true });
    expect(code).toBe(3);
    expect(stderr).toContain('No server runs here.');
  });

  test('nobody of that name', async () => {
    const { code, stderr } = await browse('firefox', '--user', 'mallory', '--headless');
    expect(code).toBe(2);
    expect(stderr).toContain('Nobody here is "mallory".');
  });

  test('a browser that ends at once: what it said', async () => {
    const { code, stderr } = await browse('firefox', '--path', programs.fails, '--headless');
    expect(code).toBe(1);
    expect(stderr).toMatch(/ended at once\.\s+Cannot open display: :99/);
  });
});

describe('where there is no certutil', () => {
  const url = async (): Promise<string> =>
    JSON.parse(await readFile(join(folder, '.assent/server.json'), 'utf8')).url;

  test('Firefox trusts the one certificate, and Assent is its push service', async () => {
    const profile = join(folder, 'firefox-profile');
    await runCommand(['browser', 'firefox', '--path', programs.fails, '--headless', '--profile', profile], {
      folder,
      env: { ...env(), PATH: '/nowhere' },
    });
    const { host } = new URL(await url());
    expect(await readFile(join(profile, 'cert_override.txt'), 'utf8')).toMatch(
      new RegExp(
        `^${host}:\\tOID\\.2\\.16\\.840\\.1\\.101\\.3\\.4\\.2\\.1\\t([0-9A-F]{2}:){31}[0-9A-F]{2}\\t\\n$`,
      ),
    );
    expect(await readFile(join(profile, 'user.js'), 'utf8')).toContain(
      `user_pref("dom.push.serverURL", "wss://${host}/push/autopush");`,
    );
  });

  test('Chromium trusts the one key, and no other certificate that is wrong', async () => {
    const words = join(folder, 'chromium-words');
    const program = await writeProgram('tells', `printf '%s\\n' "$@" > ${words}; exit 1`);
    await runCommand(['browser', 'chromium', '--path', program, '--headless'], {
      folder,
      env: { ...env(), PATH: '/nowhere' },
    });
    const leaf = new X509Certificate(await readFile(join(folder, '.assent/cert.pem')));
    const spki = leaf.publicKey.export({ type: 'spki', format: 'der' });
    const typed = (await readFile(words, 'utf8')).split('\n').filter((word) => word.includes('certificate'));
    expect(typed).toEqual([
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(spki).digest('base64')}`,
    ]);
  });
});

describe('a profile folder', () => {
  test('that is not ours is left alone', async () => {
    const own = join(folder, 'own-profile');
    await mkdir(own);
    await writeFile(join(own, 'prefs.js'), 'mine');
    const { code, stderr } = await browse(
      'firefox',
      '--path',
      programs.stays,
      '--headless',
      '--profile',
      own,
    );
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty and was not made by this command');
    expect(await readdir(own)).toEqual(['prefs.js']);
  });

  test('of the other browser is refused, and so is one that is open', async () => {
    const kept = join(folder, 'kept-profile');
    await browse('chromium', '--path', programs.fails, '--headless', '--profile', kept);
    const other = await browse('firefox', '--path', programs.fails, '--headless', '--profile', kept);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('is a profile of Chromium')]);

    await symlink(`this-computer-${process.pid}`, join(kept, 'SingletonLock'));
    const busy = await browse('chromium', '--path', programs.fails, '--headless', '--profile', kept);
    expect([busy.code, busy.stderr]).toEqual([
      1,
      expect.stringContaining(`open already, pid ${process.pid}`),
    ]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'of its own is temporary: after %s neither it nor the browser is there any more',
    async (signal) => {
      const words = join(folder, `words-${signal}`);
      // Whoever opens a pipe to read waits until somebody writes.
      await promisify(execFile)('mkfifo', [words]);
      const program = await writeProgram(
        `browser-${signal}`,
        `printf '%s\\n' "$@" > ${words}; exec sleep 600`,
      );
      const command = startCommand(
        ['browser', 'chromium', '--path', program, '--headless', '--format', 'ndjson', '--', '--own-switch'],
        { folder, env: env() },
      );
      await command.says('"type":"opened"');
      const typed = (await readFile(words, 'utf8')).split('\n');
      const opened = JSON.parse(command.output().stdout.split('\n')[0] ?? '');
      expect(opened).toMatchObject({ browser: 'chromium', program, push: 'web-push' });
      expect(await readdir(join(folder, 'tmp'))).toEqual([opened.profile.split('/').at(-1)]);

      const { code, stdout, stderr } = await command.stop(signal);
      expect(code).toBe(0);
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
      expect(() => process.kill(opened.pid, 0)).toThrow('ESRCH');
      // The ticket pairs whoever has it, so it is told to the browser alone.
      expect(stdout + stderr).not.toContain('gten_');
      expect(typed).toEqual(
        expect.arrayContaining([
          `--user-data-dir=${opened.profile}`,
          '--own-switch',
          expect.stringMatching(/^--gcm-mcs-endpoint=https:\/\/localhost:\d+$/),
          expect.stringMatching(/\/approve\/#ticket=gten_\w{32}$/),
        ]),
      );
    },
  );
});
