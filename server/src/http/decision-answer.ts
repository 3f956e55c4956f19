// How an attempt to decide is answered, whoever attempted it.
import type Koa from 'koa';
import { type DecideResult, toApprovalView } from '../approvals/index.ts';
import type { DecisionResult } from '../contract/index.ts';
import { Problem } from '../problem.ts';

/** 200 for the decision that counts; 409 and the truth for every other one. */
export function answerDecision(ctx: Koa.Context, decided: DecideResult, nowMs: number): void {
  if (decided.result === 'not_found') {
    throw new Problem('not_found', 'The request has been forgotten meanwhile.', { status: 404 });
  }
  const { result, approval } = decided;
  ctx.status = result === 'decided' ? 200 : 409;
  ctx.body = { result, approval: toApprovalView(approval, nowMs) } satisfies DecisionResult;
}
