// Where everything that must survive a request lives. A port: memory, a file that survives the process as well, or a Redis that
// several processes share.
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
  /** A part of them, newest first. Fewer than `most` only where there are no more; of all others nothing is parsed or sent. */
  newest(part: Part<T>): Promise<Array<Versioned<T> & { id: string; order: number }>>;
  /** Increases in the order in which documents came. */
  orderOf(id: string): Promise<number | undefined>;
}

export interface Part<T> {
  most: number;
  /** Only what came before the document of that order. Default: from the newest one on. */
  before?: number | undefined;
  /** Only documents whose member of that name has that value. */
  where?: readonly [key: keyof T & string, value: string] | undefined;
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

/** What a journal has to begin with: numbers that were given already, rising. */
export interface StoredStory {
  journal: string;
  entries: ReadonlyArray<{ number: number; value: unknown }>;
}

/** What the documents of a shared store were when somebody knew them, and who that was. */
export interface Filling {
  generation: string;
  knownBy: string;
}

/** How much of a journal is kept. The oldest entries go first; the newest one always stays. */
export interface JournalBounds {
  mostEntries: number;
  /** Of their JSON, together. */
  mostCharacters: number;
}

export interface JournalEntry<T> {
  number: number;
  /**
   * For entries of this process, the very object that was appended, or an equal one where the store took long to have it. Readers
   * change nothing of it, nor does who appended it.
   */
  readonly value: T;
  /** The value as JSON. It may be made only when it is asked for: whoever can wait asks for many at once. */
  readonly text: string;
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
  /** What is known of it here; undefined where nobody shares it. */
  readonly filling: Filling | undefined;
  /** The collection of that name; asking twice gives the same documents. */
  collection<T>(name: string): Collection<T>;
  /** The journal of that name; asking twice gives the same one, with the bounds of the first time. */
  journal<T>(name: string, bounds: JournalBounds): Journal<T>;
  /** Every document as of this call, those of a collection oldest first. Later writes do not show. */
  dump(): Promise<StoredDocument[]>;
  /**
   * Puts these documents in place of all there are, and these stories in place of what journals have: all of it, or nothing.
   * Other journals are empty then. Numbers go on.
   *
   * @param over refused where somebody else has put others in place of that filling since; whoever has done so may do it again
   */
  refill(
    documents: readonly StoredDocument[],
    stories?: readonly StoredStory[],
    over?: Filling,
  ): Promise<void>;
  /** From then on there are no documents, also in collections that were asked for before, and inserting one throws. */
  close(): Promise<void>;
}

/** How much later what an outage broke off is tried again. */
export const AFTER_OUTAGE_MS = 2_000;

/** Whether the store was away, or full: what could not be read or written is worth another try later. */
export function isOutage(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'store_unavailable';
}

/** For what may be left undone where the store goes away, so that something else does not fail with it. */
export async function unlessAway(doing: Promise<unknown>): Promise<void> {
  await doing.catch((cause: unknown) => {
    if (!isOutage(cause)) throw cause;
  });
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
  /** What has ended by itself since, or in another process, is noticed when the room is full. */
  #count = Number.POSITIVE_INFINITY;
  #takenSince = 0;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(documents: Pick<Collection<unknown>, 'list'>, clock: { now(): number }, most: number) {
    this.#documents = documents;
    this.#clock = clock;
    this.#most = most;
  }

  /** Room for one more; false where there is none. */
  async take(): Promise<boolean> {
    // Of several callers one counts, and all wait for it.
    if (this.#count >= this.#most && this.#mayRecount()) this.#counting ??= this.#recount();
    await this.#counting;
    if (this.#count >= this.#most) return false;
    this.#count += 1;
    this.#takenSince += 1;
    return true;
  }

  /** One is there no more, or fills it no longer. */
  giveBack(): void {
    this.#count = Math.max(0, this.#count - 1);
  }

  /** Seldom enough that whoever is refused costs next to nothing. Where half a room was taken, that many went elsewhere perhaps. */
  #mayRecount(): boolean {
    const isLongAgo = this.#clock.now() - this.#countedAtMs >= RECOUNT_AFTER_MS;
    return isLongAgo || this.#takenSince >= this.#most / 2;
  }

  async #recount(): Promise<void> {
    try {
      this.#count = (await this.#documents.list()).length;
      this.#countedAtMs = this.#clock.now();
      this.#takenSince = 0;
    } finally {
      this.#counting = undefined;
    }
  }
}
