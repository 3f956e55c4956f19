// Whose keys these are, and whether the server can be relied upon. Asked once, when the store is opened.
import { Problem } from '../../problem.ts';
import { warn } from '../../warnings.ts';
import type { RedisConnection } from './redis-connection.ts';

/** Raised by every change of what the keys hold. Those of a newer format are left alone. */
const FORMAT = 1;

interface Ownership {
  prefix: string;
  /** The address, without a password. */
  shown: string;
  /** Whether what is to be said of the server has been said, or will be. */
  isQuiet?: boolean | undefined;
}

/** @throws Problem `store_unusable` where a newer Assent has written */
export async function requireOwnStore(
  connection: RedisConnection,
  { prefix, shown, isQuiet = false }: Ownership,
): Promise<void> {
  const about = `${prefix}about`;
  const readFormat = () => connection.run<string | null>(['HGET', about, 'format']);
  // Read first: of a store that is full that is all that can be done.
  if ((await readFormat()) === null) await connection.run(['HSETNX', about, 'format', String(FORMAT)]);
  const format = await readFormat();
  if (Number(format) !== FORMAT) {
    throw new Problem(
      'store_unusable',
      `The store ${shown} has format ${String(format)} for this tenant, written by a newer Assent; this one knows format ${FORMAT}.`,
      { status: 500, hint: 'Start the newer version, or name another database: redis://HOST:PORT/1' },
    );
  }
  if (!isQuiet) await warnOfEviction(connection, shown);
}

/** Not everybody may ask for it, and then it cannot be told. */
async function warnOfEviction(connection: RedisConnection, shown: string): Promise<void> {
  const memory = await connection.run<string>(['INFO', 'memory']).catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  const limit = Number(/^maxmemory:(\d+)/m.exec(memory)?.[1] ?? 0);
  if (policy === undefined || policy === 'noeviction' || limit === 0) return;
  warn(
    'STORE_EVICTS',
    `The store ${shown} drops documents when its memory is full (maxmemory-policy ${policy}). Set: maxmemory-policy noeviction`,
  );
}
