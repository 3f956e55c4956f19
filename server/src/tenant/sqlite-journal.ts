// One journal in the data file. An entry has its number, and is told, at once; it is written a little later, by `sqlite-journals`.
// Numbers are reserved in blocks: a process that is killed leaves a gap at most, and never gives a number twice. While the disk
// takes no reservation, what comes is held, and is numbered and told when it does.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { toCompactJson } from '../json-object.ts';
import type { Journal, JournalBounds } from '../store.ts';
import { warn } from '../warnings.ts';
import { BoundedEntries } from './bounded-entries.ts';
import { JournalReaders, readEntry, tellOne } from './journal-readers.ts';

/** Large enough for one write in a long while, small enough for people to read. */
const BLOCK = 1_000;

interface Unnumbered<T> {
  value: T;
  text: string;
}

export interface JournalStatements {
  find: StatementSync;
  reserve: StatementSync;
  insert: StatementSync;
  forgetBefore: StatementSync;
  forgetAll: StatementSync;
  read: StatementSync;
  measure: StatementSync;
}

export class SqliteJournal<T> implements Journal<T> {
  readonly #name: string;
  readonly #statements: JournalStatements;
  readonly #due: { soon(): void; now(): void };
  readonly #readers = new JournalReaders<T>();
  readonly #mostHeld: number;
  readonly #kept: BoundedEntries<{ number: number; length: number }>;
  #lastNumber: number;
  /** The largest number that may be given: that it may is on the disk. */
  #granted: number;
  /** What is to be written of that. */
  #reserved: number;
  /** Not numbered, nor told: the disk did not take the reservation. */
  #held: Array<Unnumbered<T>> = [];
  #givenUp = 0;
  #waiting: Array<{ number: number; text: string }> = [];
  #isReplaced = false;
  #forgottenBefore = 0;

  constructor(
    name: string,
    bounds: JournalBounds,
    statements: JournalStatements,
    due: { soon(): void; now(): void },
  ) {
    this.#name = name;
    this.#statements = statements;
    this.#due = due;
    this.#mostHeld = bounds.mostEntries;
    this.#kept = new BoundedEntries(bounds);
    const reserved = this.#readReserved();
    this.#granted = reserved;
    this.#reserved = reserved;
    this.#lastNumber = reserved;
    this.#measure();
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** What the disk has already is not written: SQLite would succeed without touching the disk, also where that is full. */
  get #isReservationDue(): boolean {
    return this.#reserved !== this.#granted;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0 || this.#isReplaced || this.#isReservationDue;
  }

  append(value: T): void {
    const entry = { value, text: toCompactJson(value) };
    if (this.#held.length === 0 && this.#mayGive(this.#lastNumber + 1)) this.#give(entry);
    else this.#hold(entry);
    this.#due.soon();
  }

  /** Whether whoever comes after a crash would know that the number was given. */
  #mayGive(number: number): boolean {
    if (number > this.#granted) {
      if (number > this.#reserved) this.#reserved = number + BLOCK;
      this.#due.now();
    } else if (this.#reserved - number === BLOCK / 2) this.#reserved += BLOCK;
    return number <= this.#granted;
  }

  #give({ value, text }: Unnumbered<T>): void {
    const number = this.#lastNumber + 1;
    this.#lastNumber = number;
    this.#kept.push({ number, length: text.length });
    this.#waiting.push({ number, text });
    if (this.#waiting.length % BLOCK === 0) this.#forgetWaiting();
    this.#readers.tell({ number, value, text, isOwn: true });
  }

  /** As many as are kept otherwise. The oldest are given up first, and leave a gap. */
  #hold(entry: Unnumbered<T>): void {
    this.#held.push(entry);
    if (this.#held.length >= this.#mostHeld * 2) {
      this.#givenUp += this.#held.length - this.#mostHeld;
      this.#held = this.#held.slice(-this.#mostHeld);
    }
    const last = this.#lastNumber + this.#givenUp + this.#held.length;
    if (last > this.#reserved) this.#reserved = last + BLOCK;
  }

  /** What was held is told, as far as there are numbers for it by now. */
  release(): void {
    const held = this.#held;
    if (held.length === 0 || this.#lastNumber + this.#givenUp >= this.#granted) return;
    if (this.#givenUp > 0)
      warn('ENTRIES_LOST', `${this.#givenUp} entries of the journal ${this.#name} were given up.`);
    this.#lastNumber += this.#givenUp;
    this.#givenUp = 0;
    this.#held = [];
    this.#due.soon();
    for (const [at, entry] of held.entries()) {
      // Whoever is told may have appended something.
      if (this.#lastNumber >= this.#granted) {
        this.#held = [...held.slice(at), ...this.#held];
        return;
      }
      this.#give(entry);
    }
  }

  async follow(afterNumber: number, reader: Parameters<Journal<T>['follow']>[1]): Promise<() => void> {
    this.#due.now();
    const written = this.#isReplaced ? [] : this.#statements.read.all(this.#name, afterNumber);
    for (const { number, text } of written) tellOne(reader, readEntry<T>(Number(number), String(text)));
    // What the disk has not taken has been told to others all the same.
    for (const { number, text } of this.#waiting)
      if (number > afterNumber) tellOne(reader, readEntry<T>(number, text));
    return this.#readers.add(reader);
  }

  async caughtUp(): Promise<void> {
    // Readers are told while something is appended, and nobody else is there.
  }

  startAbove(number: number): void {
    if (number <= this.#lastNumber) return;
    this.#lastNumber = number;
  }

  refill(entries: ReadonlyArray<{ number: number; value: T }>): void {
    this.#clear();
    this.#isReplaced = true;
    for (const { number, value } of entries) {
      const text = toCompactJson(value);
      this.#kept.push({ number, length: text.length });
      this.#waiting.push({ number, text });
    }
    this.#due.soon();
  }

  /** Within a transaction of somebody else. */
  write(): void {
    const { forgetBefore, insert, reserve } = this.#statements;
    if (this.#isReplaced) forgetBefore.run(this.#name, Number.MAX_SAFE_INTEGER);
    if (this.#isReservationDue) reserve.run(this.#name, this.#reserved);
    const oldest = this.#kept.oldest?.number ?? 0;
    for (const { number, text } of this.#waiting) {
      if (number >= oldest) insert.run(this.#name, number, text);
    }
    if (oldest > this.#forgottenBefore) forgetBefore.run(this.#name, oldest);
  }

  markWritten(): void {
    this.#waiting = [];
    this.#isReplaced = false;
    this.#granted = this.#reserved;
    this.#forgottenBefore = this.#kept.oldest?.number ?? 0;
  }

  /** What is on the disk was put there in place of everything, also of what was to be written. */
  readAgain(): void {
    this.#clear();
    this.#isReplaced = false;
    this.#measure();
    this.#granted = this.#readReserved();
    this.#reserved = Math.max(this.#granted, this.#reserved);
    this.#lastNumber = Math.max(this.#lastNumber, this.#kept.newest?.number ?? 0);
  }

  #clear(): void {
    this.#kept.clear();
    this.#waiting = [];
    this.#held = [];
  }

  #measure(): void {
    for (const { number, length } of this.#statements.measure.all(this.#name)) {
      this.#kept.push({ number: Number(number), length: Number(length) });
    }
  }

  #readReserved(): number {
    return Number(this.#statements.find.get(this.#name)?.['reserved'] ?? 0);
  }

  /** The next process goes on without a gap. */
  end(): void {
    this.#reserved = this.#lastNumber;
  }

  close(): void {
    this.#readers.clear();
  }

  /** What waits for a disk that is full is bounded as well. */
  #forgetWaiting(): void {
    const oldest = this.#kept.oldest?.number ?? 0;
    this.#waiting = this.#waiting.filter(({ number }) => number >= oldest);
  }
}

export function prepareJournalStatements(database: DatabaseSync): JournalStatements {
  return {
    find: database.prepare('SELECT reserved FROM journals WHERE name = ?'),
    reserve: database.prepare(
      'INSERT INTO journals (name, reserved) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET reserved = excluded.reserved',
    ),
    insert: database.prepare(
      'INSERT OR REPLACE INTO journal_entries (journal, number, text) VALUES (?, ?, ?)',
    ),
    forgetBefore: database.prepare('DELETE FROM journal_entries WHERE journal = ? AND number < ?'),
    forgetAll: database.prepare('DELETE FROM journal_entries'),
    read: database.prepare(
      'SELECT number, text FROM journal_entries WHERE journal = ? AND number > ? ORDER BY number',
    ),
    measure: database.prepare(
      'SELECT number, length(text) AS length FROM journal_entries WHERE journal = ? ORDER BY number',
    ),
  };
}
