// One attempt as the trace tells it: what was said, tokens without what could be used again, and what the client answered.
import type { Approval } from '../approvals/index.ts';
import type { Exchange, NewTraceEvent } from '../contract/index.ts';
import { redactBody } from '../exchange/index.ts';
import type { AttemptOutcome, Message } from './callback.ts';

export interface Attempt {
  approval: Approval;
  message: Message;
  /** Which one it was, from 1. */
  attempt: number;
  outcome: AttemptOutcome;
  /** Of the answer; undefined where there was none. */
  status?: number;
  againAtMs: number | undefined;
}

export function describeAttempt({
  approval,
  message,
  attempt,
  outcome,
  status,
  againAtMs,
}: Attempt): NewTraceEvent {
  const { id, name, clientId, callback } = approval;
  const url = new URL(callback?.endpoint ?? '');
  return {
    type: 'callback.sent',
    approval: id,
    name,
    client_id: clientId,
    says: message.says,
    // A query may be a secret of the client.
    to: `${url.origin}${url.pathname}`,
    attempt,
    outcome: outcome.outcome === 'taken' ? 'taken' : outcome.outcome === 'refused' ? 'refused' : 'failed',
    ...(outcome.outcome === 'taken' ? {} : { why: outcome.why }),
    ...(againAtMs === undefined ? {} : { retry_at: new Date(againAtMs).toISOString() }),
    ...(status === undefined ? {} : { exchange: describeExchange(url, message, status) }),
  };
}

function describeExchange(url: URL, { body }: Message, status: number): Exchange {
  const parameters = Object.entries(redactBody(body)).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    request: {
      method: 'POST',
      path: url.pathname,
      content_type: 'application/json',
      parameters: Object.fromEntries(parameters),
    },
    response: { status, headers: {} },
  };
}
