// The file by which the other commands find the running server: written when it is ready, removed when it stops.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type RunFile, runFileSchema } from '../contract/index.ts';
import { makeFolder } from '../disk.ts';
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

export async function writeRunFile(folder: string, content: RunFile): Promise<void> {
  const file = join(folder, FILE_NAME);
  const draft = `${file}.${content.pid}`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
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
  try {
    return runFileSchema.parse(JSON.parse(await readFile(join(folder, FILE_NAME), 'utf8')));
  } catch {
    return undefined;
  }
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
