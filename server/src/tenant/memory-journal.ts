// A journal that ends with its process.
import type { Journal, JournalBounds } from '../store.ts';
import { BoundedEntries } from './bounded-entries.ts';
import { JournalReaders, readEntry, tellOne } from './journal-readers.ts';

export class MemoryJournal<T> implements Journal<T> {
  readonly #kept: BoundedEntries<{ number: number; length: number; text: string }>;
  readonly #readers = new JournalReaders<T>();
  #lastNumber = 0;

  constructor(bounds: JournalBounds) {
    this.#kept = new BoundedEntries(bounds);
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  append(value: T): void {
    const text = JSON.stringify(value);
    const number = this.#lastNumber + 1;
    this.#lastNumber = number;
    this.#kept.push({ number, text, length: text.length });
    this.#readers.tell({ number, value, text, isOwn: true });
  }

  async follow(afterNumber: number, reader: Parameters<Journal<T>['follow']>[1]): Promise<() => void> {
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
    this.#kept.clear();
    for (const { number, value } of entries) {
      const text = JSON.stringify(value);
      this.#kept.push({ number, text, length: text.length });
    }
  }

  /** Nothing is kept; numbers go on. */
  clear(): void {
    this.#kept.clear();
  }

  close(): void {
    this.#kept.clear();
    this.#readers.clear();
  }
}
