// Has the authorization server learn of a decision, and writes down that it has. Where the store goes away in between, whoever gave the
// decision is told to ask again, and may not: the client that polls must not wait for that. Owned by the approvals.
import type { Clock } from '../clock.ts';
import { AFTER_OUTAGE_MS, isOutage } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { type Approval, type ApprovalId, isUnsettled } from './approval.ts';
import type { StepParts } from './step-parts.ts';

export interface SettlingParts
  extends Pick<StepParts, 'approvals' | 'asMine' | 'clock' | 'late' | 'nameAttempt'> {
  /** By which it is waited for the store. */
  waitClock: Clock;
  /** Resolves once the authorization server knows. May be called again. */
  settle(approval: Approval): Promise<void>;
  /** Of several who settle a decision, one tells of it. */
  tell(settled: Approval): Promise<void>;
}

export class Settling {
  readonly #parts: SettlingParts;
  readonly #cancels = new Map<ApprovalId, () => void>();
  #isClosed = false;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /** @throws Problem `store_unavailable`, and then goes on by itself */
  async settle(approval: Approval): Promise<Approval> {
    try {
      return await this.#settleNow(approval);
    } catch (cause) {
      if (isOutage(cause) && !this.#isClosed) this.#settleLater(approval);
      throw cause;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  async #settleNow(approval: Approval): Promise<Approval> {
    const { approvals, asMine, clock, late, nameAttempt, settle, tell } = this.#parts;
    const { id } = approval;
    await settle(approval);
    for (;;) {
      const found = await approvals.get(id);
      if (!found || !isUnsettled(found.value)) return found?.value ?? approval;
      const settled: Approval = {
        ...found.value,
        settledAtMs: clock.now(),
        settledInAttempt: nameAttempt(),
        ...asMine(),
      };
      const isWritten = await late.watch(settled, () => approvals.replace(id, found.version, settled), {
        async look() {
          const now = (await approvals.get(id))?.value;
          if (now && now.settledInAttempt === settled.settledInAttempt) await tell(now);
        },
      });
      if (!isWritten) continue;
      await tell(settled);
      return settled;
    }
  }

  #settleLater(approval: Approval): void {
    const { waitClock } = this.#parts;
    this.#cancels.get(approval.id)?.();
    const settleAgain = async (): Promise<void> => {
      this.#cancels.delete(approval.id);
      await this.settle(approval).catch((cause: unknown) => {
        if (!isOutage(cause) && !this.#isClosed)
          warnOfFailure(`the decision of ${approval.name} was not settled`, cause);
      });
    };
    this.#cancels.set(approval.id, waitClock.setAlarm(waitClock.now() + AFTER_OUTAGE_MS, settleAgain));
  }
}
