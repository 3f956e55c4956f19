// Step mode where several instances serve the tenant. Where exchanges are held is one document in the store, which each instance
// reads again when it has changed. What is held stays with the instance that has the connection; a note in the store lets every other
// one show it, and ask for it to be let go.
import type { MovableClock } from '../clock.ts';
import type { HeldExchange, ReleaseReason, StepPlan, Steps } from '../contract/index.ts';
import type { Instances } from '../instances/index.ts';
import type { Collection, Store } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { type HoldOfInstance, type Stepping, type TogetherPort, toHeldExchange } from './stepping.ts';

const PLAN = 'current';
const LET_GO = 'step-let-go';
const HELD_BACK = 'step-held-back';
const GONE_ON = 'step-gone-on';

/** How long another instance may take to let something go. */
const PATIENCE_MS = 3_000;

interface Note extends HoldOfInstance {
  instance: string;
}

interface LetGo {
  hold: string;
  why: ReleaseReason;
}

interface HeldBack {
  hold: string;
  approval: string;
}

export interface SteppingTogetherParts {
  store: Store;
  instances: Instances;
  clock: MovableClock;
}

export class SteppingTogether implements TogetherPort {
  readonly idEnd: string;
  readonly #parts: SteppingTogetherParts;
  readonly #notes: Collection<Note>;
  readonly #plans: Collection<{ plan: StepPlan }>;
  /** Hold → request that nobody may know of yet. */
  readonly #heldBack = new Map<string, string>();
  readonly #watchers = new Set<(approvalId: string) => void>();
  readonly #waiters = new Map<string, () => void>();

  constructor(parts: SteppingTogetherParts) {
    this.#parts = parts;
    this.#notes = parts.store.collection<Note>('step-holds');
    this.#plans = parts.store.collection<{ plan: StepPlan }>('step-plan');
    this.idEnd = `-${parts.instances.id.slice(-4).toLowerCase()}`;
  }

  /** Hears of the others from now on. */
  async attach(stepping: Stepping): Promise<void> {
    const { instances } = this.#parts;
    instances.addRefresh(() => this.#readPlan(stepping));
    instances.hear(LET_GO, (message) => {
      const { hold, why } = message as LetGo;
      stepping.release(hold, why);
    });
    instances.hear(HELD_BACK, (message) => {
      const { hold, approval } = message as HeldBack;
      this.#heldBack.set(hold, approval);
    });
    instances.hear(GONE_ON, (hold) => this.#seeGoOn(String(hold)));
    await this.#readPlan(stepping);
    for (const { id, value } of await this.#notes.list()) {
      const { arrow, approval } = value.about;
      if (arrow === 'push_sent' && approval !== undefined) this.#heldBack.set(id, approval);
    }
    instances.addTakeOver(() => this.#dropLost());
  }

  /** For whoever is asked, at this instance, about step mode at all of them. */
  portOf(stepping: Stepping) {
    return {
      get plan(): StepPlan {
        return stepping.plan;
      },
      get heldCount(): number {
        return stepping.heldCount;
      },
      list: (): Promise<Steps> => this.list(stepping),
      change: (plan: StepPlan): Promise<Steps> => this.change(stepping, plan),
      next: (id?: string): Promise<HeldExchange> => this.next(stepping, id),
      continue: (options: { clear: boolean }): Promise<Steps> => this.continue(stepping, options),
    };
  }

  /** What is held, with where; of all instances. */
  async list(stepping: Stepping): Promise<Steps> {
    const elsewhere = (await this.#elsewhere()).map((note) => toHeldExchange(note, this.#parts.clock));
    const { held, ...plan } = stepping.list();
    return {
      ...plan,
      held: [...held, ...elsewhere].sort((a, b) => Date.parse(a.since) - Date.parse(b.since)),
    };
  }

  async change(stepping: Stepping, plan: StepPlan): Promise<Steps> {
    await this.#keepPlan(plan);
    stepping.change(plan);
    await this.#parts.instances.changed();
    return this.list(stepping);
  }

  /** @throws Problem `not_found` where there is nothing to let go */
  async next(stepping: Stepping, id?: string): Promise<HeldExchange> {
    const all = (await this.list(stepping)).held;
    const meant = id === undefined ? all[0] : all.find((one) => one.id === id);
    const isHere = stepping.list().held.some((one) => one.id === meant?.id);
    if (meant === undefined || isHere) return stepping.next(meant?.id ?? id);
    await this.#letGo(meant.id, 'next');
    return meant;
  }

  async continue(stepping: Stepping, options: { clear: boolean }): Promise<Steps> {
    stepping.continue(options);
    if (options.clear) {
      await this.#keepPlan(stepping.plan);
      await this.#parts.instances.changed();
    }
    await Promise.all((await this.#elsewhere()).map(({ about }) => this.#letGo(about.hold, 'continue')));
    return this.list(stepping);
  }

  async keep(hold: HoldOfInstance): Promise<void> {
    const { instances } = this.#parts;
    const { about } = hold;
    if (about.arrow === 'push_sent' && about.approval !== undefined)
      instances.tell(HELD_BACK, { hold: about.hold, approval: about.approval } satisfies HeldBack);
    const { isBreakPoint, sinceMs, waits, givesUpAtMs, goesOnAtMs } = hold;
    const note: Note = {
      instance: instances.id,
      about,
      isBreakPoint,
      sinceMs,
      ...(waits === undefined ? {} : { waits }),
      ...(givesUpAtMs === undefined ? {} : { givesUpAtMs }),
      ...(goesOnAtMs === undefined ? {} : { goesOnAtMs }),
    };
    try {
      await this.#notes.insert(about.hold, note);
    } catch (cause) {
      // It is held all the same, and let go here.
      warnOfFailure(`other instances do not see that ${about.hold} is held`, cause);
    }
  }

  drop({ about }: HoldOfInstance): void {
    this.#notes
      .remove(about.hold)
      .catch((cause: unknown) => warnOfFailure(`${about.hold} still seems held`, cause))
      .finally(() => this.#parts.instances.tell(GONE_ON, about.hold));
  }

  isHeldBackElsewhere(approvalId: string): boolean {
    for (const held of this.#heldBack.values()) if (held === approvalId) return true;
    return false;
  }

  /** Calls `watcher` when a request may be told of that another instance held back. */
  watchLeaving(watcher: (approvalId: string) => void): void {
    this.#watchers.add(watcher);
  }

  #seeGoOn(hold: string): void {
    this.#waiters.get(hold)?.();
    const approval = this.#heldBack.get(hold);
    this.#heldBack.delete(hold);
    if (approval !== undefined) for (const watcher of this.#watchers) watcher(approval);
  }

  async #letGo(hold: string, why: ReleaseReason): Promise<void> {
    const { clock, instances } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.base.setAlarm(clock.base.now() + PATIENCE_MS, resolve);
    this.#waiters.set(hold, resolve);
    instances.tell(LET_GO, { hold, why } satisfies LetGo);
    await promise;
    cancel();
    this.#waiters.delete(hold);
  }

  async #elsewhere(): Promise<Note[]> {
    const { instances } = this.#parts;
    const all = (await this.#notes.list()).map(({ value }) => value);
    const others = all.filter(({ instance }) => instance !== instances.id);
    const areLost = await Promise.all(others.map(({ instance }) => instances.isLost(instance)));
    return others.filter((_, at) => !areLost[at]);
  }

  async #dropLost(): Promise<void> {
    const { instances } = this.#parts;
    for (const { id, value } of await this.#notes.list()) {
      if (!(await instances.isLost(value.instance))) continue;
      await this.#notes.remove(id);
      this.#seeGoOn(id);
      instances.tell(GONE_ON, id);
    }
  }

  async #readPlan(stepping: Stepping): Promise<void> {
    const kept = await this.#plans.get(PLAN);
    if (kept) stepping.change(kept.value.plan);
  }

  async #keepPlan(plan: StepPlan): Promise<void> {
    for (;;) {
      const kept = await this.#plans.get(PLAN);
      const isKept = kept
        ? await this.#plans.replace(PLAN, kept.version, { plan })
        : await this.#plans.insert(PLAN, { plan });
      if (isKept) return;
    }
  }
}
