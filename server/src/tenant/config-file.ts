// Finds and checks the tenant file. The command line calls it before anything starts, so that every mistake in the file
// is on screen at once, with its place (`tenant-text`). The result cannot be changed.
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { TenantConfig } from '../contract/index.ts';
import { copyJson } from '../json-object.ts';
import { Problem } from '../problem.ts';
import { isChecked } from './checked-config.ts';
import { readPlainJson } from './plain-json.ts';
import { readSoundStart } from './sound-config.ts';

/** Names under which a tenant file is found without being named. */
export const TENANT_FILE_NAMES = ['assent.yaml', 'assent.yml', 'assent.json'] as const;

export interface ConfigFile {
  /** Absolute path. */
  path: string;
  config: TenantConfig;
}

/**
 * The tenant file to use: the named one, or the first of the known names in `folder`; undefined when there is none.
 * @throws Problem `config_unreadable` when the named file does not exist, `config_invalid` when it is wrong
 */
export async function loadConfigFile(folder: string, named?: string): Promise<ConfigFile | undefined> {
  const path = named === undefined ? await findConfigFile(folder) : resolve(folder, named);
  if (path === undefined) return undefined;
  const text = await readText(path);
  return { path, config: await checkTenantText(text, basename(path)) };
}

/**
 * What a tenant file says, unchecked: it may be a part of one.
 * @throws Problem `config_unreadable`, or `config_invalid` where it is not even YAML
 */
export async function readTenantFile(path: string): Promise<unknown> {
  const text = await readText(path, 'Name a file that is there: assent import FILE');
  const { readTenantText } = await import('./tenant-text.ts');
  return readTenantText(text, basename(path));
}

/**
 * Checks what a server is started with, and fills in defaults.
 *
 * @param over members in place of those that were written
 * @throws Problem `config_invalid`
 */
export async function checkTenant(input: unknown, over: object = {}): Promise<TenantConfig> {
  await requireJson(input);
  const config = readSoundStart(input, over);
  if (config) return config;
  const { checkStart } = await import('./config-check.ts');
  return checkStart(input, { over });
}

/** What a program gives may be anything. What was read from a file, or is checked, is not. */
async function requireJson(input: unknown): Promise<void> {
  if (isChecked(input)) return;
  try {
    copyJson(input);
  } catch (cause) {
    const { invalid } = await import('./config-check.ts');
    const received =
      cause instanceof RangeError
        ? 'members that lead back to themselves, or too deep'
        : String(cause).replace(/^.*JSON cannot carry /, '');
    throw invalid('config', [
      `config  received ${received}, expected what JSON can carry: text, numbers, true, false, lists and members with names.`,
    ]);
  }
}

/**
 * What a tenant file says, checked.
 *
 * @param name as findings name the file
 * @throws Problem `config_invalid`
 */
export async function checkTenantText(text: string, name: string): Promise<TenantConfig> {
  const config = await checkPlainJson(text);
  if (config) return config;
  const { checkYaml } = await import('./tenant-text.ts');
  return checkYaml(text, name);
}

/** Read and checked without the reader of YAML, which is left to tell the places of mistakes. */
async function checkPlainJson(text: string): Promise<TenantConfig | undefined> {
  const json = readPlainJson(text);
  if (!json) return undefined;
  const config = readSoundStart(json.value, {});
  if (config) return config;
  const { findStart } = await import('./config-check.ts');
  return findStart(json.value);
}

async function findConfigFile(folder: string): Promise<string | undefined> {
  for (const name of TENANT_FILE_NAMES) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) return path;
  }
  return undefined;
}

async function readText(
  path: string,
  missingHint = 'Name another file with --config, or leave it out to run the bank.',
): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EISDIR') throw await explainFolder(path, missingHint, cause);
    const isMissing = code === 'ENOENT';
    throw new Problem('config_unreadable', `${path} ${isMissing ? 'does not exist' : 'cannot be read'}.`, {
      hint: isMissing ? missingHint : `Look at its permissions: ls -l ${path}`,
      cause,
    });
  }
}

async function explainFolder(path: string, otherwise: string, cause: unknown): Promise<Problem> {
  const inside = await findConfigFile(path);
  return new Problem('config_unreadable', `${path} is a folder, expected a tenant file.`, {
    hint: inside === undefined ? otherwise : `Name the file in it: ${inside}`,
    cause,
  });
}
