// Judges what is given as an answer: the first decision stands, later ones are told what it was. Owned by the approvals.
import { unlessAway } from '../store.ts';
import { type Approval, decideApproval, isUnsettled } from './approval.ts';
import { tellDecision, tellRefusal } from './approval-events.ts';
import type { ApprovalPorts, DecideRequest, DecideResult } from './approvals-ports.ts';
import type { Settling } from './settling.ts';
import type { StepParts } from './step-parts.ts';

interface DecisionsParts extends StepParts {
  settling: Settling;
  needsSettling: ApprovalPorts['needsSettling'];
  /** That a decision has been settled, also where that took nothing. */
  tellSettled(settled: Approval): Promise<void>;
  asOfNow(approval: Approval): Approval;
}

export class Decisions {
  readonly #parts: DecisionsParts;

  constructor(parts: DecisionsParts) {
    this.#parts = parts;
  }

  /** @param countsAtMs when it was given, where that is not now */
  async judge(request: Omit<DecideRequest, 'onHeld'>, countsAtMs?: number): Promise<DecideResult> {
    const { approvals, asMine, clock, late, nameAttempt, needsSettling } = this.#parts;
    const { id, consentHash, told, ...answer } = request;
    for (;;) {
      const found = await approvals.get(id);
      if (!found) return { result: 'not_found' };
      const atMs = countsAtMs ?? clock.now();
      const attempt = decideApproval(found.value, { ...answer, atMs, attempt: nameAttempt() }, consentHash);
      if ('refusal' in attempt) {
        // The race was over its end; without an answer it comes now.
        if (countsAtMs !== undefined && found.value.state === 'pending') this.#parts.alarms.set(found.value);
        const approval = await this.#settled(found.value);
        this.#parts.record(tellRefusal(approval, attempt.refusal, answer));
        return { result: attempt.refusal, approval };
      }
      const decided: Approval = {
        ...attempt.approval,
        ...(needsSettling?.(attempt.approval) === false ? { settledAtMs: clock.now() } : {}),
        ...asMine(),
      };
      const tell = (now: Approval) => this.#tell({ decided, now }, answer, told);
      const isWritten = await late.watch(decided, () => approvals.replace(id, found.version, decided), {
        async look() {
          const now = (await approvals.get(id))?.value;
          // Where only its settling fails, that goes on by itself.
          if (now && now.decision?.attempt === decided.decision?.attempt) await unlessAway(tell(now));
        },
      });
      // Else somebody wrote in between: read again, and most likely be told that it is decided.
      if (isWritten) return { result: 'decided', approval: await tell(decided) };
    }
  }

  /** A decision whose settling broke off is settled by whoever comes next. */
  async #settled(known: Approval): Promise<Approval> {
    return this.#parts.asOfNow(isUnsettled(known) ? await this.#parts.settling.settle(known) : known);
  }

  /** The request as this decision made it, and as it is now: what was written late may have been redeemed since. */
  async #tell(
    { decided, now }: { decided: Approval; now: Approval },
    answer: Parameters<typeof tellDecision>[1],
    told: DecideRequest['told'],
  ): Promise<Approval> {
    const { alarms, record, settling, tellSettled } = this.#parts;
    alarms.stop(decided.id);
    record(tellDecision(decided, answer, told));
    if (isUnsettled(decided)) return settling.settle(decided);
    await tellSettled(now);
    return now;
  }
}
