// A journal that ends with its process.
import { Batch } from '../batch.ts';
import { toCompactJson } from '../json-object.ts';
import type { Journal, JournalBounds, JournalEntry } from '../store.ts';
import { BoundedEntries } from './bounded-entries.ts';
import { JournalReaders, readEntry, tellOne } from './journal-readers.ts';

/** How many entries may have no text yet. */
const MOST_UNWRITTEN = 64;

export class MemoryJournal<T> implements Journal<T> {
  readonly #kept: BoundedEntries<{ number: number; length: number; text: string }>;
  readonly #readers = new JournalReaders<T>();
  readonly #unwritten = new Batch<JournalEntry<T>>(MOST_UNWRITTEN, (entry) => this.#keep(entry));
  #lastNumber = 0;

  constructor(bounds: JournalBounds) {
    this.#kept = new BoundedEntries(bounds);
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  append(value: T): void {
    this.#lastNumber += 1;
    const entry = new OwnEntry(this.#lastNumber, value);
    this.#unwritten.add(entry);
    this.#readers.tell(entry);
  }

  async follow(afterNumber: number, reader: Parameters<Journal<T>['follow']>[1]): Promise<() => void> {
    this.#unwritten.finish();
    for (const { number, text } of this.#kept.after(afterNumber)) tellOne(reader, readEntry<T>(number, text));
    return this.#readers.add(reader);
  }

  async caughtUp(): Promise<void> {
    // Readers are told while something is appended.
  }

  startAbove(number: number): void {
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  refill(entries: ReadonlyArray<{ number: number; value: T }>): void {
    this.clear();
    for (const { number, value } of entries) this.#keep({ number, text: toCompactJson(value) });
  }

  /** Numbers go on after these. */
  begin(entries: ReadonlyArray<{ number: number; value: T }>): void {
    this.refill(entries);
    this.startAbove(entries.at(-1)?.number ?? 0);
  }

  /** Nothing is kept; numbers go on. */
  clear(): void {
    this.#unwritten.clear();
    this.#kept.clear();
  }

  close(): void {
    this.clear();
    this.#readers.clear();
  }

  #keep({ number, text }: Pick<JournalEntry<T>, 'number' | 'text'>): void {
    this.#kept.push({ number, text, length: text.length });
  }
}

/** The text is made when somebody needs it first. */
class OwnEntry<T> implements JournalEntry<T> {
  readonly number: number;
  readonly value: T;
  readonly isOwn = true;
  #text: string | undefined;

  constructor(number: number, value: T) {
    this.number = number;
    this.value = value;
  }

  get text(): string {
    this.#text ??= toCompactJson(this.value);
    return this.#text;
  }
}
