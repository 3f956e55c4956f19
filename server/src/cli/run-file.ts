// The file by which the other commands find the running server: written when it is ready, removed when it stops.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunFile } from '../contract/index.ts';
import { claimFile, makeFolder, replaceFile } from '../disk.ts';
import { Problem } from '../problem.ts';

export const DATA_FOLDER = '.assent';
const FILE_NAME = 'server.json';

/** Makes the data folder. A new one keeps itself out of Git, for it will hold private keys. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    if (await makeFolder(folder)) await writeFile(join(folder, '.gitignore'), '*\n');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('usage', `The data folder cannot be made: ${reason}`, {
      hint: 'Name another one:   assent --data-folder /tmp/assent',
      cause,
    });
  }
}

/**
 * Writes the file of this server. One that is left of a server that has gone is replaced.
 *
 * @throws Problem `data_folder_in_use` when another server lives with the folder; its file stays
 */
export async function claimRunFile(folder: string, content: RunFile): Promise<void> {
  const file = join(folder, FILE_NAME);
  await requireOwnFolder(folder);
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if ((await claimFile(file, text, 0o600)) === text) return;
  // Somebody else was ready at the same moment, or the file cannot be read as one of ours.
  await requireOwnFolder(folder);
  await replaceFile(file, text, 0o600);
}

/**
 * Makes sure that no other server lives with this folder, and removes the file of one that has gone. With two, the commands
 * beside them would talk to either.
 *
 * @throws Problem `data_folder_in_use`
 */
export async function requireOwnFolder(folder: string): Promise<void> {
  const found = await readRunFile(folder);
  if (!found) return;
  if (await (await import('./found-server.ts')).lives(found)) {
    throw new Problem(
      'data_folder_in_use',
      `A server runs with ${folder} already: ${found.url}, pid ${found.pid}.`,
      {
        hint: [
          `Use it, or stop it:            kill ${found.pid}`,
          `Or start one with its own:     assent --data-folder ${DATA_FOLDER}-2 --port 0`,
        ].join('\n'),
      },
    );
  }
  await removeRunFile(folder, found.pid);
}

/** Removes the file if it is about process `pid`; a server that was started later keeps its own. */
export async function removeRunFile(folder: string, pid: number): Promise<void> {
  const found = await readRunFile(folder);
  if (found?.pid === pid) await rm(join(folder, FILE_NAME), { force: true });
}

export interface FoundRunFile {
  folder: string;
  run: RunFile;
}

/** The file in the named data folder; else in the nearest `.assent` of this folder or one above it. */
export async function findRunFile(folder: string, dataFolder?: string): Promise<FoundRunFile | undefined> {
  if (dataFolder !== undefined) {
    const named = resolve(folder, dataFolder);
    const run = await readRunFile(named);
    return run && { folder: named, run };
  }
  for (let current = resolve(folder); ; current = dirname(current)) {
    const candidate = join(current, DATA_FOLDER);
    const run = await readRunFile(candidate);
    if (run) return { folder: candidate, run };
    if (current === dirname(current)) return undefined;
  }
}

/** Undefined if there is none, or one that another version wrote. */
async function readRunFile(folder: string): Promise<RunFile | undefined> {
  const text = await readFile(join(folder, FILE_NAME), 'utf8').catch(() => undefined);
  // Where nothing was left, nobody needs to know what it would be.
  return text === undefined ? undefined : (await import('./found-server.ts')).parseRunFile(text);
}

/** Whether a process of that id exists; not whether it is ours. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
