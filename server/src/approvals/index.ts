// What the rest of the server may use of the heart.
export {
  type AnswerCallback,
  type Approval,
  type ApprovalId,
  findRefusal,
  linkEndsAtMs,
  toApprovalView,
} from './approval.ts';
export { numberOf, quoteReference } from './approval-reader.ts';
export { Approvals } from './approvals.ts';
export type { ApprovalPorts, DecideResult } from './approvals-ports.ts';
export { showInvisible } from './consent-text.ts';
export { buildConsentView } from './consent-view.ts';
export type { RaceWinner } from './expiry-race.ts';
export { type Grant, grantedDetailsOf, judgeGranted } from './granted-details.ts';
