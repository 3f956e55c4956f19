// Where everything that must survive a request lives. A port: memory, or a file that survives the process as well.
// Every write is conditional, so that of two writers exactly one wins.

/** A value and the version under which it was read. */
export interface Versioned<T> {
  value: T;
  version: number;
}

/** Documents of one kind. `T` must be what JSON can carry. All instants are milliseconds since the epoch. */
export interface Collection<T> {
  get(id: string): Promise<Versioned<T> | undefined>;
  /** False if the id is taken; the stored document is untouched then. */
  insert(id: string, value: T, options?: { expiresAt?: number }): Promise<boolean>;
  /** Writes only over `version`; false when somebody else wrote or removed it in between. */
  replace(id: string, version: number, value: T, options?: { expiresAt?: number }): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  /** Documents whose member `key` equals `value`, oldest first. */
  findBy(key: keyof T & string, value: string): Promise<Array<Versioned<T> & { id: string }>>;
  /** All documents, oldest first. */
  list(): Promise<Array<Versioned<T> & { id: string }>>;
}

/** A document with everything that is known of it. */
export interface StoredDocument {
  collection: string;
  id: string;
  version: number;
  /** Null for never. */
  expiresAt: number | null;
  value: unknown;
}

/** How much of a journal is kept. The oldest entries go first; the newest one always stays. */
export interface JournalBounds {
  mostEntries: number;
  /** Of their JSON, together. */
  mostCharacters: number;
}

export interface JournalEntry<T> {
  number: number;
  /** For entries of this process, the very object that was appended: readers change nothing of it. */
  readonly value: T;
  /** The value as JSON. */
  text: string;
  /** Whether it was appended by this process, and is told for the first time. */
  isOwn: boolean;
}

/** A story that all processes on one store write and read together. `T` must be what JSON can carry. */
export interface Journal<T> {
  /** Of the newest entry that this process knows, once it follows; before the first, the number before that. */
  readonly lastNumber: number;
  /**
   * Never blocks: the number, and the readers, may come later. Numbers rise in the order of appending and never repeat, over
   * restarts too; a process that is killed may leave a gap. It is durable with the next write that is acknowledged, or in a moment.
   */
  append(value: T): void;
  /**
   * Hands on every entry after that number, and then each new one, in order and once. Resolves, with what ends that, when
   * everything that was there has been handed on.
   */
  follow(afterNumber: number, reader: (entry: JournalEntry<T>) => void): Promise<() => void>;
  /** Resolves when the readers here know whatever was appended before this call, by whichever process. */
  caughtUp(): Promise<void>;
  /** The next number is larger than this one. */
  startAbove(number: number): void;
  /** Puts these, with numbers that were given already, in place of what is kept. Nobody is told of them; numbers go on. */
  refill(entries: ReadonlyArray<{ number: number; value: T }>): void;
}

/** Messages between the processes on one store. Nothing is kept: who is not there misses them. */
export interface Bus {
  /** For all others, not for this process. Never blocks; `message` must be what JSON can carry. */
  publish(topic: string, message: unknown): void;
  /** Messages of one sender come in their order. */
  subscribe(topic: string, reader: (message: unknown) => void): () => void;
}

export interface Store {
  /** Whether other processes may write here at the same time. */
  readonly isShared: boolean;
  readonly bus: Bus;
  /** The collection of that name; asking twice gives the same documents. */
  collection<T>(name: string): Collection<T>;
  /** The journal of that name; asking twice gives the same one, with the bounds of the first time. */
  journal<T>(name: string, bounds: JournalBounds): Journal<T>;
  /** Every document as of this call, those of a collection oldest first. Later writes do not show. */
  dump(): Promise<StoredDocument[]>;
  /** Puts these documents in place of all there are: all of them, or none. Journals are empty then; their numbers go on. */
  refill(documents: readonly StoredDocument[]): Promise<void>;
  /** From then on there are no documents, also in collections that were asked for before, and inserting one throws. */
  close(): Promise<void>;
}

/** The bus of a store that has one process. */
export const NOBODY_ELSE: Bus = Object.freeze({
  publish: () => undefined,
  subscribe: () => () => undefined,
});

/** The document of that id. Where there is none, the one that `make` makes; of several callers all get the same. */
export async function provide<T>(
  documents: Collection<T>,
  id: string,
  make: () => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const found = await documents.get(id);
    if (found) return found.value;
    const made = await make();
    if (await documents.insert(id, made)) return made;
  }
}

const RECOUNT_AFTER_MS = 60_000;

/** Room for a number of documents that anybody may make, so that they fill neither memory nor disk. */
export class Room {
  readonly #documents: Pick<Collection<unknown>, 'list'>;
  readonly #clock: { now(): number };
  readonly #most: number;
  /** At least as many as there are: what has ended since is noticed when the room is full. */
  #count = Number.POSITIVE_INFINITY;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(documents: Pick<Collection<unknown>, 'list'>, clock: { now(): number }, most: number) {
    this.#documents = documents;
    this.#clock = clock;
    this.#most = most;
  }

  /** Room for one more; false where there is none. */
  async take(): Promise<boolean> {
    if (this.#count >= this.#most && this.#clock.now() - this.#countedAtMs >= RECOUNT_AFTER_MS) {
      // Of several callers one counts, and all wait for it.
      this.#counting ??= this.#recount();
    }
    await this.#counting;
    if (this.#count >= this.#most) return false;
    this.#count += 1;
    return true;
  }

  async #recount(): Promise<void> {
    try {
      this.#count = (await this.#documents.list()).length;
      this.#countedAtMs = this.#clock.now();
    } finally {
      this.#counting = undefined;
    }
  }
}
