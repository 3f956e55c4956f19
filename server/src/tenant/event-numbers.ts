// Numbers of events never repeat, so that a reader who resumes is never told of another event under a number it has seen.
// The events themselves end with the process; their numbers are taken from the store in blocks, not one by one.
import type { Store, StoredDocument } from '../store.ts';
import type { EventLog } from '../trace/index.ts';

/** Large enough for one write in a long while, small enough for people to read. */
const BLOCK = 1_000;

/** The collection in which they are counted. */
export const EVENT_NUMBERS = 'event-numbers';
const DOCUMENT_ID = 'reserved';

/**
 * The document of a tenant that takes the place of another one. One number is left out, so that whoever has seen the last
 * event of that one is told of a gap.
 */
export function reservationOf(lastEvent: number): StoredDocument {
  return {
    collection: EVENT_NUMBERS,
    id: DOCUMENT_ID,
    version: 1,
    expiresAt: null,
    value: { last: lastEvent + 1 },
  };
}

export class EventNumbers {
  readonly #store: Store;
  /** The first number that no process has used. */
  readonly first: number;
  #reserved: number;

  private constructor(store: Store, first: number) {
    this.#store = store;
    this.first = first;
    this.#reserved = first - 1;
  }

  /** Takes the first block. */
  static async open(store: Store): Promise<EventNumbers> {
    const used = await store.collection<{ last: number }>(EVENT_NUMBERS).get(DOCUMENT_ID);
    const numbers = new EventNumbers(store, (used?.value.last ?? 0) + 1);
    await numbers.#reserve();
    return numbers;
  }

  /** Takes another block whenever half of one is left. */
  follow(log: EventLog): void {
    log.subscribe(({ number }) => {
      if (this.#reserved - number !== BLOCK / 2) return;
      this.#reserve().catch((cause: unknown) => {
        process.emitWarning(`no more numbers for events could be reserved: ${String(cause)}`);
      });
    });
  }

  async #reserve(): Promise<void> {
    const reservations = this.#store.collection<{ last: number }>(EVENT_NUMBERS);
    this.#reserved += BLOCK;
    const next = { last: this.#reserved };
    const found = await reservations.get(DOCUMENT_ID);
    if (found) await reservations.replace(DOCUMENT_ID, found.version, next);
    else await reservations.insert(DOCUMENT_ID, next);
  }
}
