// One alarm for each request that waits, at the instant at which its time is over. Owned by the approvals.
import type { Clock } from '../clock.ts';
import type { Approval, ApprovalId } from './approval.ts';

export class ExpiryAlarms {
  readonly #clock: Clock;
  readonly #ring: (approval: Approval) => Promise<unknown>;
  readonly #cancels = new Map<ApprovalId, () => void>();

  constructor(clock: Clock, ring: (approval: Approval) => Promise<unknown>) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** How many are set. */
  get count(): number {
    return this.#cancels.size;
  }

  has(id: ApprovalId): boolean {
    return this.#cancels.has(id);
  }

  set(approval: Approval): void {
    this.stop(approval.id);
    const cancel = this.#clock.setAlarm(approval.expiresAtMs, () =>
      this.#ring(approval).catch((cause: unknown) => {
        // The state is computed from the clock wherever it is read; what is lost here is the announcement alone.
        process.emitWarning(`expiry of ${approval.name} was not recorded: ${String(cause)}`);
      }),
    );
    this.#cancels.set(approval.id, cancel);
  }

  stop(id: ApprovalId): void {
    this.#cancels.get(id)?.();
    this.#cancels.delete(id);
  }

  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
