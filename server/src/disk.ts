// Files that are complete whenever they can be seen, also when two processes write them at the same moment; and the folders
// around them. Used by whatever is kept in the data folder.
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes `text` unless the file exists. Returns what the file then holds, which may be what somebody else wrote. */
export async function claimFile(file: string, text: string, mode: number): Promise<string> {
  const draft = await writeDraft(file, text, mode);
  try {
    await link(draft, file);
    return text;
  } catch (error) {
    if (!isFailure(error, 'EEXIST')) throw error;
    return await readFile(file, 'utf8');
  } finally {
    await rm(draft);
  }
}

/** Writes `text` whether or not the file exists, and returns it. */
export async function replaceFile(file: string, text: string, mode: number): Promise<string> {
  await rename(await writeDraft(file, text, mode), file);
  return text;
}

/** The text of a file, or undefined if there is none. */
export async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isFailure(error, 'ENOENT')) return undefined;
    throw error;
  });
}

/**
 * Like `readOptional`, of a file that holds a secret: if others could read it, they cannot any more. A file of somebody else, or
 * on a disk that cannot be written, is theirs to close: a container's secrets are such.
 */
export async function readSecret(file: string): Promise<string | undefined> {
  const text = await readOptional(file);
  if (text === undefined) return undefined;
  await keepFromOthers(file).catch((error: unknown) => {
    if (!isFailure(error, 'EPERM') && !isFailure(error, 'EROFS')) throw error;
  });
  return text;
}

/** Takes away what anybody but the owner of a file may do with it. */
export async function keepFromOthers(file: string): Promise<void> {
  try {
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  } catch (error) {
    if (!isFailure(error, 'ENOENT')) throw error;
  }
}

/**
 * Makes a folder and those above it. False if it was there. Node's own way (`recursive`) never ends in a place where nobody
 * can make any, such as /proc.
 */
export async function makeFolder(folder: string): Promise<boolean> {
  try {
    return await makeOneFolder(folder);
  } catch (error) {
    if (!isFailure(error, 'ENOENT') || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    return makeOneFolder(folder);
  }
}

async function makeOneFolder(folder: string): Promise<boolean> {
  try {
    // However loose the umask: nobody else may put a key of theirs in the place of ours.
    await mkdir(folder, 0o755);
    return true;
  } catch (error) {
    if (isFailure(error, 'EEXIST') && (await stat(folder)).isDirectory()) return false;
    throw error;
  }
}

/** Whether Node's file system failed with this code. */
export function isFailure(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function writeDraft(file: string, text: string, mode: number): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode, flag: 'wx' });
  return draft;
}
