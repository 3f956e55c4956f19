// By which members documents are found, for all processes on one store. Whoever asks for a new one makes it: from the moment it is
// named, no document is written without it (the scripts refuse whoever does not know it), and those of before are added.
import type { RedisConnection } from './redis-connection.ts';
import { entriesOf, nameInKeys, readDocument } from './redis-document.ts';
import { INDEX, PAGE, PAGE_BACK, UNKNOWN_INDEX } from './redis-scripts.ts';

const PAGE_SIZE = 500;

export class RedisIndexes {
  readonly #connection: RedisConnection;
  readonly #prefix: string;
  /** Members by collection. */
  #known = new Map<string, string[]>();
  #complete = new Set<string>();
  #count = 0;
  readonly #making = new Map<string, Promise<void>>();

  constructor(connection: RedisConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  /** How many are known here, as the scripts want to hear it. */
  get count(): string {
    return String(this.#count);
  }

  keysOf(collection: string): readonly string[] {
    return this.#known.get(collection) ?? [];
  }

  async load(): Promise<void> {
    const words = await this.#connection.run<string[]>(['HGETALL', `${this.#prefix}indexes`]);
    const known = new Map<string, string[]>();
    const complete = new Set<string>();
    for (let at = 0; at < words.length; at += 2) {
      const name = words[at] ?? '';
      const [collection = '', key = ''] = name.split(':').map(decodeURIComponent);
      known.set(collection, [...(known.get(collection) ?? []), key]);
      if (words[at + 1] === 'complete') complete.add(name);
    }
    this.#known = known;
    this.#complete = complete;
    this.#count = words.length / 2;
  }

  /** Resolves when every document can be found by that member. */
  async provide(collection: string, key: string): Promise<void> {
    const name = `${nameInKeys(collection)}:${encodeURIComponent(key)}`;
    if (this.#complete.has(name)) return;
    const making =
      this.#making.get(name) ?? this.#make(name, collection).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    await making;
  }

  async #make(name: string, collection: string): Promise<void> {
    const indexes = `${this.#prefix}indexes`;
    await this.#connection.run(['HSETNX', indexes, name, 'begun']);
    await this.load();
    if (this.#complete.has(name)) return;
    for await (const page of pagesOf(this.#connection, this.#prefix, { collection })) {
      await this.#add(collection, page);
    }
    await this.#connection.run(['HSET', indexes, name, 'complete']);
    this.#complete.add(name);
  }

  async #add(collection: string, page: ReadonlyArray<[id: string, text: string]>): Promise<void> {
    for (;;) {
      const keys = this.keysOf(collection);
      const changed = page.flatMap(([id, text]) => {
        const { version, entries, json } = readDocument(text);
        const wanted = entriesOf(JSON.parse(json), keys);
        return wanted === entries ? [] : [id, String(version), wanted];
      });
      if (changed.length === 0) return;
      // One that stays as it is was written meanwhile, by somebody who knew of the index.
      const words = [nameInKeys(collection), this.count, ...changed];
      if ((await this.#connection.runScript<number>(INDEX, this.#prefix, words)) !== UNKNOWN_INDEX) return;
      // Somebody has begun another one: nothing was added.
      await this.load();
    }
  }
}

/** Which documents of a collection, in portions that others get in between. */
export interface Pages {
  collection: string;
  /** Of an index, where only those in it are wanted. */
  entry?: string | undefined;
  /** Newest first, those before that order; `+inf` for all. Default: oldest first. */
  before?: string | undefined;
  /** How many at a time. */
  size?: number | undefined;
}

export async function* pagesOf(
  connection: RedisConnection,
  prefix: string,
  { collection, entry, before, size = PAGE_SIZE }: Pages,
): AsyncGenerator<Array<[id: string, text: string]>> {
  const script = before === undefined ? PAGE : PAGE_BACK;
  let from = before ?? '0';
  do {
    const words = [nameInKeys(collection), from, String(size), ...(entry === undefined ? [] : [entry])];
    const [last = '', ...page] = await connection.runScript<string[]>(script, prefix, words);
    yield pairsOf(page);
    from = last;
  } while (from !== '');
}

/** Ids and documents as scripts answer them. */
export function pairsOf(words: readonly string[]): Array<[id: string, text: string]> {
  const pairs: Array<[string, string]> = [];
  for (let at = 0; at < words.length; at += 2) pairs.push([words[at] ?? '', words[at + 1] ?? '']);
  return pairs;
}
