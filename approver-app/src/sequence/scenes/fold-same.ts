// Rows that are the same, several in a row, become one that can be opened. Pure.
import type { ComparedRow } from 'assent/sequence';

export interface RowGroup {
  /** Index of its first row. */
  start: number;
  rows: readonly ComparedRow[];
  isFold: boolean;
}

/** Fewer are shorter than their fold. */
const FEWEST = 3;

export function foldSame(rows: readonly ComparedRow[]): RowGroup[] {
  const groups: Array<{ start: number; rows: ComparedRow[]; isSame: boolean }> = [];
  rows.forEach((row, start) => {
    const isSame = row.type === 'same';
    const last = groups.at(-1);
    if (last?.isSame === isSame) last.rows.push(row);
    else groups.push({ start, rows: [row], isSame });
  });
  return groups.map(({ start, rows: own, isSame }) => ({
    start,
    rows: own,
    isFold: isSame && own.length >= FEWEST,
  }));
}
