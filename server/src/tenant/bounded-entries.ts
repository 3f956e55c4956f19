// What is kept of a journal: the newest entries, within its bounds. Giving one up costs the same however many there are.
import type { JournalBounds } from '../store.ts';

interface Measured {
  number: number;
  /** Characters of its JSON. */
  length: number;
}

export class BoundedEntries<E extends Measured> {
  readonly #bounds: JournalBounds;
  /** Oldest first; what lies before `#first` has been given up. */
  #entries: Array<E | undefined> = [];
  #first = 0;
  #characters = 0;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  get oldest(): E | undefined {
    return this.#entries[this.#first];
  }

  get newest(): E | undefined {
    return this.#entries.at(-1);
  }

  /** @returns how many were given up for it */
  push(entry: E): number {
    const before = this.#first;
    this.#entries.push(entry);
    this.#characters += entry.length;
    const { mostEntries, mostCharacters } = this.#bounds;
    while (
      this.#entries.length - this.#first > mostEntries ||
      (this.#characters > mostCharacters && this.#entries.length - this.#first > 1)
    ) {
      this.#dropOldest();
    }
    const givenUp = this.#first - before;
    this.#moveDown();
    return givenUp;
  }

  /** That one, and all before it. */
  dropUpTo(number: number): void {
    while (this.oldest && this.oldest.number <= number) this.#dropOldest();
    this.#moveDown();
  }

  /** Oldest first. */
  after(number: number): E[] {
    return this.#entries.filter((entry) => entry !== undefined && entry.number > number) as E[];
  }

  /** At most so many, the oldest first. */
  first(most: number): E[] {
    return this.#entries.slice(this.#first, this.#first + most) as E[];
  }

  clear(): void {
    this.#entries = [];
    this.#first = 0;
    this.#characters = 0;
  }

  #dropOldest(): void {
    this.#characters -= this.#entries[this.#first]?.length ?? 0;
    this.#entries[this.#first] = undefined;
    this.#first += 1;
  }

  /** Moving the rest down costs its length, so it is done only once as much has been given up as is kept. */
  #moveDown(): void {
    if (this.#first <= this.#entries.length / 2) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
