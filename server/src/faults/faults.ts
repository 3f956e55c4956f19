// The faults that are active: which one meets what is happening now, how often each still may, and that the trace says so.
// A fault changes what is said, or when; no request, decision or redemption that was acknowledged is lost or changed by it.
// Kept in the tenant's store. Every count is taken in one step, so that of two requests at once each meets its own.
import { type Approval, type Approvals, quoteReference } from '../approvals/index.ts';
import type {
  ActiveFault,
  Fault,
  FaultEffect,
  FaultKind,
  FaultPlan,
  NewTraceEvent,
} from '../contract/index.ts';
import type { Instances } from '../instances/index.ts';
import { Problem } from '../problem.ts';
import type { Collection, Store } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { describeFault } from './fault-text.ts';
import {
  type Entry,
  idOf,
  isDue,
  isPlace,
  type KeptFault,
  matches,
  type Occasion,
  toFault,
} from './kept-fault.ts';

/** A fault that takes effect now. */
export interface Met<K extends FaultKind = FaultKind> {
  id: string;
  does: Extract<FaultEffect, { kind: K }>;
}

export interface FaultsParts {
  store: Store;
  /** Whether there is TLS that could break. */
  hasTls: boolean;
  /** Of draws without a seed of their own. */
  seed(): string;
  record(event: NewTraceEvent): void;
  approvals: Pick<Approvals, 'find' | 'watch'>;
  /** Those that serve the same tenant. */
  instances: Pick<Instances, 'areMany' | 'changed' | 'addRefresh'>;
}

/** More make no test clearer, and each is looked at for every request. */
const MOST_FAULTS = 100;

export class Faults {
  readonly #parts: FaultsParts;
  readonly #documents: Collection<KeptFault>;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<() => void>();
  readonly #stopWatching: () => void;
  #lastNumber = 0;
  /** Writes follow one another, so that none is lost to another. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(parts: FaultsParts) {
    this.#parts = parts;
    this.#documents = parts.store.collection<KeptFault>('faults');
    // Only a new request is told of as pending.
    this.#stopWatching = parts.approvals.watch((approval, changedAt) =>
      approval.state === 'pending' && changedAt === 'here' ? this.#bindNext(approval) : undefined,
    );
    parts.instances.addRefresh(() => this.#readAll());
  }

  /** With what an earlier process, or a snapshot, left. */
  static async open(parts: FaultsParts): Promise<Faults> {
    const faults = new Faults(parts);
    await faults.#readAll();
    return faults;
  }

  async #readAll(): Promise<void> {
    const all = await this.#documents.list();
    this.#entries.clear();
    for (const { id, value, version } of all) {
      this.#entries.set(id, { kept: value, version });
      this.#lastNumber = Math.max(this.#lastNumber, value.number);
    }
    this.#tell();
  }

  /** Cheap: asked for every request. */
  get areNone(): boolean {
    return this.#entries.size === 0;
  }

  /** Oldest first. */
  list(): Fault[] {
    return [...this.#entries.values()].map(toFault);
  }

  /** The same in words, for those who are only told. */
  active(): ActiveFault[] {
    return this.list().map(({ id, text }) => ({ id, text }));
  }

  /** Whether any fault could meet something there. */
  concerns(on: readonly string[], kinds?: readonly FaultKind[]): boolean {
    for (const { kept } of this.#entries.values()) {
      if (isPlace(kept.plan.on, on) && (kinds === undefined || kinds.includes(kept.plan.does.kind)))
        return true;
    }
    return false;
  }

  /** @throws Problem `not_found` for a request that is not there, `bad_request` where there are too many */
  async inject(plan: FaultPlan): Promise<Fault> {
    if (plan.does.kind === 'break_tls' && !this.#parts.hasTls) {
      throw new Problem('bad_request', 'Received "break_tls", but this server speaks plain http.', {
        hint: 'Start it without --http, or break a connection otherwise: "drop" on a route.',
      });
    }
    const approval = await this.#findRequest(plan.request);
    if (this.#entries.size >= MOST_FAULTS) {
      throw new Problem('bad_request', `There are ${MOST_FAULTS} faults already, and no more are taken.`, {
        hint: 'End them:   assent faults clear',
      });
    }
    const entry = await this.#begin({
      plan: plan.probability === undefined ? plan : { ...plan, seed: plan.seed ?? this.#parts.seed() },
      ...(approval === undefined ? {} : { approval: { id: approval.id, name: approval.name } }),
      matched: 0,
      applied: 0,
    });
    this.#tell();
    await this.#parts.instances.changed();
    return toFault(entry);
  }

  /** Under the next number that nobody has. */
  async #begin(fault: Omit<KeptFault, 'number'>): Promise<Entry> {
    for (;;) {
      this.#lastNumber += 1;
      const kept: KeptFault = { number: this.#lastNumber, ...fault };
      if (!(await this.#documents.insert(idOf(kept), kept))) continue;
      const entry = { kept, version: 1 };
      this.#entries.set(idOf(kept), entry);
      this.#parts.record({ type: 'fault.injected', fault: idOf(kept), text: toFault(entry).text });
      return entry;
    }
  }

  /** Ends one; undefined if it is not active. */
  async remove(id: string): Promise<Fault | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const fault = toFault(entry);
    await this.#end(entry, 'removed');
    return fault;
  }

  /** Ends all of them; gives what they were. */
  async clear(): Promise<Fault[]> {
    const faults = this.list();
    await Promise.all([...this.#entries.values()].map((entry) => this.#end(entry, 'removed')));
    return faults;
  }

  /**
   * The fault that meets this occasion: of those that are due the oldest. The others have counted a match. Resolves once all of
   * that is kept.
   */
  async meet<K extends FaultKind>(occasion: Occasion & { kinds: readonly K[] }): Promise<Met<K> | undefined> {
    const matching = [...this.#entries.values()].filter(({ kept }) => matches(kept, occasion));
    if (this.#parts.instances.areMany) return this.#meetTogether(matching, occasion);
    let met: Entry | undefined;
    const written: Array<Promise<void>> = [];
    for (const entry of matching) {
      entry.kept.matched += 1;
      if (met !== undefined || !isDue(entry.kept)) continue;
      met = entry;
      entry.kept.applied += 1;
      this.#recordApplied(entry, occasion);
    }
    for (const entry of matching) {
      const isUsedUp = entry.kept.applied === entry.kept.plan.times;
      written.push(isUsedUp ? this.#end(entry, 'used_up') : this.#keep(entry));
    }
    await Promise.all(written);
    return met && { id: idOf(met.kept), does: met.kept.plan.does as Met<K>['does'] };
  }

  /** The same where other instances count as well: of two requests at once at two of them, each meets its own. */
  async #meetTogether<K extends FaultKind>(
    matching: readonly Entry[],
    occasion: Occasion & { kinds: readonly K[] },
  ): Promise<Met<K> | undefined> {
    let met: KeptFault | undefined;
    for (const entry of matching) {
      const isMet = await this.#countTogether(entry, occasion, met === undefined);
      if (isMet) met = entry.kept;
    }
    if (met) await this.#parts.instances.changed();
    return met && { id: idOf(met), does: met.plan.does as Met<K>['does'] };
  }

  async #countTogether(entry: Entry, occasion: Occasion, mayApply: boolean): Promise<boolean> {
    const id = idOf(entry.kept);
    for (;;) {
      const found = await this.#documents.get(id);
      if (!found) {
        this.#entries.delete(id);
        return false;
      }
      const { plan, matched, applied } = found.value;
      if (applied === plan.times || !matches(found.value, occasion)) return false;
      const isApplied = mayApply && isDue({ ...found.value, matched: matched + 1 });
      const kept = { ...found.value, matched: matched + 1, applied: isApplied ? applied + 1 : applied };
      if (!(await this.#documents.replace(id, found.version, kept))) continue;
      entry.kept = kept;
      entry.version = found.version + 1;
      if (isApplied) this.#recordApplied(entry, occasion);
      if (kept.applied === plan.times) await this.#endTogether(entry, 'used_up');
      else this.#tell();
      return isApplied;
    }
  }

  /** Calls `watcher` whenever one was injected or is over, or has changed its words. The returned function stops that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    this.#stopWatching();
    this.#watchers.clear();
  }

  async #findRequest(ref: string | undefined): Promise<Approval | undefined> {
    if (ref === undefined || ref === 'next') return undefined;
    const approval = await this.#parts.approvals.find(ref);
    if (approval) return approval;
    throw new Problem('not_found', `There is no request${quoteReference(ref)} that could fail.`, {
      status: 404,
      hint: 'One that is still to come is called "next".',
    });
  }

  async #bindNext({ id, name, clientId }: Approval): Promise<void> {
    const keeping: Array<Promise<void>> = [];
    for (const entry of this.#entries.values()) {
      const { plan, approval } = entry.kept;
      if (plan.request !== 'next' || approval !== undefined) continue;
      if (plan.client_id !== undefined && plan.client_id !== clientId) continue;
      entry.kept.approval = { id, name };
      keeping.push(this.#keep(entry).catch(warnOfUnkept));
      this.#tell();
    }
    if (keeping.length === 0 || !this.#parts.instances.areMany) return;
    await Promise.all(keeping);
    // Another instance may have bound it to a request of its own first.
    await this.#readAll();
    await this.#parts.instances.changed();
  }

  #recordApplied({ kept }: Entry, { approval, clientId }: Occasion): void {
    this.#parts.record({
      type: 'fault.applied',
      fault: idOf(kept),
      text: describeFault({ on: kept.plan.on, does: kept.plan.does, after: 0 }, 0, undefined),
      count: kept.applied,
      ...(approval === undefined ? {} : { approval: approval.id, name: approval.name }),
      ...(clientId === undefined ? {} : { client_id: clientId }),
    });
  }

  /** Of several instances one ends it. */
  async #endTogether({ kept }: Entry, why: 'removed' | 'used_up'): Promise<void> {
    this.#entries.delete(idOf(kept));
    if (await this.#documents.remove(idOf(kept)))
      this.#parts.record({ type: 'fault.ended', fault: idOf(kept), why, applied: kept.applied });
    this.#tell();
    await this.#parts.instances.changed();
  }

  async #end(entry: Entry, why: 'removed' | 'used_up'): Promise<void> {
    if (this.#parts.instances.areMany) return this.#endTogether(entry, why);
    const { kept } = entry;
    if (!this.#entries.delete(idOf(kept))) return;
    this.#parts.record({ type: 'fault.ended', fault: idOf(kept), why, applied: kept.applied });
    this.#tell();
    await this.#write(() => this.#documents.remove(idOf(kept)));
  }

  async #keep(entry: Entry): Promise<void> {
    const { kept } = entry;
    this.#tell();
    await this.#write(async () => {
      if (await this.#documents.replace(idOf(kept), entry.version, kept)) entry.version += 1;
    });
  }

  #write(write: () => Promise<unknown>): Promise<void> {
    const written = this.#writing.then(write).then(() => undefined);
    this.#writing = written.catch(() => undefined);
    return written;
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

function warnOfUnkept(cause: unknown): void {
  warnOfFailure('a fault could not be kept', cause);
}
