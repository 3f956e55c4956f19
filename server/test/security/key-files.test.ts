// What the server leaves on the disk, as the other users of a computer find it: with the loosest umask there is, and after
// somebody has opened the files. File modes mean nothing on Windows, where a profile is its user's alone.
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startShell } from '../command.ts';

/** What everybody may read. Whatever else lies there is its owner's, as long as nobody has thought about it. */
const PUBLIC = ['.gitignore', 'ca.pem', 'cert.pem', 'rsa-cert.pem'];

/** Runs a server until it is ready, and gives the modes of what then lies in its folders. */
async function startAndLook(parent: string, more: string): Promise<Record<string, string>> {
  const words = `${more} --port 0 --mtls-port 0 --format ndjson`;
  const server = startShell(`umask 000; assent start ${words}`, { folder: parent });
  await server.says('"type":"ready"');
  const modes = { ...(await modesOf(join(parent, '.assent'))), ...(await modesOf(parent)) };
  // Not the shell around it, which would leave it behind.
  const run = JSON.parse(await readFile(join(parent, '.assent/server.json'), 'utf8'));
  process.kill(run.pid);
  await server.ends();
  return modes;
}

async function modesOf(folder: string): Promise<Record<string, string>> {
  const found = (await readdir(folder)).map(async (name) => {
    const { mode } = await stat(join(folder, name));
    return [name, (mode & 0o777).toString(8)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

test.skipIf(process.platform === 'win32')(
  'keys, tokens and data are their owner’s alone, whatever the umask, and are taken back when others could read them',
  async () => {
    const parent = await mkdtemp(join(tmpdir(), 'assent-modes-'));
    onTestFinished(() => rm(parent, { recursive: true }));
    const first = await startAndLook(parent, '--data assent.db');
    expect(Object.keys(first)).toEqual(
      expect.arrayContaining(['ca-key.pem', 'key.pem', 'server.json', 'assent.db']),
    );
    const judge = (modes: Record<string, string>): string[] =>
      Object.entries(modes).flatMap(([name, mode]) => {
        // Of a folder it is enough that nobody else can put anything into it.
        const isOpen = name === '.assent' ? (Number.parseInt(mode, 8) & 0o022) !== 0 : mode !== '600';
        return isOpen && !PUBLIC.includes(name) ? [`${name} ${mode}`] : [];
      });
    expect(judge(first)).toEqual([]);

    const folder = join(parent, '.assent');
    const key = await readFile(join(folder, 'ca-key.pem'), 'utf8');
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o666);
    await chmod(join(parent, 'assent.db'), 0o644);
    // With the data file, it has its keys from there; without it, from the folder.
    await startAndLook(parent, '--data assent.db');
    expect(judge(await startAndLook(parent, ''))).toEqual([]);
    expect(await readFile(join(folder, 'ca-key.pem'), 'utf8')).toBe(key);
  },
);
