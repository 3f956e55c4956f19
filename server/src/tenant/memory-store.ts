// The store that a process carries along. Nothing outlives the process; nothing alive is ever dropped to make room.
import type { Clock } from '../clock.ts';
import {
  type Collection,
  type Journal,
  type JournalBounds,
  NOBODY_ELSE,
  type Store,
  type StoredDocument,
  type Versioned,
} from '../store.ts';
import { MemoryJournal } from './memory-journal.ts';

interface Entry {
  value: unknown;
  version: number;
  expiresAt: number;
}

const SWEEP_EVERY_MS = 60_000;

/** @param clock decides when a document has expired */
export function createMemoryStore(clock: Clock): Store {
  const collections = new Map<string, Map<string, Entry>>();
  const journals = new Map<string, MemoryJournal<unknown>>();
  let sweepAt = clock.now() + SWEEP_EVERY_MS;
  let isClosed = false;

  const sweep = (): void => {
    const now = clock.now();
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    for (const entries of collections.values()) {
      for (const [id, entry] of entries) if (entry.expiresAt <= now) entries.delete(id);
    }
  };

  /** One by one: callers keep their collections. */
  const empty = (): void => {
    for (const entries of collections.values()) entries.clear();
  };

  return {
    isShared: false,
    bus: NOBODY_ELSE,
    journal<T>(name: string, bounds: JournalBounds): Journal<T> {
      const journal = journals.get(name) ?? new MemoryJournal<unknown>(bounds);
      journals.set(name, journal);
      return journal as Journal<T>;
    },
    collection<T>(name: string): Collection<T> {
      const entries = collections.get(name) ?? new Map<string, Entry>();
      collections.set(name, entries);

      const alive = (id: string): Entry | undefined => {
        const entry = entries.get(id);
        if (entry && entry.expiresAt <= clock.now()) {
          entries.delete(id);
          return undefined;
        }
        return entry;
      };
      // A copy on the way in and out: a reader who changes its copy changes nothing here.
      const read = (entry: Entry): Versioned<T> => ({
        value: structuredClone(entry.value) as T,
        version: entry.version,
      });
      const listed = (keep: (value: T) => boolean): Array<Versioned<T> & { id: string }> =>
        [...entries.keys()].flatMap((id) => {
          const entry = alive(id);
          return entry && keep(entry.value as T) ? [{ id, ...read(entry) }] : [];
        });

      return {
        async get(id) {
          const entry = alive(id);
          return entry && read(entry);
        },
        async insert(id, value, options) {
          // Accepting it would be a promise that nobody keeps; false would mean that the id is taken.
          if (isClosed) throw new Error(`the store is closed; "${id}" came too late for ${name}`);
          sweep();
          if (alive(id)) return false;
          entries.set(id, {
            value: structuredClone(value),
            version: 1,
            expiresAt: options?.expiresAt ?? Number.POSITIVE_INFINITY,
          });
          return true;
        },
        async replace(id, version, value, options) {
          const entry = alive(id);
          if (entry?.version !== version) return false;
          entries.set(id, {
            value: structuredClone(value),
            version: version + 1,
            expiresAt: options?.expiresAt ?? entry.expiresAt,
          });
          return true;
        },
        async remove(id) {
          return alive(id) !== undefined && entries.delete(id);
        },
        async findBy(key, wanted) {
          return listed((value) => value[key] === wanted);
        },
        async list() {
          return listed(() => true);
        },
      };
    },
    async dump() {
      const now = clock.now();
      return [...collections].flatMap(([collection, entries]) =>
        [...entries]
          .filter(([, { expiresAt }]) => expiresAt > now)
          .map(
            ([id, { version, expiresAt, value }]): StoredDocument => ({
              collection,
              id,
              version,
              expiresAt: expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt,
              value: structuredClone(value),
            }),
          ),
      );
    },
    async refill(documents) {
      if (isClosed) throw new Error('the store is closed; documents came too late');
      const copies = structuredClone(documents);
      empty();
      for (const journal of journals.values()) journal.clear();
      for (const { collection, id, version, expiresAt, value } of copies) {
        const entries = collections.get(collection) ?? new Map<string, Entry>();
        collections.set(collection, entries);
        entries.set(id, { value, version, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY });
      }
    },
    async close() {
      isClosed = true;
      empty();
      collections.clear();
      for (const journal of journals.values()) journal.close();
    },
  };
}
