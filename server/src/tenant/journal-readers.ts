// Who follows a journal. A journal only tells; a reader that fails must not undo what it is told of, nor keep it from others.
import type { JournalEntry } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';

export type JournalReader<T> = (entry: JournalEntry<T>) => void;

export class JournalReaders<T> {
  readonly #readers = new Set<{ read: JournalReader<T> }>();

  /** The returned function ends it. */
  add(read: JournalReader<T>): () => void {
    const reader = { read };
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  tell(entry: JournalEntry<T>): void {
    for (const { read } of [...this.#readers]) tellOne(read, entry);
  }

  clear(): void {
    this.#readers.clear();
  }
}

export function tellOne<T>(read: JournalReader<T>, entry: JournalEntry<T>): void {
  try {
    read(entry);
  } catch (cause) {
    warnOfFailure(`a reader of entry ${entry.number} failed`, cause);
  }
}

/** Out of its text, which is parsed when somebody looks at the value. */
export function readEntry<T>(number: number, text: string, isOwn = false): JournalEntry<T> {
  return {
    number,
    text,
    isOwn,
    get value() {
      return JSON.parse(text) as T;
    },
  };
}
