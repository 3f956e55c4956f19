// Any JSON value as rows that a person can read: one per value, in the order received, nothing left out.
import type { ConsentRow } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { appendToPointer } from '../json-pointer.ts';
import { describeMixture, textOf, wordsOf } from './consent-text.ts';
import type { RowWords } from './row-words.ts';

/** One row per value; an object or a list becomes a heading with its members indented under it. */
export function memberRows(
  members: Readonly<Record<string, unknown>>,
  base: string,
  depth: number,
  words: RowWords,
): ConsentRow[] {
  return Object.entries(members).flatMap(([name, value]) => {
    const path = appendToPointer(base, name);
    const label = words.labelAt(path) ?? wordsOf(name);
    return valueRows(value, path, label, depth, words);
  });
}

export function valueRows(
  value: unknown,
  path: string,
  label: string,
  depth: number,
  words: RowWords,
): ConsentRow[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [row({ path, label, value: 'empty list', kind: 'empty', depth })];
    return [
      row({
        path,
        label,
        value: `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`,
        kind: 'group',
        depth,
      }),
      ...value.flatMap((entry: unknown, index) => {
        const entryPath = appendToPointer(path, index);
        return valueRows(entry, entryPath, words.labelAt(entryPath) ?? `${index + 1}.`, depth + 1, words);
      }),
    ];
  }
  if (isJsonObject(value)) {
    const count = Object.keys(value).length;
    if (count === 0) return [row({ path, label, value: 'empty', kind: 'empty', depth })];
    return [
      row({ path, label, value: '', kind: 'group', depth }),
      ...memberRows(value, path, depth + 1, words),
    ];
  }
  const kind = kindOf(value);
  const worded = words.wordValue(path, textOf(value));
  const mixture = kind === 'text' ? describeMixture(textOf(value)) : undefined;
  return [row({ path, label, kind, depth, ...worded, ...(mixture === undefined ? {} : { note: mixture }) })];
}

function kindOf(value: unknown): ConsentRow['kind'] {
  if (value === null || value === '') return 'empty';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return 'text';
}

export function row(parts: Pick<ConsentRow, 'path' | 'label' | 'value'> & Partial<ConsentRow>): ConsentRow {
  const { kind = 'text', depth = 0, hidden = false, ...rest } = parts;
  return { ...rest, kind, depth: Math.min(depth, 32), hidden };
}
