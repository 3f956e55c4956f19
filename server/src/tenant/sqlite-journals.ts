// All journals of a data file: what waits of them is written with the next document, in the same transaction, or by itself a moment
// later. So a story costs no wait of its own for the disk. Called by `sqlite-store`; what a journal itself keeps and promises is in
// `sqlite-journal`.
import type { DatabaseSync } from 'node:sqlite';
import { Problem } from '../problem.ts';
import type { Journal, JournalBounds, StoredStory } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { type JournalStatements, prepareJournalStatements, SqliteJournal } from './sqlite-journal.ts';
import type { SqliteOutage } from './sqlite-outage.ts';
import type { SqlitePlace } from './sqlite-place.ts';

/** Entries that no document takes along are written this much later, all at once. */
const WRITTEN_WITHIN_MS = 100;
/** And tried again so much later where that failed. */
const AGAIN_AFTER_MS = 1_000;

export class SqliteJournals {
  readonly #database: DatabaseSync;
  readonly #outage: SqliteOutage;
  readonly #place: SqlitePlace;
  readonly #statements: JournalStatements;
  readonly #journals = new Map<string, SqliteJournal<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(database: DatabaseSync, outage: SqliteOutage, place: SqlitePlace) {
    this.#database = database;
    this.#outage = outage;
    this.#place = place;
    this.#statements = prepareJournalStatements(database);
  }

  journal<T>(name: string, bounds: JournalBounds): Journal<T> {
    const due = { soon: () => this.#writeSoon(), now: () => this.writeNow() };
    const journal =
      this.#journals.get(name) ??
      this.#outage.guard(() => new SqliteJournal<unknown>(name, bounds, this.#statements, due));
    this.#journals.set(name, journal);
    return journal as Journal<T>;
  }

  /** Everything that waits, and `write`, in one transaction. */
  writeWith<R>(write: () => R): R {
    const written = this.#writeAtOnce(write);
    for (const journal of this.#journals.values()) journal.release();
    return written;
  }

  #writeAtOnce<R>(write: () => R): R {
    const waiting = [...this.#journals.values()].filter((journal) => journal.isWaiting);
    this.#place.requireSame();
    this.#database.exec('BEGIN');
    try {
      for (const journal of waiting) journal.write();
      const written = write();
      this.#database.exec('COMMIT');
      this.#place.remember();
      for (const journal of waiting) journal.markWritten();
      this.#outage.worked();
      return written;
    } catch (cause) {
      rollBack(this.#database);
      throw cause;
    }
  }

  /** Whatever fails is tried again with the next write. */
  writeNow(): void {
    if (this.#isClosed || ![...this.#journals.values()].some((journal) => journal.isWaiting)) return;
    try {
      this.#outage.guard(() => this.writeWith(() => undefined));
    } catch (cause) {
      // Told already, and tried again: also where nobody writes anything else.
      if (cause instanceof Problem) this.#writeSoon(AGAIN_AFTER_MS);
      else warnOfFailure('the trace could not be written to the data file', cause);
    }
  }

  /** In the transaction of whoever puts other documents in place; `readAgain` once that is done. */
  replaceAll(stories: readonly StoredStory[]): void {
    const { forgetAll, insert, reserve, find } = this.#statements;
    forgetAll.run();
    for (const { journal, entries } of stories) {
      for (const { number, value } of entries) insert.run(journal, number, JSON.stringify(value));
      const last = entries.at(-1)?.number ?? 0;
      if (last > Number(find.get(journal)?.['reserved'] ?? 0)) reserve.run(journal, last);
    }
  }

  /** What was put in place is kept; numbers go on. */
  readAgain(): void {
    for (const journal of this.#journals.values()) journal.readAgain();
  }

  close(): void {
    // What was held while the disk took nothing gets its numbers first, if it takes something by now.
    this.writeNow();
    for (const journal of this.#journals.values()) journal.end();
    this.writeNow();
    this.#isClosed = true;
    clearTimeout(this.#timer);
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

/** Ends a transaction that failed. */
export function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // A full disk has ended the transaction already. https://www.sqlite.org/lang_transaction.html
  }
}
