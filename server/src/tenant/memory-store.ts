// The store that a process carries along. Nothing outlives the process; nothing alive is ever dropped to make room.
import type { Clock } from '../clock.ts';
import { copyJson } from '../json-object.ts';
import {
  type Collection,
  type Journal,
  type JournalBounds,
  NOBODY_ELSE,
  type Store,
  type StoredDocument,
  type StoredStory,
} from '../store.ts';
import { AtHand, MemoryDocuments } from './memory-documents.ts';
import { MemoryJournal } from './memory-journal.ts';

const SWEEP_EVERY_MS = 60_000;
const MOST_AT_HAND = 256;

/**
 * @param clock decides when a document has expired
 * @param mostAtHand how many documents need not be read from JSON
 */
export function createMemoryStore(clock: Clock, mostAtHand = MOST_AT_HAND): Store {
  const collections = new Map<string, MemoryDocuments<unknown>>();
  const journals = new Map<string, MemoryJournal<unknown>>();
  /** What journals begin with that nobody has asked for yet. */
  const untold = new Map<string, StoredStory['entries']>();
  const atHand = new AtHand(mostAtHand);
  let sweepAt = clock.now() + SWEEP_EVERY_MS;
  let isClosed = false;

  const sweep = (): void => {
    const now = clock.now();
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_EVERY_MS;
    for (const documents of collections.values()) documents.sweep(now);
  };
  const open = (name: string): MemoryDocuments<unknown> => {
    const known = collections.get(name);
    if (known) return known;
    const opened = new MemoryDocuments<unknown>(clock, atHand, (id) => {
      // Accepting it would be a promise that nobody keeps; false would mean that the id is taken.
      if (isClosed) throw new Error(`the store is closed; "${id}" came too late for ${name}`);
      sweep();
    });
    collections.set(name, opened);
    return opened;
  };
  /** One by one: callers keep their collections. */
  const empty = (): void => {
    for (const documents of collections.values()) documents.clear();
  };

  return {
    isShared: false,
    bus: NOBODY_ELSE,
    filling: undefined,
    journal<T>(name: string, bounds: JournalBounds): Journal<T> {
      const known = journals.get(name);
      if (known) return known as Journal<T>;
      const journal = new MemoryJournal<unknown>(bounds);
      journals.set(name, journal);
      journal.begin(untold.get(name) ?? []);
      untold.delete(name);
      return journal as Journal<T>;
    },
    collection: <T>(name: string) => open(name) as Collection<unknown> as Collection<T>,
    async dump() {
      const now = clock.now();
      return [...collections].flatMap(([collection, documents]) =>
        [...documents.alive(now)].map(
          ({ expiresAt, ...document }): StoredDocument => ({
            collection,
            ...document,
            expiresAt: expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt,
          }),
        ),
      );
    },
    async refill(documents, stories = []) {
      if (isClosed) throw new Error('the store is closed; documents came too late');
      const copies = copyJson(documents);
      const begun = copyJson(stories);
      empty();
      for (const journal of journals.values()) journal.clear();
      untold.clear();
      for (const { journal, entries } of begun) {
        const known = journals.get(journal);
        if (known) known.begin(entries);
        else untold.set(journal, entries);
      }
      for (const { collection, id, version, expiresAt, value } of copies)
        open(collection).put(id, { version, expiresAt: expiresAt ?? Number.POSITIVE_INFINITY, value });
    },
    async close() {
      isClosed = true;
      empty();
      collections.clear();
      for (const journal of journals.values()) journal.close();
    },
  };
}
