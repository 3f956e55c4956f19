// Documents of one kind in memory. The ones that were used last are at hand as they are read; all others are kept as JSON, which
// takes a fraction of the room and none of the garbage collector's time. Whoever hands one in or gets one has a copy.
import { Batch } from '../batch.ts';
import type { Clock } from '../clock.ts';
import { copyJson, isJsonObject, toCompactJson } from '../json-object.ts';
import { Ring } from '../ring.ts';
import type { Collection, Part, Versioned } from '../store.ts';

export interface MemoryDocument {
  readonly id: string;
  /** Increases in the order in which documents came. */
  readonly order: number;
  version: number;
  expiresAt: number;
  /** At hand. */
  value: unknown;
  /** How many times it is among those at hand. */
  places: number;
  /** Undefined while nobody has needed it since the document changed. */
  json: string | undefined;
}

/** Of those at hand, so many more may still be, that were not used for long. */
const LEAVING_SHARE = 1 / 4;

/** The documents of a store that are at hand: the ones that were asked for last, whatever their kind. */
export class AtHand {
  readonly #ring: Ring<MemoryDocument>;
  readonly #leaving: Batch<MemoryDocument>;

  constructor(most: number) {
    this.#ring = new Ring(most);
    this.#leaving = new Batch(most * LEAVING_SHARE, putAway);
  }

  add(document: MemoryDocument): void {
    document.places += 1;
    const leaving = this.#ring.add(document);
    if (leaving === undefined) return;
    leaving.places -= 1;
    if (leaving.places === 0) this.#leaving.add(leaving);
  }
}

function putAway(document: MemoryDocument): void {
  // It was used again, or is gone.
  if (document.places > 0 || document.value === undefined) return;
  document.json ??= toCompactJson(document.value);
  document.value = undefined;
}

/** Documents by the text of one of their members. Most texts name one document, so that one needs no set. */
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

  async newest({ most, before, where }: Part<T>): ReturnType<Collection<T>['newest']> {
    const found = where === undefined ? this.#documents : this.#indexOf(where[0]).get(where[1]);
    const all =
      found === undefined ? [] : found instanceof Map || found instanceof Set ? [...found.values()] : [found];
    // Those of the collection lie in their order already.
    if (where !== undefined) all.sort((a, b) => a.order - b.order);
    const now = this.#clock.now();
    const chosen: Array<Versioned<T> & { id: string; order: number }> = [];
    for (let at = all.length - 1; at >= 0 && chosen.length < most; at -= 1) {
      const document = all[at];
      if (!document || document.expiresAt <= now || document.order >= (before ?? Number.POSITIVE_INFINITY))
        continue;
      const { id, order, version } = document;
      chosen.push({ id, order, version, value: this.#readOnce(document) as T });
    }
    return chosen;
  }

  async orderOf(id: string): Promise<number | undefined> {
    return this.#alive(id)?.order;
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
      places: 0,
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
  if (known === document || (known instanceof Set && known.size === 0)) index.delete(text);
}
