// A document as it lies in Redis: a line each for version, end, sequence, ids of its last writes and index entries, then its JSON.
// The scripts write it (redis-scripts); here it is read.
import type { Versioned } from '../../store.ts';

export interface RawDocument {
  version: number;
  /** Null for never. */
  expiresAt: number | null;
  /** Entries of the indexes it is in. */
  entries: string;
  json: string;
}

export function readDocument(text: string): RawDocument {
  const lines: string[] = [];
  let at = 0;
  for (let line = 0; line < 5; line += 1) {
    const end = text.indexOf('\n', at);
    if (end === -1) throw new Error('a document in the store has no head');
    lines.push(text.slice(at, end));
    at = end + 1;
  }
  const [version, expiresAt, , , entries = ''] = lines;
  return {
    version: Number(version),
    expiresAt: expiresAt === '' ? null : Number(expiresAt),
    entries,
    json: text.slice(at),
  };
}

export function isAlive({ expiresAt }: RawDocument, nowMs: number): boolean {
  return expiresAt === null || expiresAt > nowMs;
}

export function readValue<T>({ version, json }: RawDocument): Versioned<T> {
  return { version, value: JSON.parse(json) as T };
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
