// The store that many processes share: Redis or Valkey. Every write is a script, so of two writers exactly one wins, wherever they
// are; what Redis has acknowledged is as durable as Redis itself is set up to be. Reading asks Redis each time: nothing is kept here.
import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { Collection, Store, StoredDocument, Versioned } from '../../store.ts';
import { readRedisAddress } from '../../store-address.ts';
import { requireOwnStore } from './redis-about.ts';
import { RedisConnection } from './redis-connection.ts';
import {
  entriesOf,
  entryOf,
  isAlive,
  nameInKeys,
  readDocument,
  readValue,
  writeExpiry,
} from './redis-document.ts';
import { pagesOf, pairsOf, RedisIndexes } from './redis-indexes.ts';
import { DUMP, FIND, INSERT, OVER, REFILL, REMOVE, REPLACE, SWEEP, UNKNOWN_INDEX } from './redis-scripts.ts';
import { RedisStreams } from './redis-streams.ts';

const SWEEP_EVERY_MS = 60_000;
const SWEPT_AT_ONCE = 500;
/** How long closing waits for what is on its way. */
const FAREWELL_MS = 1_000;

export interface RedisStoreOptions {
  /** `redis://…` */
  url: string;
  /** Name of the tenant, whose keys are its own. */
  tenant: string;
  /** Decides when a document has expired. */
  clock: Clock;
  /** Something that no other process has, and short. */
  processId: string;
  /** How long a command waits for the server. */
  patienceMs?: number | undefined;
}

/** @throws Problem `usage`, `store_unavailable` or `store_unusable` */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { clock, tenant, processId, patienceMs } = options;
  const address = readRedisAddress(options.url);
  const prefix = `assent:{${tenant}}:`;
  const connection = await RedisConnection.open({ address, name: 'assent', patienceMs });
  let streams: RedisStreams;
  try {
    await requireOwnStore(connection, { prefix, shown: address.shown });
    streams = await RedisStreams.open({
      prefix,
      origin: processId,
      connection,
      reader: { address, name: 'assent-reader', patienceMs },
    });
  } catch (cause) {
    connection.destroy();
    throw cause;
  }
  const indexes = new RedisIndexes(connection, prefix);
  await indexes.load();
  let sweepAt = clock.now() + SWEEP_EVERY_MS;
  let generation = (await connection.run<string | null>(['GET', `${prefix}generation`])) ?? '0';
  let writes = 0;
  let isClosed = false;

  const now = (): string => String(Math.floor(clock.now()));
  const nextWriteId = (): string => {
    writes += 1;
    return `${processId}.${writes}`;
  };
  const sweep = (): void => {
    if (clock.now() < sweepAt) return;
    sweepAt = clock.now() + SWEEP_EVERY_MS;
    // Housekeeping: what has ended is not shown either way.
    connection.runScript(SWEEP, prefix, [now(), String(SWEPT_AT_ONCE)]).catch(() => undefined);
  };
  /** As often as it takes to know all indexes. @param wordsOf what depends on them is made anew */
  const write = async (script: typeof INSERT, wordsOf: () => string[]): Promise<boolean> => {
    for (;;) {
      const answer = await connection.runScript<number>(script, prefix, [...wordsOf(), generation]);
      connection.wrote();
      // Somebody who is still at work on what has been replaced must not write into what took its place.
      if (answer === OVER) throw begunAnew();
      if (answer !== UNKNOWN_INDEX) return answer === 1;
      await indexes.load();
    }
  };

  return {
    isShared: true,
    bus: streams.bus,
    journal: (name, bounds) => streams.journal(name, bounds),
    collection<T>(name: string): Collection<T> {
      const inKeys = nameInKeys(name);
      const keyOf = (id: string): string => `${prefix}doc:${inKeys}:${id}`;
      const readOne = (id: string, text: string): Array<Versioned<T> & { id: string }> => {
        const document = readDocument(text);
        return isAlive(document, clock.now()) ? [{ id, ...readValue<T>(document) }] : [];
      };
      return {
        async get(id) {
          if (isClosed) return undefined;
          const text = await connection.run<string | null>(['GET', keyOf(id)]);
          if (text === null) return undefined;
          const document = readDocument(text);
          return isAlive(document, clock.now()) ? readValue<T>(document) : undefined;
        },
        async insert(id, value, expiry) {
          // Accepting it would be a promise that nobody keeps; false would mean that the id is taken.
          if (isClosed) throw new Error(`the store is closed; "${id}" came too late for ${name}`);
          sweep();
          const [json, writeId] = [JSON.stringify(value), nextWriteId()];
          const endsAt = writeExpiry(expiry?.expiresAt);
          return write(INSERT, () => [
            inKeys,
            id,
            now(),
            endsAt,
            entriesOf(value, indexes.keysOf(name)),
            indexes.count,
            json,
            writeId,
          ]);
        },
        async replace(id, version, value, expiry) {
          if (isClosed) return false;
          const [json, writeId] = [JSON.stringify(value), nextWriteId()];
          const keepsEnd = expiry?.expiresAt === undefined ? '1' : '0';
          const endsAt = writeExpiry(expiry?.expiresAt);
          return write(REPLACE, () => [
            inKeys,
            id,
            now(),
            String(version),
            keepsEnd,
            endsAt,
            entriesOf(value, indexes.keysOf(name)),
            indexes.count,
            json,
            writeId,
          ]);
        },
        async remove(id) {
          if (isClosed) return false;
          const words = [inKeys, id, now(), nextWriteId()];
          return write(REMOVE, () => words);
        },
        async findBy(key, wanted) {
          if (isClosed) return [];
          await indexes.provide(name, key);
          const words = await connection.runScript<string[]>(FIND, prefix, [inKeys, entryOf(key, wanted)]);
          return pairsOf(words).flatMap(([id, text]) => readOne(id, text));
        },
        async list() {
          if (isClosed) return [];
          const found: Array<Versioned<T> & { id: string }> = [];
          for await (const page of pagesOf(connection, prefix, name)) {
            for (const [id, text] of page) found.push(...readOne(id, text));
          }
          return found;
        },
      };
    },
    async dump() {
      if (isClosed) return [];
      const nowMs = clock.now();
      const words = await connection.runScript<Array<string | string[]>>(DUMP, prefix, []);
      const documents: StoredDocument[] = [];
      for (let at = 0; at < words.length; at += 2) {
        const collection = decodeURIComponent(String(words[at]));
        for (const [id, text] of pairsOf(words[at + 1] as string[])) {
          const document = readDocument(text);
          const { expiresAt } = document;
          if (isAlive(document, nowMs)) documents.push({ collection, id, expiresAt, ...readValue(document) });
        }
      }
      return documents;
    },
    async refill(documents) {
      if (isClosed) throw new Error('the store is closed; documents came too late');
      const texts = documents.map(({ value }) => {
        const text = JSON.stringify(value);
        if (text === undefined) throw new Error('a document is nothing that JSON can carry');
        return text;
      });
      await streams.flushed();
      for (;;) {
        const answer = await connection.runScript<number>(REFILL, prefix, [
          now(),
          indexes.count,
          ...documents.flatMap(({ collection, id, version, expiresAt, value }, at) => [
            nameInKeys(collection),
            id,
            String(version),
            writeExpiry(expiresAt),
            entriesOf(value, indexes.keysOf(collection)),
            texts[at] ?? '',
          ]),
        ]);
        connection.wrote();
        if (answer !== UNKNOWN_INDEX) {
          generation = String(answer);
          return;
        }
        await indexes.load();
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const { promise: isTime, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FAREWELL_MS);
      await Promise.race([streams.flushed(), isTime]);
      clearTimeout(timer);
      await streams.close();
      connection.destroy();
    },
  };
}

function begunAnew(): Problem {
  return new Problem('not_ready', 'The tenant has begun anew meanwhile, so nothing was changed.', {
    status: 503,
    hint: 'Ask again in a moment: it is answered by what there is now.',
  });
}
