// The folder of a browser profile that is Assent's own: a temporary one, or one that is kept and marked, so that nobody's
// everyday profile is ever touched.
import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, readOptional, replaceFile } from '../disk.ts';
import { Problem } from '../problem.ts';
import { BROWSER_KINDS, BROWSER_NAMES, type BrowserKind } from './find-browser.ts';

/** What is remembered from one time to the next. */
const markSchema = z.object({
  browser: z.enum(BROWSER_KINDS),
  /** What it was paired as. */
  device: z.object({ id: z.string(), userId: z.string() }).optional(),
});
type ProfileMark = z.output<typeof markSchema>;

export interface ProfileFolder {
  readonly path: string;
  readonly mark: ProfileMark;
  /** A temporary one is removed when it is closed. */
  readonly isTemporary: boolean;
  remember(device: ProfileMark['device']): Promise<void>;
  close(): Promise<void>;
}

const MARK_FILE = 'assent-profile.json';
/** Links that tell who has the profile open: HOST-PID of Chromium, ADDRESS:+PID of Firefox. */
const LOCKS: Readonly<Record<BrowserKind, string>> = { chromium: 'SingletonLock', firefox: 'lock' };

/** @throws Problem `usage` for a folder that is not ours, `profile_in_use` */
export async function openProfileFolder(
  kind: BrowserKind,
  named: string | undefined,
): Promise<ProfileFolder> {
  if (named === undefined) {
    const path = await mkdtemp(join(tmpdir(), `assent-${kind}-`));
    return createFolder(path, { browser: kind }, true);
  }
  await makeProfileFolder(named);
  const mark = await readMark(named);
  if (mark === undefined && (await readdir(named)).length > 0) {
    throw new Problem('usage', `${named} is not empty and was not made by this command.`, {
      hint: 'Name a new folder; your own profile stays yours:   --profile ./assent-browser',
    });
  }
  if (mark !== undefined && mark.browser !== kind) {
    throw new Problem('usage', `${named} is a profile of ${BROWSER_NAMES[mark.browser]}.`, {
      hint: `Name another folder, or open:   assent browser ${mark.browser} --profile ${named}`,
    });
  }
  await requireUnlocked(kind, named);
  const folder = createFolder(named, mark ?? { browser: kind }, false);
  await folder.remember(folder.mark.device);
  return folder;
}

function createFolder(path: string, mark: ProfileMark, isTemporary: boolean): ProfileFolder {
  return {
    path,
    mark,
    isTemporary,
    async remember(device) {
      if (isTemporary) return;
      const text = JSON.stringify({ browser: mark.browser, ...(device === undefined ? {} : { device }) });
      await replaceFile(join(path, MARK_FILE), `${text}\n`, 0o600);
    },
    async close() {
      // A browser's helpers may still write for a moment.
      if (isTemporary) await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function makeProfileFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('usage', `The profile folder cannot be made: ${reason}`, {
      hint: 'Name another one:   --profile ./assent-browser',
      cause,
    });
  }
}

async function readMark(path: string): Promise<ProfileMark | undefined> {
  const text = await readOptional(join(path, MARK_FILE));
  if (text === undefined) return undefined;
  try {
    return markSchema.parse(JSON.parse(text));
  } catch {
    // Damaged, so it says nothing about the folder.
    return undefined;
  }
}

async function requireUnlocked(kind: BrowserKind, path: string): Promise<void> {
  const target = await readlink(join(path, LOCKS[kind])).catch(() => undefined);
  const pid = Number(/[-+](\d+)$/.exec(target ?? '')?.[1]);
  if (!Number.isInteger(pid) || !isAlive(pid)) return;
  throw new Problem('profile_in_use', `A ${BROWSER_NAMES[kind]} has ${path} open already, pid ${pid}.`, {
    hint: 'Close it, or name another folder:   --profile ./assent-browser-2',
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
