// A document as it lies in Redis: a line each for version, end, sequence, ids of its last writes and index entries, then its JSON.
// The scripts write it (redis-scripts); here it is read.
import { Problem } from '../../problem.ts';
import type { Versioned } from '../../store.ts';

export interface RawDocument {
  version: number;
  /** Null for never. */
  expiresAt: number | null;
  /** Increases in the order in which documents came. */
  order: number;
  /** Entries of the indexes it is in. */
  entries: string;
  json: string;
}

/** @throws Problem `store_unusable` for what only somebody else can have written there */
export function readDocument(text: string): RawDocument {
  const lines: string[] = [];
  let at = 0;
  for (let line = 0; line < 5; line += 1) {
    const end = text.indexOf('\n', at);
    if (end === -1) throw damaged('has no head');
    lines.push(text.slice(at, end));
    at = end + 1;
  }
  const [version, expiresAt, order, , entries = ''] = lines;
  const numbers = [Number(version), Number(expiresAt), Number(order)];
  if (numbers.some(Number.isNaN)) throw damaged('has a head of something else');
  return {
    version: Number(version),
    expiresAt: expiresAt === '' ? null : Number(expiresAt),
    order: Number(order),
    entries,
    json: text.slice(at),
  };
}

export function isAlive({ expiresAt }: RawDocument, nowMs: number): boolean {
  return expiresAt === null || expiresAt > nowMs;
}

/** @throws Problem `store_unusable` */
export function readValue<T>({ version, json }: RawDocument): Versioned<T> {
  try {
    return { version, value: JSON.parse(json) as T };
  } catch (cause) {
    throw damaged('is no JSON', cause);
  }
}

/** Its id may be a secret, so it is not named. */
function damaged(how: string, cause?: unknown): Problem {
  return new Problem('store_unusable', `The store is damaged: one of the documents of this tenant ${how}.`, {
    status: 500,
    hint: 'Somebody else has written there. Go back to a copy, or remove the keys of this tenant; docs/stores.md says how.',
    cause,
  });
}

/** Whole milliseconds; empty for never. */
export function writeExpiry(expiresAt: number | null | undefined): string {
  return expiresAt === undefined || expiresAt === null || expiresAt === Number.POSITIVE_INFINITY
    ? ''
    : String(Math.ceil(expiresAt));
}

/** Collections are a part of key names, in which a colon ends them. */
export function nameInKeys(collection: string): string {
  return encodeURIComponent(collection);
}

/** JSON has no tabs and line breaks of its own, so these lines hold any value. */
export function entryOf(key: string, value: string): string {
  return `${encodeURIComponent(key)}:${JSON.stringify(value)}`;
}

export function entriesOf(value: unknown, keys: readonly string[]): string {
  if (typeof value !== 'object' || value === null) return '';
  const members = value as Readonly<Record<string, unknown>>;
  return keys
    .flatMap((key) => {
      const member = Object.hasOwn(members, key) ? members[key] : undefined;
      return typeof member === 'string' ? entryOf(key, member) : [];
    })
    .join('\t');
}
