// What became of a request, in words: heading, lead, sign, and what happens now. Pure.
import type { ApprovalView, Decision } from 'assent/contract';
import { texts } from '../texts/phone.ts';
import { fill } from '../ui/prose.tsx';
import { ago, clockTime } from '../ui/time-text.ts';

export interface OutcomeStory {
  sign: 'approved' | 'denied' | 'expired';
  tone: 'approve' | 'deny' | 'expired' | 'info';
  heading: string;
  /** A text of the catalogue with its values; without one, the summary of the request is the lead. */
  lead: { text: string; values: Record<string, string> };
  next: readonly string[];
}

export interface Circumstances {
  nowMs: number;
  /** This very page sent the decision. */
  isOwnDecision: boolean;
  /** The reader had the open request before them when it ended. */
  wasOpen: boolean;
  /** The time ended while the server could not be heard. */
  isUncertain: boolean;
}

const SUMMARY_ONLY = '{summary}';

export function tellOutcome(approval: ApprovalView, around: Circumstances): OutcomeStory {
  const { decision } = approval;
  const summary = approval.consent.summary;
  if (decision === undefined) {
    return {
      sign: 'expired',
      tone: 'expired',
      heading: around.isUncertain
        ? texts.outcome.timeOver
        : fill(texts.outcome.expired, { time: clockTime(approval.expires_at) }),
      lead: {
        text: around.isUncertain ? texts.outcome.timeOverLead : texts.outcome.expiredLead,
        values: { summary },
      },
      next: around.isUncertain ? [] : texts.outcome.expiredNext,
    };
  }
  const isApproval = decision.outcome === 'approved';
  const consequences = isApproval
    ? approval.state === 'redeemed'
      ? texts.outcome.redeemedNext
      : texts.outcome.approvedNext
    : texts.outcome.deniedNext;
  if (around.wasOpen && !around.isOwnDecision) {
    return {
      sign: decision.outcome,
      tone: 'info',
      heading: isApproval ? texts.outcome.alreadyApproved : texts.outcome.alreadyDenied,
      lead: decidedWhere(decision, around.nowMs),
      next: [
        ...texts.outcome.elsewhereNext,
        ...consequences,
        ...(decision.device === undefined ? [] : [texts.outcome.notYou]),
      ],
    };
  }
  return {
    sign: decision.outcome,
    tone: isApproval ? 'approve' : 'deny',
    heading: headingOf(decision),
    lead: { text: SUMMARY_ONLY, values: { summary } },
    next: consequences,
  };
}

function headingOf({ outcome, from }: Decision): string {
  // The person themself, or a test on their behalf.
  if (!['approver app', 'e-mail link'].includes(from))
    return outcome === 'approved' ? texts.outcome.approved : texts.outcome.denied;
  return outcome === 'approved' ? texts.outcome.youApproved : texts.outcome.youDenied;
}

function decidedWhere(decision: Decision, nowMs: number): OutcomeStory['lead'] {
  const when = ago(decision.at, nowMs);
  if (decision.rule !== undefined)
    return { text: texts.outcome.elsewhereRule, values: { rule: decision.rule, when } };
  if (decision.from === 'e-mail link') return { text: texts.outcome.elsewhereLink, values: { when } };
  return decision.device === undefined
    ? { text: texts.outcome.elsewhereSurface, values: { from: decision.from, when } }
    : { text: texts.outcome.elsewhereYou, values: { device: decision.device, when } };
}
