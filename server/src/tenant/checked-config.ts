// The marks of a configuration that was checked: that it was, and, of one that a server is started with, what was written. It cannot
// change any more, and a copy of it has no marks.
import { createHash } from 'node:crypto';
import type { TenantConfig } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { Problem } from '../problem.ts';

const CHECKED = Symbol('checked');
/** Beside it, where it is what a server is started with. */
const WRITTEN = Symbol('written');

export function isChecked(input: unknown): input is TenantConfig {
  return typeof input === 'object' && input !== null && Object.hasOwn(input, CHECKED);
}

/**
 * For whoever has checked it.
 * @param writtenHash what `hashWritten` says
 */
export function sealConfig(config: TenantConfig, writtenHash?: string): TenantConfig {
  Object.defineProperty(config, CHECKED, { value: true });
  if (writtenHash !== undefined) Object.defineProperty(config, WRITTEN, { value: writtenHash });
  return freezeDeeply(config);
}

/** Tells apart what was written, whatever defaults a version fills in; undefined where nobody knows any more. */
export function writtenHashOf(config: TenantConfig): string | undefined {
  return (config as { [WRITTEN]?: string })[WRITTEN];
}

/** @param over members in place of those that were written */
export function putOver(input: unknown, over: object): unknown {
  return Object.keys(over).length === 0 || !isJsonObject(input) ? input : { ...input, ...over };
}

/** @throws Problem `config_invalid` for what a program has made and JSON cannot carry */
export function hashWritten(input: unknown, over: object): string {
  const says = write([(isChecked(input) && writtenHashOf(input)) || input, over]);
  return createHash('sha256').update(says).digest('base64url');
}

function write(input: unknown): string {
  try {
    return JSON.stringify(input);
  } catch (cause) {
    const [why = ''] = String(cause).split('\n');
    throw new Problem('config_invalid', 'The configuration is nothing that JSON can carry.', {
      findings: [why],
      hint: 'Give it text, numbers, true or false, lists, and members with names, none of which stands inside of itself.',
      cause,
    });
  }
}

function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeeply(member);
  }
  return value;
}
