// Which instances serve the tenant right now. Each has a document that it beats at; one that says goodbye, or whose beat stays away,
// is lost, and exactly one of the others takes over what it has left undone: the one that removes its document.
//
// Nobody compares clocks of two computers: a beat is a number, and how long it has not changed is measured where it is watched.
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import { type Collection, isOutage, type Store, type Versioned } from '../store.ts';
import { warn, warnOfFailure } from '../warnings.ts';
import { MEMBERS } from './collections.ts';
import { hasEnded, thisProcess, type WhichProcess } from './which-process.ts';

const BEAT_EVERY_MS = 2_000;
/** Longer than a busy computer makes anybody wait. */
const LOST_AFTER_MS = 8_000;

interface Member extends WhichProcess {
  /** Missing where an older version wrote it. */
  issuer?: string;
  /** Of its control token; missing where an older version wrote it. */
  tokenMark?: string;
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
  issuer: string;
  /** By which they know whether they take the same control token. */
  markOfToken(): Promise<string>;
  pendingCount(): number;
  /** With each beat, for one that nobody asks anything and that was told nothing. */
  catchUp(): Promise<void>;
  /** An instance that was there is not any more. */
  seeOff(id: string): void;
  /** What a lost instance has left undone is this one’s now. */
  takeOver(): Promise<void>;
}

export class Members {
  readonly #parts: MembersParts;
  readonly #documents: Collection<Member>;
  #self: Omit<Member, 'beat' | 'pending'>;
  /** How often each has beaten, and since when it has not again. */
  readonly #beats = new Map<string, { beat: number; sinceMs: number }>();
  #others = new Map<string, Member>();
  #cancelBeat = (): void => {};
  #beat = 0;
  /** It has removed a lost one, or may have, and nobody has taken over yet. */
  #isHeir = false;
  #watching: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: MembersParts) {
    this.#parts = parts;
    this.#documents = parts.store.collection<Member>(MEMBERS);
    this.#self = { ...thisProcess(), issuer: parts.issuer };
  }

  /** With this one; one that has died counts until that is noticed. */
  async count(): Promise<number> {
    return (await this.#listOthers()).length + 1;
  }

  async #listOthers(): Promise<Member[]> {
    const others = (await this.#documents.list()).filter(({ id }) => id !== this.#parts.id);
    return others.map(({ value }) => value).filter((one) => !one.isLeaving && !hasEnded(one));
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

  /** From now on others count on this one. @throws Problem `usage` where they are known by another issuer */
  async enter(): Promise<void> {
    const { issuer } = this.#parts;
    const tokenMark = await this.#parts.markOfToken();
    this.#self = { ...this.#self, tokenMark };
    const others = await this.#listOthers();
    const other = others.find((one) => (one.issuer ?? issuer) !== issuer);
    if (other?.issuer !== undefined) throw otherIssuer(other.issuer, issuer);
    if (others.some((one) => (one.tokenMark ?? tokenMark) !== tokenMark)) warnOfOtherToken();
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
        warnOfFailure('other instances could not be watched', cause);
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
    await this.#parts.catchUp();
    const lost = await this.#readOthers();
    for (const id of lost) await this.#inherit(id);
    if (!this.#isHeir || this.#isClosed) return;
    // Where the store goes away meanwhile, the next beat begins anew: nobody else knows that this one is the heir.
    await this.#parts.takeOver();
    this.#isHeir = false;
  }

  /** Of several that see it off one is the heir. Where the answer is lost all may be: taking over twice changes nothing. */
  async #inherit(id: string): Promise<void> {
    try {
      if (await this.#documents.remove(id)) this.#isHeir = true;
    } catch (cause) {
      this.#isHeir = true;
      throw cause;
    }
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
    if (value.isLeaving || hasEnded(value)) return true;
    const known = this.#beats.get(id);
    if (known?.beat === value.beat) return nowMs - known.sinceMs >= LOST_AFTER_MS;
    this.#beats.set(id, { beat: value.beat, sinceMs: nowMs });
    return false;
  }
}

/** Tokens of one would be refused by the other, and its links lead elsewhere. */
function otherIssuer(theirs: string, own: string): Problem {
  return new Problem('usage', `The instances on this store serve ${theirs}, this one was to serve ${own}.`, {
    hint: [
      `To be one of them:        assent --issuer ${theirs}`,
      'To serve something else:  name another database of that Redis, such as redis://HOST:PORT/1',
      'To move all of them:      stop them first; one that was killed counts for eight seconds more',
    ].join('\n'),
  });
}

/** Not refused: a token is changed by starting one after another with the next one. */
function warnOfOtherToken(): void {
  warn(
    'OTHER_CONTROL_TOKEN',
    'The instances on this store take another control token than this one, so what one of them lets in another refuses. Give the same to all of them: --control-token-file FILE',
  );
}
