// The store that outlives the process: one SQLite file. A write that has been acknowledged is on the disk. Writes are carried out one
// after another (`sqlite-writes`), so of two writers in this process one is always first, and there is no other process.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import { type Collection, NOBODY_ELSE, type Store, type Versioned } from '../store.ts';
import { type DataFileOptions, openDataFile, shrinkFile } from './sqlite-file.ts';
import { rollBack, SqliteJournals } from './sqlite-journals.ts';
import { SqliteOutage } from './sqlite-outage.ts';
import { SqlitePlace } from './sqlite-place.ts';
import { SqliteWrites } from './sqlite-writes.ts';
import { StoreOutages } from './store-outage.ts';

const SWEEP_EVERY_MS = 60_000;

/** With the instant of the question as its parameter. */
const ALIVE = '(expires_at IS NULL OR expires_at > ?)';
const FOUND = 'SELECT id, version, sequence, value FROM documents WHERE';
/** With the order before which, and how many at most, as its parameters. */
const NEWEST = 'AND sequence < ? ORDER BY sequence DESC LIMIT ?';

interface Statements {
  get: StatementSync;
  insert: StatementSync;
  replace: StatementSync;
  remove: StatementSync;
  list: StatementSync;
  newest: StatementSync;
  dump: StatementSync;
  refill: StatementSync;
  forgetOne: StatementSync;
  forgetAll: StatementSync;
}

/** By one member. */
interface Finder {
  all: StatementSync;
  newest: StatementSync;
}

/**
 * @param options the clock decides when a document has expired; the outages are those of whoever opens the file more than once
 * @throws Problem `data_file_in_use` or `data_file_unusable`
 */
export async function openSqliteStore({
  clock,
  outages = new StoreOutages(),
  ...options
}: DataFileOptions & { clock: Clock; outages?: StoreOutages | undefined }): Promise<Store> {
  const database = await openDataFile(options);
  const statements = prepareStatements(database);
  const outage = new SqliteOutage(options.file, outages.everything);
  const place = new SqlitePlace(options.file, outage);
  const journals = new SqliteJournals(database, outage, place);
  const writes = new SqliteWrites(journals, outage);
  const finders = new Map<string, Finder>();
  let sweepAt = clock.now();
  let isClosed = false;

  const sweep = (now: number): void => {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    statements.forgetAll.run(now);
    shrinkFile(database);
  };
  const finderOf = (collection: string, key: string): Finder => {
    const name = `${collection}.${key}`;
    const finder = finders.get(name) ?? prepareFinder(database, collection, key);
    finders.set(name, finder);
    return finder;
  };

  return {
    isShared: false,
    bus: NOBODY_ELSE,
    filling: undefined,
    journal: (name, bounds) => journals.journal(name, bounds),
    collection<T>(name: string): Collection<T> {
      return {
        async get(id) {
          if (isClosed) return undefined;
          const row = outage.guard(() => statements.get.get(name, id, clock.now()));
          return row && readRow<T>(row);
        },
        async insert(id, value, options) {
          // Accepting it would be a promise that nobody keeps; false would mean that the id is taken.
          if (isClosed) throw new Error(`the store is closed; "${id}" came too late for ${name}`);
          const now = clock.now();
          const [expiry, text] = [toExpiry(options?.expiresAt), JSON.stringify(value)];
          const write = (): boolean => statements.insert.run(name, id, expiry, text).changes === 1;
          return writes.add(() => {
            sweep(now);
            // What has expired may still lie there.
            return write() || (statements.forgetOne.run(name, id, now).changes === 1 && write());
          });
        },
        async replace(id, version, value, options) {
          if (isClosed) return false;
          const isKept = options?.expiresAt === undefined ? 1 : 0;
          const expiry = toExpiry(options?.expiresAt);
          const [now, text] = [clock.now(), JSON.stringify(value)];
          return writes.add(
            () => statements.replace.run(text, isKept, expiry, name, id, version, now).changes === 1,
          );
        },
        async remove(id) {
          if (isClosed) return false;
          const now = clock.now();
          return writes.add(() => statements.remove.run(name, id, now).changes === 1);
        },
        async findBy(key, wanted) {
          if (isClosed) return [];
          return outage.guard(() =>
            finderOf(name, key)
              .all.all(wanted, clock.now())
              .map(readRow<T>),
          );
        },
        async list() {
          if (isClosed) return [];
          return outage.guard(() => statements.list.all(name, clock.now())).map(readRow<T>);
        },
        async newest({ most, before = Number.MAX_SAFE_INTEGER, where }) {
          if (isClosed) return [];
          const rows = outage.guard(() =>
            where === undefined
              ? statements.newest.all(name, clock.now(), before, most)
              : finderOf(name, where[0]).newest.all(where[1], clock.now(), before, most),
          );
          return rows.map((row) => ({ ...readRow<T>(row), order: Number(row['sequence']) }));
        },
        async orderOf(id) {
          if (isClosed) return undefined;
          const row = outage.guard(() => statements.get.get(name, id, clock.now()));
          return row && Number(row['sequence']);
        },
      };
    },
    async dump() {
      if (isClosed) return [];
      return outage
        .guard(() => statements.dump.all(clock.now()))
        .map((row) => ({
          collection: String(row['collection']),
          expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
          ...readRow<unknown>(row),
        }));
    },
    async refill(documents, stories = []) {
      if (isClosed) throw new Error('the store is closed; documents came too late');
      const write = (): void => {
        place.requireSame();
        database.exec('BEGIN');
        try {
          database.exec('DELETE FROM documents');
          journals.replaceAll(stories);
          for (const { collection, id, version, expiresAt, value } of documents) {
            const expiry = toExpiry(expiresAt ?? undefined);
            statements.refill.run(collection, id, version, expiry, JSON.stringify(value));
          }
          database.exec('COMMIT');
        } catch (cause) {
          rollBack(database);
          throw cause;
        }
      };
      writes.flush();
      outage.guard(write);
      journals.readAgain();
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      writes.flush();
      journals.close();
      database.close();
    },
  };
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    get: database.prepare(`${FOUND} collection = ? AND id = ? AND ${ALIVE}`),
    insert: database.prepare(
      `INSERT INTO documents (collection, id, version, expires_at, value) VALUES (?, ?, 1, ?, ?)
       ON CONFLICT (collection, id) DO NOTHING`,
    ),
    replace: database.prepare(
      `UPDATE documents SET value = ?, version = version + 1, expires_at = iif(?, expires_at, ?)
       WHERE collection = ? AND id = ? AND version = ? AND ${ALIVE}`,
    ),
    remove: database.prepare(`DELETE FROM documents WHERE collection = ? AND id = ? AND ${ALIVE}`),
    list: database.prepare(`${FOUND} collection = ? AND ${ALIVE} ORDER BY sequence`),
    // Backwards through the table until there are enough, not by the index of collections and then in order.
    newest: database.prepare(`${FOUND} +collection = ? AND ${ALIVE} ${NEWEST}`),
    dump: database.prepare(
      `SELECT collection, id, version, expires_at, value FROM documents WHERE ${ALIVE} ORDER BY sequence`,
    ),
    refill: database.prepare(
      'INSERT INTO documents (collection, id, version, expires_at, value) VALUES (?, ?, ?, ?, ?)',
    ),
    forgetOne: database.prepare('DELETE FROM documents WHERE collection = ? AND id = ? AND expires_at <= ?'),
    forgetAll: database.prepare('DELETE FROM documents WHERE expires_at <= ?'),
  };
}

/**
 * Finds by a member through an index of its own, made when it is first wanted and kept from then on. Both names are words of
 * our code. SQLite reads no text that is nested more than a thousand deep; such a document is kept, and found by its id only.
 */
function prepareFinder(database: DatabaseSync, collection: string, key: string): Finder {
  const ofCollection = `collection = ${quote(collection, "'")}`;
  const path = quote(`$.${quote(key, '"')}`, "'");
  const member = `CASE WHEN json_valid(value) THEN json_extract(value, ${path}) END`;
  const index = quote(`documents_of_${collection}_by_${key}`, '"');
  database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON documents (${member}) WHERE ${ofCollection}`);
  const found = `${FOUND} ${ofCollection} AND ${member} = ? AND ${ALIVE}`;
  return {
    all: database.prepare(`${found} ORDER BY sequence`),
    newest: database.prepare(`${found} ${NEWEST}`),
  };
}

function quote(text: string, mark: '"' | "'"): string {
  return `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
}

/** Whole milliseconds; null for never. */
function toExpiry(expiresAt: number | undefined): number | null {
  return expiresAt === undefined || expiresAt === Number.POSITIVE_INFINITY ? null : Math.ceil(expiresAt);
}

function readRow<T>({ id, version, value }: Record<string, unknown>): Versioned<T> & { id: string } {
  return { id: String(id), version: Number(version), value: readValue(String(value)) as T };
}

/** @throws Problem `data_file_unusable` for what only somebody else can have written there */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('data_file_unusable', 'The data file is damaged: one of its documents is no JSON.', {
      status: 500,
      hint: 'Go back to a copy of the file, or name another one with --data.',
      cause,
    });
  }
}
