// The data file: an SQLite database of one tenant, held by one process at a time. Whatever is wrong with it is a Problem that
// says so before anything was written. It holds private keys and tokens, so it belongs to its owner alone.
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isFailure, keepFromOthers, makeFolder } from '../disk.ts';
import { Problem } from '../problem.ts';

type Sqlite = typeof import('node:sqlite');

/** "Asnt", by which other programs tell whose file it is. https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x41736e74;
/** Raised by every change of the tables. A file of a newer version is left alone. */
const SCHEMA_VERSION = 2;

const JOURNAL_TABLES = `
  CREATE TABLE journals (name TEXT PRIMARY KEY, reserved INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE journal_entries (
    journal TEXT NOT NULL,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (journal, number)
  ) STRICT;
`;

const TABLES = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE documents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER,
    value TEXT NOT NULL,
    UNIQUE (collection, id)
  ) STRICT;
  CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL;
  ${JOURNAL_TABLES}
  PRAGMA application_id = ${APPLICATION_ID};
`;

/** From layout 1, which kept no story, and reserved the numbers of the trace in a document. */
const FROM_1_TO_2 = `
  ${JOURNAL_TABLES}
  INSERT INTO journals (name, reserved)
    SELECT 'trace', json_extract(value, '$.last') FROM documents WHERE collection = 'event-numbers' AND id = 'reserved';
  DELETE FROM documents WHERE collection = 'event-numbers';
  UPDATE about SET value = '2' WHERE name = 'schema_version';
`;

/** What stays of the log beside the file, once it has been longer. */
const LARGEST_LOG_BYTES = 16_000_000;
/** Of 4 KiB each: free pages that are not worth the work, and how many are given back in one go. */
const FREE_PAGES_KEPT = 2_000;
const PAGES_AT_ONCE = 4_000;

/** One page of the smallest size. https://www.sqlite.org/fileformat.html */
const SMALLEST_DATABASE_BYTES = 512;

/** Result codes of SQLite. https://www.sqlite.org/rescode.html */
const RESULT = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

export interface DataFileOptions {
  file: string;
  /** Name of the tenant whose file it is. */
  tenant: string;
}

/**
 * Opens the file, or makes it with the folders around it. Nobody else can open it until the database is closed.
 *
 * @throws Problem `data_file_in_use` or `data_file_unusable`
 */
export async function openDataFile({ file, tenant }: DataFileOptions): Promise<DatabaseSync> {
  const { DatabaseSync } = loadSqlite();
  const isNew = await prepareFile(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // Set before anything is read: then the locks are kept until the end, and no memory is shared beside the file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    // Possible before there is anything in it alone: what is free then can be given back (`shrinkFile`).
    if (isNew) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('BEGIN EXCLUSIVE');
    if (isEmpty(database)) createTables(database, tenant);
    else requireOwn(database, { file, tenant });
    database.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec(`PRAGMA journal_size_limit = ${LARGEST_LOG_BYTES}`);
    // Its log took over the rights that it was found with.
    for (const each of [file, `${file}-wal`]) await keepFromOthers(each);
    return database;
  } catch (cause) {
    database?.close();
    throw explain(cause, file);
  }
}

/** Node 22 calls its SQLite experimental, once for each process that loads it. That one sentence is kept from the terminal. */
function loadSqlite(): Sqlite {
  const emitWarning = process.emitWarning;
  const isAboutSqlite = (words: readonly unknown[]): boolean =>
    words[1] === 'ExperimentalWarning' && String(words[0]).startsWith('SQLite');
  process.emitWarning = (...words: unknown[]): void => {
    if (!isAboutSqlite(words)) Reflect.apply(emitWarning, process, words);
  };
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    if (sqlite) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new Problem('data_file_unusable', `This Node (${process.version}) was built without SQLite.`, {
    hint: 'Use Node 22.13 or newer from nodejs.org, or start without --data.',
  });
}

/**
 * Gives back some of the space that nothing uses, where that is most of the file: after a load test whose requests have ended, say.
 * What is left over is used again, so that a file does not grow by being in use. Called now and then, within a transaction.
 */
export function shrinkFile(database: DatabaseSync): void {
  const [free, all] = ['freelist_count', 'page_count'].map((name) =>
    Number(readNumber(database, `PRAGMA ${name}`)),
  );
  if (free === undefined || all === undefined || free < FREE_PAGES_KEPT || free * 2 < all) return;
  // Without effect on a file that was made without it.
  database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
}

/**
 * An empty file is made first: SQLite would let others read what it makes, and gives its other files the rights of this one.
 *
 * @returns whether there is nothing in it
 */
async function prepareFile(file: string): Promise<boolean> {
  try {
    await makeFolder(dirname(file));
    await writeFile(file, '', { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      if (!isFailure(error, 'EEXIST')) throw error;
    });
    const found = await stat(file);
    if (!found.isFile()) throw new Error('it is no file');
    // SQLite takes a few bytes for nothing, and would write over them. The file itself is not opened here: closing it would
    // give up the locks of a database that this process has open already (POSIX).
    if (found.size > 0 && found.size < SMALLEST_DATABASE_BYTES) throw foreign(file);
    // SQLite itself would open it for reading, and fail at the first request.
    await access(file, constants.R_OK | constants.W_OK);
    return found.size === 0;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw unusable(`The data file ${file} cannot be opened: ${reasonOf(cause)}`, cause);
  }
}

/** New, or left by a process that died before it had made the tables. */
function isEmpty(database: DatabaseSync): boolean {
  return (
    readNumber(database, 'PRAGMA application_id') === 0 &&
    readNumber(database, 'SELECT count(*) FROM sqlite_schema') === 0
  );
}

function createTables(database: DatabaseSync, tenant: string): void {
  database.exec(TABLES);
  const insert = database.prepare('INSERT INTO about (name, value) VALUES (?, ?)');
  insert.run('schema_version', String(SCHEMA_VERSION));
  insert.run('tenant', tenant);
}

function requireOwn(database: DatabaseSync, { file, tenant }: DataFileOptions): void {
  if (readNumber(database, 'PRAGMA application_id') !== APPLICATION_ID) throw foreign(file);
  const about = new Map(
    database
      .prepare('SELECT name, value FROM about')
      .all()
      .map(({ name, value }) => [name, value]),
  );
  const version = Number(about.get('schema_version'));
  if (!Number.isInteger(version)) throw damaged(file, 'it does not say which layout it has');
  if (version !== SCHEMA_VERSION && version !== 1) {
    throw new Problem(
      'data_file_unusable',
      `The data file ${file} has layout ${version}, written by a newer Assent; this one knows layout ${SCHEMA_VERSION}.`,
      { hint: 'Start the newer version, or name another file with --data.' },
    );
  }
  const owner = about.get('tenant');
  if (owner !== tenant) {
    throw new Problem(
      'data_file_unusable',
      `The data file ${file} belongs to the tenant "${owner}", this one is called "${tenant}".`,
      { hint: 'Each tenant has a file of its own: name another one with --data.' },
    );
  }
  if (version === 1) database.exec(FROM_1_TO_2);
  const tables = new Set(
    database
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name),
  );
  const missing = ['documents', 'journals', 'journal_entries'].find((name) => !tables.has(name));
  if (missing !== undefined) throw damaged(file, `it has no table ${missing}`);
}

function readNumber(database: DatabaseSync, query: string): unknown {
  return Object.values(database.prepare(query).get() ?? {})[0];
}

function explain(cause: unknown, file: string): unknown {
  if (cause instanceof Problem || !(cause instanceof Error) || !('errcode' in cause)) return cause;
  // The lower byte is the result code, the rest its variety.
  switch (Number(cause.errcode) & 0xff) {
    case RESULT.busy:
      return new Problem('data_file_in_use', `Another process has the data file ${file} open.`, {
        hint: 'Stop the server that runs with it, or start this one with a file of its own:   assent --data other.db',
        cause,
      });
    case RESULT.notADatabase:
      return foreign(file);
    case RESULT.corrupt:
      return damaged(file, cause.message, cause);
    default:
      return unusable(`The data file ${file} cannot be used: ${cause.message}`, cause);
  }
}

function foreign(file: string): Problem {
  return new Problem('data_file_unusable', `${file} is not a data file of Assent; it was left as it is.`, {
    hint: 'Name a file that does not exist yet, or one that Assent made:   assent --data assent.db',
  });
}

function damaged(file: string, how: string, cause?: unknown): Problem {
  return unusable(`The data file ${file} is damaged: ${how}.`, cause);
}

function unusable(message: string, cause: unknown): Problem {
  return new Problem('data_file_unusable', message, {
    hint: 'Look at the file and its folder (rights, space, a copy to go back to), or name another file with --data.',
    cause,
  });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
