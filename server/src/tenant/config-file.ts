// Finds and reads the tenant file. The command line calls it before anything starts, so that every mistake in the file
// is on screen at once, with its place. The result cannot be changed.
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { TenantConfig } from '../contract/index.ts';
import { Problem } from '../problem.ts';
import { type ConfigSource, inspectConfig } from './config-mistakes.ts';
import type { ConfigPath } from './config-path.ts';

/** Names under which a tenant file is found without being named. */
export const TENANT_FILE_NAMES = ['assent.yaml', 'assent.yml', 'assent.json'] as const;

const REFERENCE_HINT = 'Every setting: docs/reference/configuration.md';

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
  const source = await readText(path);
  return { path, config: checkTenantText(source, basename(path)) };
}

/**
 * What a tenant file says, unchecked: it may be a part of one.
 * @throws Problem `config_unreadable`, or `config_invalid` where it is not even YAML
 */
export async function readTenantFile(path: string): Promise<unknown> {
  const name = basename(path);
  return toPlain(
    parseText(await readText(path, 'Name a file that is there: assent import FILE'), name).document,
    name,
  );
}

/**
 * Checks a tenant that did not come from a file, and fills in defaults.
 * @throws Problem `config_invalid`
 */
export function checkConfig(input: unknown, source: ConfigSource = { name: 'config' }): TenantConfig {
  if (isChecked(input)) return input;
  const { findings, config } = inspectConfig(input, source);
  if (findings.length > 0 || !config) throw invalid(source.name, findings);
  Object.defineProperty(config, CHECKED, { value: true });
  return freezeDeeply(config);
}

/** On what was checked, and cannot have changed since: a copy of it has no such mark. */
const CHECKED = Symbol('checked');

function isChecked(input: unknown): input is TenantConfig {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, CHECKED);
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
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new Problem('config_unreadable', `${path} ${isMissing ? 'does not exist' : 'cannot be read'}.`, {
      hint: isMissing ? missingHint : `Look at its permissions: ls -l ${path}`,
      cause,
    });
  }
}

/**
 * The text of a tenant file. YAML 1.2 contains JSON, so one reader takes both and knows the place of every member.
 *
 * @param name as findings name the file
 * @throws Problem `config_invalid`
 */
export function checkTenantText(text: string, name: string): TenantConfig {
  const { document, lines } = parseText(text, name);
  return checkConfig(toPlain(document, name), {
    name,
    locate(path, part) {
      const offset = findOffset(document, path, part);
      if (offset === undefined) return undefined;
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  });
}

function parseText(text: string, name: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  if (document.errors.length > 0) {
    const findings = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return `${name}:${line}:${col}  ${error.message}`;
    });
    throw invalid(name, findings);
  }
  return { document, lines };
}

function toPlain(document: Document, name: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // `yaml` stops at aliases of aliases that would become larger than any tenant, and at ones that lead nowhere.
    if (!(cause instanceof ReferenceError)) throw cause;
    throw invalid(name, [`${name}  the file  has aliases that cannot be followed: ${cause.message}.`]);
  }
}

function invalid(name: string, findings: readonly string[]): Problem {
  const count = findings.length === 1 ? '1 problem' : `${findings.length} problems`;
  return new Problem('config_invalid', `${name} has ${count}`, { findings, hint: REFERENCE_HINT });
}

/** Offset of the member, or of the innermost one around it that exists. */
function findOffset(document: Document, path: ConfigPath, part: 'name' | 'value'): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [depth, segment] of path.entries()) {
    const whole = isAlias(node) ? node.resolve(document) : node;
    if (isMap(whole)) {
      const pair = whole.items.find(({ key }) => (isScalar(key) ? key.value : key) === segment);
      if (!pair) return offset;
      node = pair.value;
      const isNamed = part === 'name' && depth === path.length - 1;
      offset = (isScalar(node) && !isNamed ? startOf(node) : undefined) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(whole) && typeof segment === 'number' && segment < whole.items.length) {
      node = whole.items[segment];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeeply(member);
  }
  return value;
}
