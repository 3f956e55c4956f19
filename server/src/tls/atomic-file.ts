// Files that are complete whenever they can be seen, also when two processes write them at the same moment.
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Writes `text` unless the file exists. Returns what the file then holds, which may be what somebody else wrote. */
export async function claimFile(file: string, text: string, mode: number): Promise<string> {
  const draft = await writeDraft(file, text, mode);
  try {
    await link(draft, file);
    return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return await readFile(file, 'utf8');
    throw error;
  } finally {
    await rm(draft);
  }
}

/** Writes `text` whether or not the file exists, and returns it. */
export async function replaceFile(file: string, text: string, mode: number): Promise<string> {
  await rename(await writeDraft(file, text, mode), file);
  return text;
}

async function writeDraft(file: string, text: string, mode: number): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode, flag: 'wx' });
  return draft;
}
