// The instances that serve one tenant from one store, seen from one of them: what it tells the others, what it has to read again
// before it answers, and what it takes over from one that is lost. Where nobody shares the store, all of this is nothing.
//
// What must stay true: the store alone says what is so. What goes over the bus only wakes somebody who looks; a message that is lost,
// late or told twice makes nothing wrong.
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import { Problem } from '../problem.ts';
import type { Store } from '../store.ts';
import { Members } from './members.ts';
import { Revision } from './revision.ts';
import { markOfToken } from './token-mark.ts';

export interface InstancesParts {
  store: Pick<Store, 'collection' | 'bus' | 'isShared'>;
  /** Of the computer. */
  clock: Clock;
  ids: Ids;
  /** Of the tenant; all instances have the same one. */
  issuer: string;
  /** Where this server itself is reached. Left out: it founds nothing. */
  url?: string | undefined;
  /** Of the control API; undefined where whoever gets there may call it. */
  controlToken?: string | undefined;
}

interface Letter {
  from: string;
  message: unknown;
}

const GOODBYE = 'instances';

export class Instances {
  readonly id: string;
  /** Whether others may serve the same tenant at the same time. */
  readonly areMany: boolean;
  readonly #bus: Store['bus'];
  readonly #revision: Revision;
  readonly #members: Members;
  readonly #stopHearing = new Set<() => void>();
  readonly #pendingCounts: Array<() => number> = [];
  readonly #farewells: Array<(id: string) => void> = [];
  #isClosed = false;
  #failure: unknown;
  #whenOver = (): void => {};
  readonly #takeOvers: Array<() => Promise<void>> = [];

  private constructor({ store, clock, ids, issuer, controlToken }: InstancesParts) {
    this.id = ids.make('ins_', 16);
    this.areMany = store.isShared;
    this.#bus = store.bus;
    this.#revision = new Revision(store, clock);
    this.#members = new Members({
      id: this.id,
      store,
      clock,
      issuer,
      markOfToken: () => markOfToken(controlToken, store, ids),
      pendingCount: () => this.#pendingCounts.reduce((sum, count) => sum + count(), 0),
      catchUp: async () => this.catchUp(),
      seeOff: (id) => {
        for (const seeOff of this.#farewells) seeOff(id);
      },
      takeOver: async () => {
        // Whatever the lost one wrote and did not get around to telling.
        await this.changed();
        for (const takeOver of this.#takeOvers) await takeOver();
      },
    });
  }

  /**
   * @param isFounder whether the store has just been filled anew, and the others wait for `found`
   * @throws Problem `usage` where the others go by another issuer
   */
  static async open(parts: InstancesParts, { isFounder = false } = {}): Promise<Instances> {
    const instances = new Instances(parts);
    if (!instances.areMany) return instances;
    if (!isFounder) await instances.#revision.open(instances.id, parts.url);
    await instances.#members.enter();
    instances.hear(GOODBYE, () => void instances.#members.look());
    return instances;
  }

  /** How many there are, with this one. */
  async count(): Promise<number> {
    return this.areMany ? this.#members.count() : 1;
  }

  /** Requests that wait at other instances, as of their last beats. */
  get pendingElsewhere(): number {
    return this.areMany ? this.#members.pendingElsewhere : 0;
  }

  /** Whether whoever took something on is gone, so that somebody else may. Where nobody shares, it was an earlier process. */
  async isLost(instance: string | undefined): Promise<boolean> {
    return !this.areMany || instance === undefined || this.#members.isLost(instance);
  }

  /** Calls `seeOff` with each instance that is there no more. */
  whenGone(seeOff: (id: string) => void): void {
    this.#farewells.push(seeOff);
  }

  /** Tells the others, not this one. Returns at once. */
  tell(topic: string, message: unknown): void {
    if (this.areMany) this.#bus.publish(topic, { from: this.id, message } satisfies Letter);
  }

  /** What others tell. The returned function stops that. */
  hear(topic: string, reader: (message: unknown, from: string) => void): () => void {
    if (!this.areMany) return () => undefined;
    const stop = this.#bus.subscribe(topic, (letter) => {
      const { from, message } = letter as Letter;
      if (from !== this.id) reader(message, from);
    });
    this.#stopHearing.add(stop);
    return () => {
      this.#stopHearing.delete(stop);
      stop();
    };
  }

  /** `refresh` reads again what others may have written; in the order in which they are added. */
  addRefresh(refresh: () => Promise<void>): void {
    this.#revision.add(refresh);
  }

  /** Something was written that every instance keeps in memory. Awaited before the answer goes out. */
  async changed(): Promise<void> {
    if (!this.areMany) return;
    await this.#revision.raise();
    // Those that nobody asks anything learn of it, too: their streams tell of it, their alarms ring.
    this.tell('revision', {});
  }

  /** Everything that the others need is in the store: they go on in this generation. */
  async found(): Promise<void> {
    if (!this.areMany) return;
    await this.#revision.found(this.id);
    this.tell('revision', {});
  }

  /** Whether the tenant has begun anew, by a reset or a snapshot, and nothing here counts any more. */
  get areOver(): boolean {
    return this.#revision.isOver;
  }

  /** Before anything is answered: resolves once what was answered elsewhere before counts here. Undefined where nobody shares. */
  catchUp(): Promise<void> | undefined {
    if (!this.areMany) return undefined;
    return this.#revision.catchUp().then(
      () => {
        this.#failure = undefined;
        if (this.areOver) this.#whenOver();
      },
      (cause: unknown) => {
        this.#failure = cause;
      },
    );
  }

  /** @throws whatever kept this instance from learning what the others did: it might answer by what is over */
  requireCaughtUp(): void {
    const failure = this.#failure;
    if (failure === undefined) return;
    if (!(failure instanceof Problem) || failure.code !== 'store_unavailable') throw failure;
    const { code, message, status } = failure;
    const hint = 'Ask again in a moment: nothing has been done. The log of the server says what to mend.';
    throw new Problem(code, message, { status, hint, cause: failure, hasChangedNothing: true });
  }

  /** @param act is called, perhaps repeatedly, once `areOver` */
  whenOver(act: () => void): void {
    this.#whenOver = act;
  }

  /** How many requests wait at this one. */
  addPendingCount(count: () => number): void {
    this.#pendingCounts.push(count);
  }

  /** `takeOver` goes on with whatever belongs to nobody any more. */
  addTakeOver(takeOver: () => Promise<void>): void {
    this.#takeOvers.push(takeOver);
  }

  /** Once everybody is there: looks after the others from now on. */
  async begin(): Promise<void> {
    if (!this.areMany) return;
    this.hear('revision', () => void this.catchUp());
    await this.#members.watch();
  }

  /**
   * Nothing is begun here any more: others go on. While the store is open.
   *
   * @param options whether nobody is to take over, because the tenant begins anew
   */
  async close({ quietly = false } = {}): Promise<void> {
    if (!this.areMany || this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stopHearing) stop();
    this.#stopHearing.clear();
    // In another generation nobody knows this one. Where the store is away, the others notice that the beats have ended.
    await this.#members.leave({ quietly: quietly || this.areOver }).catch(() => undefined);
    if (!quietly && !this.areOver) this.tell(GOODBYE, {});
  }
}
