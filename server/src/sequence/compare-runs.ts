// Two runs side by side, row by row: what is the same, what says something else, and what never happens in one of them. Times and ids
// are not compared; they differ always and mean nothing.
import { readLines } from './run-lines.ts';
import type { Row, Run } from './step.ts';

/** A piece of a line; `isChanged` where the other run says something else there. */
export interface Word {
  text: string;
  isChanged: boolean;
}

export interface ComparedSide {
  row: Row;
  /** What the row says: its label first, then what else it carries. */
  lines: ReadonlyArray<readonly Word[]>;
}

export type ComparedRow =
  | { type: 'same' | 'changed'; first: ComparedSide; second: ComparedSide }
  /** Only in the first run: in the second it never happens. */
  | { type: 'missing'; first: ComparedSide }
  /** Only in the second run. */
  | { type: 'added'; second: ComparedSide };

export interface RunComparison {
  rows: readonly ComparedRow[];
  changed: number;
  missing: number;
  added: number;
}

export function compareRuns(first: Run, second: Run): RunComparison {
  const [left, right] = [tell(first), tell(second)];
  const rows = align(left, right).map(([one, other]): ComparedRow => {
    if (one && other) {
      return one.text === other.text
        ? { type: 'same', first: plain(one), second: plain(other) }
        : { type: 'changed', first: marked(one, other), second: marked(other, one) };
    }
    if (one) return { type: 'missing', first: plain(one) };
    if (other) return { type: 'added', second: plain(other) };
    throw new Error('a row of no run was compared');
  });
  const count = (type: ComparedRow['type']): number => rows.filter((row) => row.type === type).length;
  return { rows, changed: count('changed'), missing: count('missing'), added: count('added') };
}

interface Told {
  row: Row;
  lines: readonly string[];
  text: string;
  /** Rows of another kind are never the same message, however alike they read. */
  key: string;
}

function tell(run: Run): Told[] {
  return run.rows.map((row) => {
    const lines = readLines(run, row);
    return { row, lines, text: lines.join('\n'), key: keyOf(row) };
  });
}

/** Messages that stand for each other: a decision for a decision, an answer to a poll for an answer to a poll. */
function keyOf(row: Row): string {
  if (row.type === 'mark') return `mark ${row.mark.kind}`;
  const { kind, from, to, isResponse } = row.step;
  if (kind === 'attack') return 'attack';
  return `${from} ${to} ${isResponse ? 'answer' : 'message'}`;
}

const SAME = 4;
const ALIKE = 3;

/** The longest way through both that pairs what is alike, and rather what is the same. */
function align(left: readonly Told[], right: readonly Told[]): Array<[Told | undefined, Told | undefined]> {
  const worth = (one: Told | undefined, other: Told | undefined): number => {
    if (!one || !other || one.key !== other.key) return 0;
    return one.text === other.text ? SAME : ALIKE;
  };
  const best = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const pair = worth(left[i], right[j]);
      const row = best[i];
      if (row) row[j] = Math.max(at(i + 1, j), at(i, j + 1), pair > 0 ? pair + at(i + 1, j + 1) : 0);
    }
  }
  const pairs: Array<[Told | undefined, Told | undefined]> = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const pair = worth(left[i], right[j]);
    if (pair > 0 && at(i, j) === pair + at(i + 1, j + 1)) {
      pairs.push([left[i], right[j]]);
      i += 1;
      j += 1;
    } else if (i < left.length && (j >= right.length || at(i, j) === at(i + 1, j))) {
      pairs.push([left[i], undefined]);
      i += 1;
    } else {
      pairs.push([undefined, right[j]]);
      j += 1;
    }
  }
  return pairs;
}

function plain({ row, lines }: Told): ComparedSide {
  return { row, lines: lines.map((text) => [{ text, isChanged: false }]) };
}

/** Lines that the other run has not, with the words that make the difference. */
function marked({ row, lines }: Told, other: Told): ComparedSide {
  return {
    row,
    lines: lines.map((line, index) => {
      if (other.lines.includes(line)) return [{ text: line, isChanged: false }];
      const words = new Set((other.lines[index] ?? '').split(' '));
      return joinAlike(line.split(' ').map((text) => ({ text, isChanged: !words.has(text) })));
    }),
  };
}

function joinAlike(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last?.isChanged === word.isChanged) last.text += ` ${word.text}`;
    else joined.push({ ...word });
  }
  return joined;
}
