// Which instances serve the tenant right now. Each has a document that it beats at; one that says goodbye, or whose beat stays away,
// is lost, and exactly one of the others takes over what it has left undone: the one that removes its document.
//
// Nobody compares clocks of two computers: a beat is a number, and how long it has not changed is measured where it is watched.
import { hostname } from 'node:os';
import type { Clock } from '../clock.ts';
import type { Collection, Store, Versioned } from '../store.ts';
import { MEMBERS } from './collections.ts';

const BEAT_EVERY_MS = 2_000;
/** Longer than a busy computer makes anybody wait. */
const LOST_AFTER_MS = 8_000;

interface Member {
  host: string;
  pid: number;
  /** Of the process: another one may have its number later. */
  startedAtMs: number;
  beat: number;
  /** Requests whose end it waits for. */
  pending: number;
  /** It has said goodbye. */
  isLeaving?: boolean;
}

export interface MembersParts {
  id: string;
  store: Pick<Store, 'collection'>;
  /** Of the computer. */
  clock: Clock;
  pendingCount(): number;
  /** An instance that was there is not any more. */
  seeOff(id: string): void;
  /** What a lost instance has left undone is this one’s now. */
  takeOver(): Promise<void>;
}

export class Members {
  readonly #parts: MembersParts;
  readonly #documents: Collection<Member>;
  readonly #self: Omit<Member, 'beat' | 'pending'>;
  /** How often each has beaten, and since when it has not again. */
  readonly #beats = new Map<string, { beat: number; sinceMs: number }>();
  #others = new Map<string, Member>();
  #cancelBeat = (): void => {};
  #beat = 0;
  #watching: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: MembersParts) {
    this.#parts = parts;
    this.#documents = parts.store.collection<Member>(MEMBERS);
    this.#self = {
      host: hostname(),
      pid: process.pid,
      startedAtMs: Math.round(performance.timeOrigin),
    };
  }

  /** With this one; one that has died counts until that is noticed. */
  async count(): Promise<number> {
    const others = (await this.#documents.list()).filter(({ id }) => id !== this.#parts.id);
    return others.filter(({ value }) => !value.isLeaving && !this.#hasEnded(value)).length + 1;
  }

  /** Requests of other instances, as of their last beats. */
  get pendingElsewhere(): number {
    let sum = 0;
    for (const { pending } of this.#others.values()) sum += pending;
    return sum;
  }

  /** Whether nobody serves under this id any more. One that has just come is not known here yet. */
  async isLost(id: string): Promise<boolean> {
    if (id === this.#parts.id || this.#others.has(id)) return false;
    return (await this.#documents.get(id)) === undefined;
  }

  /** From now on others count on this one. */
  async enter(): Promise<void> {
    await this.#documents.insert(this.#parts.id, this.#write());
    await this.#readOthers();
  }

  /** Looks after the others from now on; first after those that a crash has left. */
  async watch(): Promise<void> {
    await this.#watchOnce();
    this.#beatLater();
  }

  /** Whoever hears that somebody leaves looks at once. */
  look(): Promise<void> {
    this.#watching = this.#watching
      .then(() => (this.#isClosed ? undefined : this.#watchOnce()))
      .catch((cause: unknown) => {
        if (this.#isClosed || isOutage(cause)) return;
        process.emitWarning(`other instances could not be watched: ${String(cause)}`);
      });
    return this.#watching;
  }

  /** Others may take over from now on. The last one leaves that to whoever comes. */
  async leave({ quietly }: { quietly: boolean }): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelBeat();
    await this.#watching;
    if (quietly) return;
    const found = await this.#documents.get(this.#parts.id);
    if (found)
      await this.#documents.replace(this.#parts.id, found.version, { ...found.value, isLeaving: true });
  }

  #beatLater(): void {
    if (this.#isClosed) return;
    const { clock } = this.#parts;
    this.#cancelBeat = clock.setAlarm(clock.now() + BEAT_EVERY_MS, () =>
      this.look().finally(() => this.#beatLater()),
    );
  }

  async #watchOnce(): Promise<void> {
    this.#beat += 1;
    await this.#beatNow();
    const lost = await this.#readOthers();
    let isHeir = false;
    for (const id of lost) if (await this.#documents.remove(id)) isHeir = true;
    if (isHeir && !this.#isClosed) await this.#parts.takeOver();
  }

  async #beatNow(): Promise<void> {
    const { id } = this.#parts;
    const found = await this.#documents.get(id);
    // Somebody took this one for lost, because it did not get around to beating.
    if (!found) await this.#documents.insert(id, this.#write());
    else await this.#documents.replace(id, found.version, this.#write());
  }

  #write(): Member {
    return { ...this.#self, beat: this.#beat, pending: this.#parts.pendingCount() };
  }

  /** Gives the ids of those that are lost. */
  async #readOthers(): Promise<string[]> {
    const nowMs = this.#parts.clock.now();
    const all = (await this.#documents.list()).filter(({ id }) => id !== this.#parts.id);
    const lost = all.filter((one) => this.#isLost(one, nowMs)).map(({ id }) => id);
    const before = this.#others;
    this.#others = new Map(all.filter(({ id }) => !lost.includes(id)).map(({ id, value }) => [id, value]));
    for (const id of before.keys()) if (!this.#others.has(id)) this.#parts.seeOff(id);
    for (const id of this.#beats.keys()) if (!this.#others.has(id)) this.#beats.delete(id);
    return lost;
  }

  #isLost({ id, value }: Versioned<Member> & { id: string }, nowMs: number): boolean {
    if (value.isLeaving || this.#hasEnded(value)) return true;
    const known = this.#beats.get(id);
    if (known?.beat === value.beat) return nowMs - known.sinceMs >= LOST_AFTER_MS;
    this.#beats.set(id, { beat: value.beat, sinceMs: nowMs });
    return false;
  }

  /** Known at once of a process of this computer. */
  #hasEnded({ host, pid, startedAtMs }: Member): boolean {
    if (host !== this.#self.host) return false;
    // Several may be in one process. Another start with this number is another process.
    if (pid === this.#self.pid) return startedAtMs !== this.#self.startedAtMs;
    try {
      process.kill(pid, 0);
      return false;
    } catch (cause) {
      return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH';
    }
  }
}

/** The store is away, and has said so. */
function isOutage(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'store_unavailable';
}
