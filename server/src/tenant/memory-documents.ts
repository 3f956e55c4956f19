// Documents of one kind in memory. The ones that were used last are at hand as they are read; all others are kept as JSON, which
// takes a fraction of the room and none of the garbage collector's time. Whoever hands one in or gets one has a copy.
import type { Clock } from '../clock.ts';
import { copyJson, isJsonObject } from '../json-object.ts';
import type { Collection, Versioned } from '../store.ts';

export interface MemoryDocument {
  readonly id: string;
  /** Increases in the order in which documents came. */
  readonly order: number;
  version: number;
  expiresAt: number;
  /** At hand. */
  value: unknown;
  /** Undefined while nobody has needed it since the document changed. */
  json: string | undefined;
}

/** The documents of a store that are at hand: the ones that were asked for last, whatever their kind. */
export class AtHand {
  readonly #most: number;
  readonly #ring: MemoryDocument[] = [];
  #oldest = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(document: MemoryDocument): void {
    const leaving = this.#ring[this.#oldest];
    this.#ring[this.#oldest] = document;
    this.#oldest = (this.#oldest + 1) % this.#most;
    if (leaving === undefined || leaving === document) return;
    leaving.json ??= JSON.stringify(leaving.value);
    leaving.value = undefined;
  }
}

/** The ids of documents by the text of one of their members. Most texts name one document, so that one needs no set. */
type Index = Map<string, MemoryDocument | Set<MemoryDocument>>;

export class MemoryDocuments<T> implements Collection<T> {
  readonly #documents = new Map<string, MemoryDocument>();
  readonly #indexes = new Map<string, Index>();
  readonly #clock: Clock;
  readonly #atHand: AtHand;
  readonly #beforeInsert: (id: string) => void;
  #lastOrder = 0;

  /** @param beforeInsert throws where nothing is taken any more */
  constructor(clock: Clock, atHand: AtHand, beforeInsert: (id: string) => void) {
    this.#clock = clock;
    this.#atHand = atHand;
    this.#beforeInsert = beforeInsert;
  }

  async get(id: string): Promise<Versioned<T> | undefined> {
    const document = this.#alive(id);
    if (!document) return undefined;
    return { value: copyJson(this.#valueOf(document)) as T, version: document.version };
  }

  async insert(id: string, value: T, options?: { expiresAt?: number }): Promise<boolean> {
    this.#beforeInsert(id);
    if (this.#alive(id)) return false;
    this.put(id, {
      version: 1,
      expiresAt: options?.expiresAt ?? Number.POSITIVE_INFINITY,
      value: copyJson(value),
    });
    return true;
  }

  async replace(id: string, version: number, value: T, options?: { expiresAt?: number }): Promise<boolean> {
    const document = this.#alive(id);
    if (document?.version !== version) return false;
    this.#index(document, 'remove');
    document.value = copyJson(value);
    document.json = undefined;
    document.version += 1;
    document.expiresAt = options?.expiresAt ?? document.expiresAt;
    this.#index(document, 'add');
    this.#atHand.add(document);
    return true;
  }

  async remove(id: string): Promise<boolean> {
    const document = this.#alive(id);
    if (document) this.#drop(document);
    return document !== undefined;
  }

  async findBy(key: keyof T & string, wanted: string): Promise<Array<Versioned<T> & { id: string }>> {
    const found = this.#indexOf(key).get(wanted);
    if (found === undefined) return [];
    const documents = found instanceof Set ? [...found].sort((a, b) => a.order - b.order) : [found];
    return this.#read(documents);
  }

  async list(): Promise<Array<Versioned<T> & { id: string }>> {
    return this.#read([...this.#documents.values()]);
  }

  /** Takes `value` as it is: nobody else may have it. */
  put(
    id: string,
    { version, expiresAt, value }: { version: number; expiresAt: number; value: unknown },
  ): void {
    const before = this.#documents.get(id);
    if (before) this.#drop(before);
    this.#lastOrder += 1;
    const document: MemoryDocument = {
      id,
      order: this.#lastOrder,
      version,
      expiresAt,
      value,
      json: undefined,
    };
    this.#documents.set(id, document);
    this.#index(document, 'add');
    this.#atHand.add(document);
  }

  sweep(now: number): void {
    for (const document of this.#documents.values()) if (document.expiresAt <= now) this.#drop(document);
  }

  /** What has not expired, oldest first. */
  *alive(now: number): Generator<{ id: string; version: number; expiresAt: number; value: unknown }> {
    for (const document of this.#documents.values()) {
      const { id, version, expiresAt } = document;
      if (expiresAt > now) yield { id, version, expiresAt, value: this.#readOnce(document) };
    }
  }

  clear(): void {
    this.#documents.clear();
    this.#indexes.clear();
  }

  #alive(id: string): MemoryDocument | undefined {
    const document = this.#documents.get(id);
    if (!document || document.expiresAt > this.#clock.now()) return document;
    this.#drop(document);
    return undefined;
  }

  #drop(document: MemoryDocument): void {
    this.#index(document, 'remove');
    this.#documents.delete(document.id);
    document.value = undefined;
  }

  /** From now on at hand. */
  #valueOf(document: MemoryDocument): unknown {
    if (document.value === undefined && document.json !== undefined) {
      document.value = JSON.parse(document.json);
      this.#atHand.add(document);
    }
    return document.value;
  }

  /** A copy; whoever reads many has none of them at hand for it. */
  #readOnce({ value, json }: MemoryDocument): unknown {
    return value === undefined && json !== undefined ? JSON.parse(json) : copyJson(value);
  }

  #read(documents: readonly MemoryDocument[]): Array<Versioned<T> & { id: string }> {
    const now = this.#clock.now();
    return documents.flatMap((document) =>
      document.expiresAt > now
        ? [{ id: document.id, version: document.version, value: this.#readOnce(document) as T }]
        : [],
    );
  }

  /** Made when it is first asked for, and kept from then on. */
  #indexOf(key: string): Index {
    const known = this.#indexes.get(key);
    if (known) return known;
    const index: Index = new Map();
    for (const document of this.#documents.values()) enter(index, this.#textOf(document, key), document);
    this.#indexes.set(key, index);
    return index;
  }

  #index(document: MemoryDocument, how: 'add' | 'remove'): void {
    for (const [key, index] of this.#indexes) {
      const text = this.#textOf(document, key);
      if (how === 'add') enter(index, text, document);
      else leave(index, text, document);
    }
  }

  #textOf(document: MemoryDocument, key: string): string | undefined {
    const { value, json } = document;
    const read: unknown = value === undefined && json !== undefined ? JSON.parse(json) : value;
    const text = isJsonObject(read) && Object.hasOwn(read, key) ? read[key] : undefined;
    return typeof text === 'string' ? text : undefined;
  }
}

function enter(index: Index, text: string | undefined, document: MemoryDocument): void {
  if (text === undefined) return;
  const known = index.get(text);
  if (known instanceof Set) known.add(document);
  else index.set(text, known === undefined ? document : new Set([known, document]));
}

function leave(index: Index, text: string | undefined, document: MemoryDocument): void {
  if (text === undefined) return;
  const known = index.get(text);
  if (known instanceof Set) known.delete(document);
  else if (known === document) index.delete(text);
}
