// Ends requests that nobody has answered, each once, and tells of it once, also where the store was away meanwhile. Owned by the
// approvals.
import type { Approval } from './approval.ts';
import { tellExpiry } from './approval-events.ts';
import type { StepParts } from './step-parts.ts';

export class Expiries {
  readonly #parts: StepParts;
  /** Those whose end was written without an answer. */
  readonly #inDoubt = new Set<string>();
  readonly #running = new Map<string, Promise<Approval | undefined>>();

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  /**
   * Of several callers at once one ends it, and all learn what became of it.
   *
   * @returns the request as it is now; undefined if it does not exist
   */
  expire(id: string, rule?: string): Promise<Approval | undefined> {
    const running = this.#running.get(id);
    if (running) return running;
    const expiring = this.#expireAlone(id, rule).finally(() => {
      if (this.#running.get(id) === expiring) this.#running.delete(id);
    });
    this.#running.set(id, expiring);
    return expiring;
  }

  async #expireAlone(id: string, rule: string | undefined): Promise<Approval | undefined> {
    const { approvals, asMine, clock, late } = this.#parts;
    for (;;) {
      const found = await approvals.get(id);
      if (!found) {
        this.#inDoubt.delete(id);
        return undefined;
      }
      if (found.value.state !== 'pending') {
        // An end that was written late is told late.
        const isOurs = this.#inDoubt.delete(id) && found.value.instance === asMine().instance;
        if (isOurs && found.value.state === 'expired') await this.#tell(found.value, rule);
        return found.value;
      }
      const expired: Approval = {
        ...found.value,
        state: 'expired',
        expiresAtMs: Math.min(found.value.expiresAtMs, clock.now()),
        ...asMine(),
      };
      const write = (): Promise<boolean> => approvals.replace(id, found.version, expired);
      const isWritten = await late.watch(expired, write, {
        look: () => this.expire(id, rule),
        aim: `end of ${id}`,
        onDoubt: () => this.#inDoubt.add(id),
      });
      // Else somebody wrote in between: that may have been the one in doubt.
      if (!isWritten) continue;
      this.#inDoubt.delete(id);
      await this.#tell(expired, rule);
      return expired;
    }
  }

  async #tell(expired: Approval, rule: string | undefined): Promise<void> {
    // Whoever comes from here on finds it ended, and need not wait until everybody has been told.
    this.#running.delete(expired.id);
    this.#parts.alarms.stop(expired.id);
    this.#parts.record(tellExpiry(expired, rule));
    await this.#parts.tell(expired);
  }
}
