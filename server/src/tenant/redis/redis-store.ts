// The store that many processes share: Redis or Valkey. Every write is a script, so of two writers exactly one wins, wherever they
// are; what Redis has acknowledged is as durable as Redis itself is set up to be. Reading asks Redis each time: nothing is kept here.
import { type Clock, createSystemClock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { Collection, Store, StoredDocument, Versioned } from '../../store.ts';
import { readRedisAddress } from '../../store-address.ts';
import type { StoreOutages } from '../store-outage.ts';
import { requireOwnStore } from './redis-about.ts';
import { RedisConnection, waitAtMost } from './redis-connection.ts';
import {
  entriesOf,
  entryOf,
  isAlive,
  nameInKeys,
  readDocument,
  readValue,
  writeExpiry,
} from './redis-document.ts';
import { type Pages, pagesOf, pairsOf, RedisIndexes } from './redis-indexes.ts';
import { DUMP, INSERT, OVER, REFILL, REMOVE, REPLACE, SWEEP, UNKNOWN_INDEX } from './redis-scripts.ts';
import { RedisStreams } from './redis-streams.ts';
import { TimeComparison } from './redis-time.ts';

const SWEEP_EVERY_MS = 60_000;
const LARGEST_PAGE = 500;
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
  /** Of the computer. Default: the system's. */
  computerClock?: Clock | undefined;
  /** Something that no other process has, and short. */
  processId: string;
  /** How long a command waits for the server. */
  patienceMs?: number | undefined;
  /** Of whoever opens it more than once. */
  outages?: StoreOutages | undefined;
  /** Whether the store is opened once more after this, which then says what there is to say of the server. */
  isQuiet?: boolean | undefined;
}

/** @throws Problem `usage`, `store_unavailable` or `store_unusable` */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { clock, tenant, processId, patienceMs, outages, isQuiet = false } = options;
  const address = readRedisAddress(options.url);
  const prefix = `assent:{${tenant}}:`;
  const connection = await RedisConnection.open({ address, name: 'assent', patienceMs, outages });
  const time = new TimeComparison(connection, address.shown, options.computerClock ?? createSystemClock());
  const indexes = new RedisIndexes(connection, prefix);
  let streams: RedisStreams | undefined;
  let generation: string;
  try {
    await requireOwnStore(connection, { prefix, shown: address.shown, isQuiet });
    streams = await RedisStreams.open({
      prefix,
      origin: processId,
      connection,
      reader: { address, name: 'assent-reader', patienceMs },
    });
    if (!isQuiet) await time.compare();
    await indexes.load();
    generation = (await connection.run<string | null>(['GET', `${prefix}generation`])) ?? '0';
  } catch (cause) {
    await streams?.close();
    connection.destroy();
    throw cause;
  }
  let sweepAt = clock.now() + SWEEP_EVERY_MS;
  let writes = 0;
  let isClosed = false;

  const now = (): string => String(Math.floor(clock.now()));
  const nextWriteId = (): string => {
    writes += 1;
    return `${processId}.${writes}`;
  };
  let sweeping: Promise<void> | undefined;
  /** Until nothing is left of what has ended, in portions that others can get in between. */
  const sweepAll = async (): Promise<void> => {
    let swept = SWEPT_AT_ONCE;
    while (swept === SWEPT_AT_ONCE && !isClosed)
      swept = await connection.runScript<number>(SWEEP, prefix, [now(), String(SWEPT_AT_ONCE)]);
  };
  const sweep = (): void => {
    if (clock.now() < sweepAt || sweeping) return;
    sweepAt = clock.now() + SWEEP_EVERY_MS;
    // Housekeeping: what has ended is not shown either way.
    sweeping = sweepAll()
      .catch(() => undefined)
      .finally(() => {
        sweeping = undefined;
      });
  };
  // Also where nothing is written: Redis forgets documents by itself, but not what points at them.
  const sweeper = setInterval(() => {
    sweep();
    void time.compare();
  }, SWEEP_EVERY_MS).unref();
  /** As often as it takes to know all indexes. @param wordsOf what depends on them is made anew */
  const write = async (script: typeof INSERT, wordsOf: () => string[]): Promise<boolean> => {
    for (;;) {
      const answer = await connection.runScript<number>(script, prefix, [...wordsOf(), generation]);
      // A Redis without room lets things be removed, and says of others that there is nothing to be done.
      if (answer === 1 && script !== REMOVE) connection.wrote();
      // Somebody who is still at work on what has been replaced must not write into what took its place.
      if (answer === OVER) throw begunAnew();
      if (answer !== UNKNOWN_INDEX) return answer === 1;
      await indexes.load();
    }
  };

  return {
    isShared: true,
    bus: streams.bus,
    get filling() {
      return { generation, knownBy: processId };
    },
    journal: (name, bounds) => streams.journal(name, bounds),
    collection<T>(name: string): Collection<T> {
      const inKeys = nameInKeys(name);
      const keyOf = (id: string): string => `${prefix}doc:${inKeys}:${id}`;
      /** @param entry of an index that it was found in: Redis may have forgotten another document of that id, and not that it was there */
      const readOne = (id: string, text: string, entry?: string): Array<Versioned<T> & { id: string }> => {
        const document = readDocument(text);
        if (entry !== undefined && !document.entries.split('\t').includes(entry)) return [];
        return isAlive(document, clock.now()) ? [{ id, ...readValue<T>(document) }] : [];
      };
      const readPages = async (which: Pages) => {
        const found: Array<Versioned<T> & { id: string }> = [];
        for await (const page of pagesOf(connection, prefix, which)) {
          for (const [id, text] of page) found.push(...readOne(id, text, which.entry));
        }
        return found;
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
          return readPages({ collection: name, entry: entryOf(key, wanted) });
        },
        async list() {
          return isClosed ? [] : readPages({ collection: name });
        },
        async newest({ most, before, where }) {
          if (isClosed) return [];
          if (where) await indexes.provide(name, where[0]);
          const found: Array<Versioned<T> & { id: string; order: number }> = [];
          const entry = where && entryOf(where[0], where[1]);
          const pages = pagesOf(connection, prefix, {
            collection: name,
            entry,
            before: before === undefined ? '+inf' : String(before),
            size: Math.min(most, LARGEST_PAGE),
          });
          for await (const page of pages) {
            for (const [id, text] of page) {
              const { order } = readDocument(text);
              for (const one of readOne(id, text, entry))
                if (found.length < most) found.push({ ...one, order });
            }
            if (found.length >= most) break;
          }
          return found;
        },
        async orderOf(id) {
          if (isClosed) return undefined;
          const text = await connection.run<string | null>(['GET', keyOf(id)]);
          return text === null ? undefined : readDocument(text).order;
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
    async refill(documents, stories = [], over = { generation: '', knownBy: processId }) {
      if (isClosed) throw new Error('the store is closed; documents came too late');
      const texts = documents.map(({ value }) => {
        const text = JSON.stringify(value);
        if (text === undefined) throw new Error('a document is nothing that JSON can carry');
        return text;
      });
      const told = stories.flatMap(({ journal, entries }) => [
        encodeURIComponent(journal),
        String(entries.length),
        ...entries.flatMap(({ number, value }) => [String(number), JSON.stringify(value)]),
      ]);
      await waitAtMost(FAREWELL_MS, streams.flushed());
      for (;;) {
        const answer = await connection.runScript<number>(REFILL, prefix, [
          now(),
          indexes.count,
          over.generation,
          over.knownBy,
          String(stories.length),
          ...told,
          ...documents.flatMap(({ collection, id, version, expiresAt, value }, at) => [
            nameInKeys(collection),
            id,
            String(version),
            writeExpiry(expiresAt),
            entriesOf(value, indexes.keysOf(collection)),
            texts[at] ?? '',
          ]),
        ]);
        if (answer === OVER) throw begunAnew();
        if (answer !== UNKNOWN_INDEX) {
          // Not told as a write that worked: it begins with removing things, and Redis lets such a script go on without room.
          generation = String(answer);
          return;
        }
        await indexes.load();
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(sweeper);
      await waitAtMost(FAREWELL_MS, streams.flushed());
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
