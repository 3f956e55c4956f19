// What the console does to a request, as calls of the control API. Only the first decision counts, here as everywhere.
import { type ApprovalView, CONTROL_API, type DecisionResult, decisionResultSchema } from 'assent/contract';
import { consoleTexts } from '../../texts/console.ts';
import { sharedTexts } from '../../texts/shared.ts';
import { fill } from '../../ui/prose.tsx';
import type { Change } from '../session/console-session.ts';

const { requests: texts } = consoleTexts;

export function pathOfRequest({ name }: Pick<ApprovalView, 'name'>): string {
  return `${CONTROL_API}/requests/${encodeURIComponent(name)}`;
}

export function approveChange(approval: ApprovalView): Change {
  return decide(approval, { decision: 'approve' }, texts.approved);
}

export function denyChange(approval: ApprovalView, reason: string): Change {
  return decide(approval, { decision: 'deny', ...(reason === '' ? {} : { reason }) }, texts.denied);
}

export function expireChange(approval: ApprovalView): Change {
  return {
    done: fill(texts.expired, { name: approval.name }),
    call: { method: 'POST', path: `${pathOfRequest(approval)}/expire`, body: {} },
  };
}

function decide(approval: ApprovalView, body: object, done: string): Change {
  return {
    done: fill(done, { name: approval.name, approver: approval.approver.name }),
    call: { method: 'POST', path: `${pathOfRequest(approval)}/decision`, body },
    // 409 is an answer too: somebody else was first.
    accepted: [409],
    refusal: (answer) => explainResult(decisionResultSchema.safeParse(answer).data),
  };
}

function explainResult(result: DecisionResult | undefined): string | undefined {
  if (result === undefined || result.result === 'decided') return undefined;
  const state = sharedTexts.state[result.approval.state].toLowerCase();
  return fill(texts.notDecided, { name: result.approval.name, state });
}
