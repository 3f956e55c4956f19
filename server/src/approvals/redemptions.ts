// Spends approved requests, each once, and remembers the last of those that are spent: the older ones are let go. Owned by the
// approvals.
import { Ring } from '../ring.ts';
import { type Collection, unlessAway } from '../store.ts';
import { type Approval, type ApprovalId, isRedeemable, redeemApproval } from './approval.ts';
import type { StepParts } from './step-parts.ts';

/** Of a process. Nothing can come of them any more, and the trace tells of fewer: so of those not all are kept for the retention. */
export const MOST_REDEEMED = 5_000;

interface RedemptionsParts extends Pick<StepParts, 'approvals' | 'clock' | 'late' | 'nameAttempt' | 'tell'> {
  idsByAuthReqId: Collection<{ id: string }>;
  graceMs(): number;
}

export class Redemptions {
  readonly #parts: RedemptionsParts;
  readonly #redeemed = new Ring<Pick<Approval, 'id' | 'authReqId'>>(MOST_REDEEMED);

  constructor(parts: RedemptionsParts) {
    this.#parts = parts;
  }

  isPossible(approval: Approval): boolean {
    return isRedeemable(approval, this.#parts.clock.now(), this.#parts.graceMs());
  }

  /** True for exactly one caller, ever. */
  async redeem(id: ApprovalId): Promise<boolean> {
    const { approvals, clock, graceMs, late, nameAttempt } = this.#parts;
    for (;;) {
      const found = await approvals.get(id);
      const spent = found && redeemApproval(found.value, clock.now(), graceMs());
      if (!spent) return false;
      const redeemed: Approval = { ...spent, redeemedInAttempt: nameAttempt() };
      const isWritten = await late.watch(redeemed, () => approvals.replace(id, found.version, redeemed), {
        look: async () => {
          const now = (await approvals.get(id))?.value;
          if (now?.redeemedInAttempt === redeemed.redeemedInAttempt) await this.#tell(redeemed);
        },
      });
      if (!isWritten) continue;
      await this.#tell(redeemed);
      return true;
    }
  }

  /** In place of the oldest one. */
  async remember({ id, authReqId }: Approval): Promise<void> {
    const leaving = this.#redeemed.add({ id, authReqId });
    if (!leaving) return;
    await this.#parts.idsByAuthReqId.remove(leaving.authReqId);
    await this.#parts.approvals.remove(leaving.id);
  }

  async #tell(redeemed: Approval): Promise<void> {
    await this.#parts.tell(redeemed);
    // What has been spent is answered, whatever becomes of older ones.
    await unlessAway(this.remember(redeemed));
  }
}
