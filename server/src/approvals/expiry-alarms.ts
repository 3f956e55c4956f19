// One alarm for each request that waits, at the instant at which its time is over. Owned by the approvals.
import type { Clock } from '../clock.ts';
import { AFTER_OUTAGE_MS, isOutage } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import type { Approval, ApprovalId } from './approval.ts';

export class ExpiryAlarms {
  readonly #clock: Clock;
  readonly #waitClock: Clock;
  readonly #ring: (approval: Approval) => Promise<unknown>;
  readonly #cancels = new Map<ApprovalId, () => void>();
  readonly #ofOthers = new Set<ApprovalId>();
  #isClosed = false;

  /** @param waitClock by which it is waited for a store that is away, where `clock` may be put forward */
  constructor(clock: Clock, waitClock: Clock, ring: (approval: Approval) => Promise<unknown>) {
    this.#clock = clock;
    this.#waitClock = waitClock;
    this.#ring = ring;
  }

  /** How many are set of requests that this instance has taken. */
  get count(): number {
    return this.#cancels.size - this.#ofOthers.size;
  }

  has(id: ApprovalId): boolean {
    return this.#cancels.has(id);
  }

  /** @param options whether it is of a request that another instance has taken, and counts */
  set(approval: Approval, { isOfOthers = false } = {}): void {
    // Whatever was under way at the end may fail after it.
    if (this.#isClosed) return;
    this.#setAt(approval, this.#clock, approval.expiresAtMs);
    if (isOfOthers) this.#ofOthers.add(approval.id);
  }

  #setAt(approval: Approval, clock: Clock, atMs: number): void {
    this.stop(approval.id);
    const cancel = clock.setAlarm(atMs, async () => {
      const isAgain = await this.#ends(approval);
      // Whoever has stopped it, or set another one, wants no more of this one.
      if (this.#cancels.get(approval.id) !== cancel) return;
      if (isAgain) this.#setAt(approval, this.#waitClock, this.#waitClock.now() + AFTER_OUTAGE_MS);
      else this.stop(approval.id);
    });
    this.#cancels.set(approval.id, cancel);
  }

  /** Whether it has to be tried again. The state is computed from the clock wherever it is read: what is late is the announcement. */
  async #ends(approval: Approval): Promise<boolean> {
    try {
      await this.#ring(approval);
    } catch (cause) {
      if (isOutage(cause)) return true;
      warnOfFailure(`expiry of ${approval.name} was not recorded`, cause);
    }
    return false;
  }

  stop(id: ApprovalId): void {
    this.#cancels.get(id)?.();
    this.#cancels.delete(id);
    this.#ofOthers.delete(id);
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    this.#ofOthers.clear();
  }
}
