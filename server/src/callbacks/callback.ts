// One callback: what it says, what becomes of it by the client's answer, and when it is tried again. Pure.
import type { TraceEvent } from '../contract/index.ts';
import { toErrorText } from '../error-text.ts';

/** What a callback says: that there is an answer, or the answer itself. CIBA Core §10.2, §10.3.1 and §12. */
type Saying = Extract<TraceEvent, { type: 'callback.sent' }>['says'];

export interface Message {
  says: Saying;
  body: Readonly<Record<string, unknown>>;
}

/** What became of one attempt. */
export type AttemptOutcome =
  | { outcome: 'taken' }
  | { outcome: 'retry_later'; afterSeconds: number | undefined; why: string }
  /** Sending the same again would not help. */
  | { outcome: 'refused'; why: string };

const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 120;
/** With the pauses above somewhat more than eight minutes. */
export const MOST_ATTEMPTS = 9;

/**
 * CIBA Core §10.2 and §10.3.1: 204 ends it, 200 should be taken as well and its body is ignored; no redirection is followed; what
 * errors lead to is left open. Whoever is not let in (401, 403) is not let in by asking again.
 */
export function judgeAnswer(status: number, retryAfter: string | undefined): AttemptOutcome {
  if (status >= 200 && status < 300) return { outcome: 'taken' };
  if (status === 408 || status === 429 || status >= 500) {
    const afterSeconds =
      retryAfter !== undefined && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
    return { outcome: 'retry_later', afterSeconds, why: `the client answered ${status}` };
  }
  if (status >= 300 && status < 400) {
    return { outcome: 'refused', why: `the client answered ${status}, and no redirection is followed` };
  }
  const isUnwelcome = status === 401 || status === 403;
  return {
    outcome: 'refused',
    why: `the client answered ${status}${isUnwelcome ? ': it did not take its own client_notification_token' : ''}`,
  };
}

/** As long as was asked for, at most an hour, and longer from time to time. */
export function pauseSeconds(attempts: number, askedSeconds: number | undefined): number {
  const backOff = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS);
  return Math.max(backOff, Math.min(askedSeconds ?? 0, 3_600));
}

export function errorMessage(
  error: 'access_denied' | 'expired_token' | 'transaction_failed',
  description: string,
  authReqId: string,
): Message {
  return {
    says: error,
    body: { auth_req_id: authReqId, error, error_description: toErrorText(description) },
  };
}
