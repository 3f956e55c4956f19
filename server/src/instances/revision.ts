// What every instance has read of the state that all of them keep in memory: configuration, clock, faults, break points, keys. Each
// write of it raises one number in the store before its answer goes out, and each instance looks at that number before it answers
// anybody. So an answered write counts everywhere, whoever is asked next, and an instance that hangs delays nobody.
//
// Beside the number stands the name of the generation: a reset, or a snapshot that is put in place, begins another one. While it is
// being founded there is no number at all, and whoever opens waits for it.
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Collection, Store, StoredDocument, Versioned } from '../store.ts';
import { REVISIONS } from './collections.ts';
import { hasEnded, thisProcess, type WhichProcess } from './which-process.ts';

const CURRENT = 'current';
const FOUNDING = 'founding';

/** How long somebody may take to found a generation, and how often it is looked for. */
const FOUNDING_TAKES_MS = 10_000;
const LOOK_EVERY_MS = 50;

interface Mark {
  generation: string;
  /** Whoever founds it. Of several servers in one process each has an address of its own. */
  founder?: WhichProcess & { url?: string };
}

export class Revision {
  readonly #documents: Collection<Mark>;
  readonly #clock: Clock;
  readonly #refreshers: Array<() => Promise<void>> = [];
  #seen = 0;
  /** How often something was written, or may have been, and the number has not risen: the store went away. */
  #failures = 0;
  /** Of those, how many it has made up for since. */
  #madeUpFor = 0;
  #generation = '';
  #isOver = false;
  #looking: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param clock of the computer */
  constructor(store: Pick<Store, 'collection'>, clock: Clock) {
    this.#documents = store.collection(REVISIONS);
    this.#clock = clock;
  }

  /**
   * Before anything that it counts is read.
   *
   * @param generation to be founded where there is none
   * @param url of this server, which founds nothing while it opens: what it was to found before it has given up
   */
  async open(generation: string, url: string | undefined): Promise<void> {
    const untilMs = this.#clock.now() + FOUNDING_TAKES_MS;
    for (;;) {
      const found = await this.#documents.get(CURRENT);
      if (found) {
        this.#seen = found.version;
        this.#generation = found.value.generation;
        return;
      }
      const mark = await this.#documents.get(FOUNDING);
      // A founder that was killed is waited for in vain: all that it was to found is there.
      const founder = mark?.value.founder;
      const isGivenUp = founder && (hasEnded(founder) || isThisServer(founder, url));
      const isBeingFounded = mark !== undefined && !isGivenUp;
      if (isBeingFounded && this.#clock.now() < untilMs) await setTimeout(LOOK_EVERY_MS);
      else await this.found(generation);
    }
  }

  /** From now on the others live in this generation as well. */
  async found(generation: string): Promise<void> {
    if (await this.#documents.insert(CURRENT, { generation })) {
      this.#generation = generation;
      this.#seen = 1;
    }
    await this.#documents.remove(FOUNDING);
  }

  /** Whether another generation has begun: nothing of this one counts any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** `refresh` reads its part again whenever the number has risen; those that were added first come first. */
  add(refresh: () => Promise<void>): void {
    this.#refreshers.push(refresh);
  }

  /** Something was written that all instances keep in memory. Resolves once each of them is going to see that. */
  async raise(): Promise<void> {
    const failuresBefore = this.#failures;
    const wasOwed = this.#isOwed;
    let found: Versioned<Mark> | undefined;
    let isRaised = false;
    try {
      found = await this.#documents.get(CURRENT);
      // Whoever was faster has raised it after our write as well.
      isRaised = found !== undefined && (await this.#documents.replace(CURRENT, found.version, found.value));
    } catch (cause) {
      this.#failures += 1;
      throw cause;
    }
    // What failed meanwhile may have been written after this.
    this.#madeUpFor = Math.max(this.#madeUpFor, failuresBefore);
    // What this process wrote it knows; where it could not say so in time it reads that again like everybody.
    if (found && isRaised && !wasOwed && this.#seen === found.version) this.#seen += 1;
  }

  get #isOwed(): boolean {
    return this.#failures > this.#madeUpFor;
  }

  /** Resolves once everything that was raised before this call has been read here. */
  catchUp(): Promise<void> {
    if (this.#looking === undefined) return this.#begin();
    // One look is under way and may have read the number before; callers meanwhile share the one after it.
    this.#next ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  #begin(): Promise<void> {
    const looking = this.#look().finally(() => {
      if (this.#looking === looking) this.#looking = undefined;
    });
    this.#looking = looking;
    return looking;
  }

  async #look(): Promise<void> {
    if (this.#isOver) return;
    if (this.#isOwed) await this.raise();
    const found = await this.#documents.get(CURRENT);
    this.#isOver = found?.value.generation !== this.#generation;
    if (!found || this.#isOver || found.version === this.#seen) return;
    for (const refresh of this.#refreshers) await refresh();
    // What has risen meanwhile is found by the next look.
    this.#seen = found.version;
  }
}

function isThisServer(
  { host, pid, startedAtMs, url }: NonNullable<Mark['founder']>,
  ownUrl?: string,
): boolean {
  const own = thisProcess();
  const isThisProcess = host === own.host && pid === own.pid && startedAtMs === own.startedAtMs;
  return isThisProcess && url !== undefined && url === ownUrl;
}

/** Has whoever opens the store wait until the generation of these documents is founded. @param url of the server that founds it */
export function foundingMark(url: string): StoredDocument {
  const value: Mark = { generation: '', founder: { ...thisProcess(), url } };
  return { collection: REVISIONS, id: FOUNDING, version: 1, expiresAt: null, value };
}
