// Finds requests that a hurried reader could take for the one before them. Pure.
import type { ApprovalView } from 'assent/contract';

const WINDOW_MS = 60_000;

/** Requests by the same client, worded the same apart from numbers, that came within a minute of this one. */
export function similarTo(approval: ApprovalView, approvals: readonly ApprovalView[]): ApprovalView[] {
  return approvals.filter((other) => other.id !== approval.id && areSimilar(approval, other));
}

/** How many waiting requests could be mistaken for another one: none, or at least two. */
export function countSimilar(waiting: readonly ApprovalView[]): number {
  return waiting.filter((approval) => similarTo(approval, waiting).length > 0).length;
}

function areSimilar(a: ApprovalView, b: ApprovalView): boolean {
  return (
    a.client.client_id === b.client.client_id &&
    withoutNumbers(a.consent.summary) === withoutNumbers(b.consent.summary) &&
    Math.abs(Date.parse(a.requested_at) - Date.parse(b.requested_at)) <= WINDOW_MS
  );
}

function withoutNumbers(summary: string): string {
  return summary.replaceAll(/\d[\d.,\u00a0\u202f]*/g, '#').toLocaleLowerCase();
}
