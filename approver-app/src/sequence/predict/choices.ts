// Four plausible answers to "what happens next", one of them right, in the words that the steps have for themselves. The same
// question has the same answers in the same order, wherever it is asked. Pure.
import type { StepArrow } from 'assent/contract';
import { type StepKind, sentenceTexts } from 'assent/sequence';

export interface Choice {
  kind: StepKind;
  text: string;
}

/** What somebody could take for it who has not understood it yet. */
const MISTAKEN_FOR: Readonly<Record<StepKind, readonly StepKind[]>> = {
  ask: ['poll', 'api-called', 'push-sent'],
  'ask-answered': ['tokens', 'push-sent', 'ask-refused'],
  'ask-refused': ['ask-answered', 'push-sent', 'token-refused'],
  'push-sent': ['email-sent', 'details-shown', 'tokens'],
  'push-received': ['approved', 'details-shown', 'poll'],
  'inbox-told': ['push-sent', 'poll', 'approved'],
  'email-sent': ['push-sent', 'inbox-told', 'tokens'],
  'notification-failed': ['push-received', 'poll', 'approved'],
  'details-read': ['approved', 'poll', 'push-received'],
  'details-shown': ['poll-pending', 'approved', 'tokens'],
  poll: ['approved', 'details-read', 'api-called'],
  'poll-pending': ['tokens', 'poll-too-fast', 'poll-refused'],
  'poll-too-fast': ['poll-pending', 'tokens', 'poll-refused'],
  'poll-unread': ['poll-pending', 'tokens', 'poll-refused'],
  'poll-refused': ['tokens', 'poll-pending', 'poll-too-fast'],
  tokens: ['poll-pending', 'api-answered', 'poll-refused'],
  pinged: ['tokens-pushed', 'poll', 'error-pushed'],
  'tokens-pushed': ['pinged', 'error-pushed', 'poll'],
  'error-pushed': ['tokens-pushed', 'pinged', 'poll-refused'],
  'callback-taken': ['poll', 'callback-refused', 'tokens'],
  'callback-refused': ['callback-taken', 'poll', 'callback-failed'],
  'callback-failed': ['pinged', 'callback-taken', 'poll'],
  approved: ['poll', 'tokens', 'denied'],
  denied: ['poll', 'poll-refused', 'approved'],
  'decision-taken': ['tokens', 'poll', 'push-received'],
  'decision-late': ['poll', 'tokens', 'api-called'],
  'decision-refused': ['decision-taken', 'tokens', 'poll-pending'],
  'token-asked': ['ask', 'api-called', 'poll'],
  'token-refused': ['tokens', 'poll-pending', 'ask-refused'],
  'api-called': ['poll', 'tokens', 'decision-taken'],
  'api-answered': ['api-refused', 'tokens', 'poll-pending'],
  'api-refused': ['api-answered', 'token-refused', 'poll-refused'],
  attack: ['ask', 'poll', 'api-called'],
};

/** What an arrow that is held can turn out to be. */
export const HELD_KINDS: Readonly<Record<StepArrow, readonly [StepKind, ...StepKind[]]>> = {
  request_received: ['ask', 'ask-refused'],
  request_answered: ['ask-answered', 'ask-refused'],
  push_sent: ['push-sent', 'inbox-told', 'email-sent', 'notification-failed'],
  decision_received: ['approved', 'denied'],
  callback_sent: ['pinged', 'tokens-pushed', 'error-pushed', 'callback-failed'],
  poll_received: ['poll'],
  token_response: ['tokens', 'poll-refused'],
  api_call: ['api-called'],
};

const CHOICES = 4;

/**
 * @param candidates what the next arrow is, or can turn out to be; the likeliest first
 * @param question names it: its answers stand in an order of their own
 */
export function choicesFor(candidates: readonly [StepKind, ...StepKind[]], question: string): Choice[] {
  const [likeliest] = candidates;
  const kinds = [...new Set([...candidates, ...MISTAKEN_FOR[likeliest]])].slice(0, CHOICES);
  const placeOf = (kind: StepKind): number => hash(`${question} ${kind}`);
  return kinds
    .sort((one, other) => placeOf(one) - placeOf(other))
    .map((kind) => ({ kind, text: sentenceTexts.steps[kind].title }));
}

/** FNV-1a, 32 bits: neither secret nor even, but the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
