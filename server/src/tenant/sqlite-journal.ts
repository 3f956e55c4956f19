// Journals in the data file. An entry has its number, and is told, at once; it is written with the next document, in the same
// transaction, or by itself a moment later. So a story costs no wait of its own for the disk. Numbers are reserved in blocks: a
// process that is killed leaves a gap at most, and never gives a number twice.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Problem } from '../problem.ts';
import type { Journal, JournalBounds } from '../store.ts';
import { BoundedEntries } from './bounded-entries.ts';
import { JournalReaders, readEntry, tellOne } from './journal-readers.ts';
import type { SqliteOutage } from './sqlite-outage.ts';

/** Entries that no document takes along are written this much later, all at once. */
const WRITTEN_WITHIN_MS = 100;
/** And tried again so much later where that failed. */
const AGAIN_AFTER_MS = 1_000;
/** Large enough for one write in a long while, small enough for people to read. */
const BLOCK = 1_000;

interface Statements {
  find: StatementSync;
  reserve: StatementSync;
  insert: StatementSync;
  forgetBefore: StatementSync;
  forgetAll: StatementSync;
  read: StatementSync;
  measure: StatementSync;
}

export class SqliteJournals {
  readonly #database: DatabaseSync;
  readonly #outage: SqliteOutage;
  readonly #statements: Statements;
  readonly #journals = new Map<string, SqliteJournal<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(database: DatabaseSync, outage: SqliteOutage) {
    this.#database = database;
    this.#outage = outage;
    this.#statements = prepareStatements(database);
  }

  journal<T>(name: string, bounds: JournalBounds): Journal<T> {
    const journal =
      this.#journals.get(name) ??
      new SqliteJournal<unknown>(name, bounds, this.#statements, {
        soon: () => this.#writeSoon(),
        now: () => this.writeNow(),
      });
    this.#journals.set(name, journal);
    return journal as Journal<T>;
  }

  /** Everything that waits, and `write`, in one transaction. */
  writeWith<R>(write: () => R): R {
    const waiting = [...this.#journals.values()].filter((journal) => journal.isWaiting);
    this.#database.exec('BEGIN');
    try {
      for (const journal of waiting) journal.write();
      const written = write();
      this.#database.exec('COMMIT');
      for (const journal of waiting) journal.markWritten();
      return this.#written(written);
    } catch (cause) {
      rollBack(this.#database);
      throw cause;
    }
  }

  #written<R>(result: R): R {
    this.#outage.worked();
    return result;
  }

  /** Whatever fails is tried again with the next write. */
  writeNow(): void {
    if (this.#isClosed || ![...this.#journals.values()].some((journal) => journal.isWaiting)) return;
    try {
      this.#outage.guard(() => this.writeWith(() => undefined));
    } catch (cause) {
      // Told already, and tried again: also where nobody writes anything else.
      if (cause instanceof Problem) this.#writeSoon(AGAIN_AFTER_MS);
      else process.emitWarning(`the trace could not be written to the data file: ${String(cause)}`);
    }
  }

  /** In the transaction of whoever puts other documents in place; `clear` once that is done. */
  forgetAll(): void {
    this.#statements.forgetAll.run();
  }

  /** Nothing is kept; numbers go on. */
  clear(): void {
    for (const journal of this.#journals.values()) journal.clear();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const journal of this.#journals.values()) journal.end();
    this.writeNow();
    this.#isClosed = true;
    for (const journal of this.#journals.values()) journal.close();
  }

  #writeSoon(withinMs = WRITTEN_WITHIN_MS): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.writeNow();
    }, withinMs).unref();
  }
}

class SqliteJournal<T> implements Journal<T> {
  readonly #name: string;
  readonly #statements: Statements;
  readonly #due: { soon(): void; now(): void };
  readonly #readers = new JournalReaders<T>();
  readonly #kept: BoundedEntries<{ number: number; length: number }>;
  #lastNumber: number;
  /** The largest number that may be given before another block is on the disk. */
  #reserved: number;
  #waiting: Array<{ number: number; text: string }> = [];
  #isReplaced = false;
  #isReservationDue = false;
  #forgottenBefore = 0;

  constructor(
    name: string,
    bounds: JournalBounds,
    statements: Statements,
    due: { soon(): void; now(): void },
  ) {
    this.#name = name;
    this.#statements = statements;
    this.#due = due;
    this.#kept = new BoundedEntries(bounds);
    const reserved = Number(statements.find.get(name)?.['reserved'] ?? 0);
    this.#reserved = reserved;
    this.#lastNumber = reserved;
    for (const { number, length } of statements.measure.all(name)) {
      this.#kept.push({ number: Number(number), length: Number(length) });
    }
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0 || this.#isReplaced || this.#isReservationDue;
  }

  append(value: T): void {
    const text = JSON.stringify(value);
    const number = this.#lastNumber + 1;
    if (number > this.#reserved) {
      this.#reserve(number + BLOCK);
      this.#due.now();
    } else if (this.#reserved - number === BLOCK / 2) this.#reserve(this.#reserved + BLOCK);
    this.#lastNumber = number;
    this.#kept.push({ number, length: text.length });
    this.#waiting.push({ number, text });
    if (this.#waiting.length % BLOCK === 0) this.#forgetWaiting();
    this.#due.soon();
    this.#readers.tell({ number, value, text, isOwn: true });
  }

  async follow(afterNumber: number, reader: Parameters<Journal<T>['follow']>[1]): Promise<() => void> {
    this.#due.now();
    for (const { number, text } of this.#statements.read.all(this.#name, afterNumber)) {
      tellOne(reader, readEntry<T>(Number(number), String(text)));
    }
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
    this.clear();
    this.#isReplaced = true;
    for (const { number, value } of entries) {
      const text = JSON.stringify(value);
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
    this.#isReservationDue = false;
    this.#forgottenBefore = this.#kept.oldest?.number ?? 0;
  }

  clear(): void {
    this.#kept.clear();
    this.#waiting = [];
  }

  /** The next process goes on without a gap. */
  end(): void {
    if (this.#reserved !== this.#lastNumber) this.#reserve(this.#lastNumber);
  }

  close(): void {
    this.#readers.clear();
  }

  /** What waits for a disk that is full is bounded as well. */
  #forgetWaiting(): void {
    const oldest = this.#kept.oldest?.number ?? 0;
    this.#waiting = this.#waiting.filter(({ number }) => number >= oldest);
  }

  #reserve(upTo: number): void {
    this.#reserved = upTo;
    this.#isReservationDue = true;
  }
}

/** Ends a transaction that failed. */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // A full disk has ended the transaction already. https://www.sqlite.org/lang_transaction.html
  }
}

function prepareStatements(database: DatabaseSync): Statements {
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
