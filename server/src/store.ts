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

export interface Store {
  /** The collection of that name; asking twice gives the same documents. */
  collection<T>(name: string): Collection<T>;
  /** Every document as of this call, those of a collection oldest first. Later writes do not show. */
  dump(): Promise<StoredDocument[]>;
  /** Puts these documents in place of all there are: all of them, or none. */
  refill(documents: readonly StoredDocument[]): Promise<void>;
  /** From then on there are no documents, also in collections that were asked for before, and inserting one throws. */
  close(): Promise<void>;
}

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
