// What every resource of the Management API does alike: ids for what a tenant file left without one, members that are only
// kept, and what `null` means.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** 24 hexadecimal digits, as Auth0's own ids; the same for the same thing after every start. */
export function derivedObjectId(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24);
}

/** `prefix` and 16 letters or digits; the same for the same thing after every start. */
export function derivedId(prefix: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest('base64').replaceAll(/[+/=]/g, '');
  return `${prefix}${digest.slice(0, 16)}`;
}

/** Members that Auth0 has and nothing here acts on. `null` clears one. auth0: Management API, PATCH. */
export function unimitatedMembers<T extends Record<string, z.ZodType>>(members: T) {
  return Object.fromEntries(
    Object.entries(members).map(([name, schema]) => [name, schema.nullable().optional()]),
  ) as { [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> };
}

export const text = z.string();
export const texts = z.array(z.string());
export const flag = z.boolean();
export const anything = z.record(z.string(), z.unknown());

export type Kept = Record<string, unknown> | undefined;

/** What is kept after a change that names some of the `members`: `null` forgets one. */
export function keepMembers(
  kept: Kept,
  change: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, unknown>>,
): Kept {
  const next: Record<string, unknown> = { ...kept };
  for (const name of Object.keys(members)) {
    const value = change[name];
    if (value === null) delete next[name];
    else if (value !== undefined) next[name] = value;
  }
  return Object.keys(next).length === 0 ? undefined : next;
}

/** `kept`, in the place where a tenant file has it; nothing where there is nothing. */
export function withUnimitated<T extends object>(entity: T, kept: Kept): T {
  const { unimitated: _earlier, ...rest } = entity as T & { unimitated?: Kept };
  return { ...(rest as T), ...(kept === undefined ? {} : { unimitated: kept }) };
}

/** What of a change is set: without members that are `undefined` or, because they are to be cleared, `null`. */
export function definedMembers<T extends object>(
  change: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined && value !== null),
  ) as { [K in keyof T]?: Exclude<T[K], null | undefined> };
}
