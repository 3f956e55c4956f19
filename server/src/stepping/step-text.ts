// What is held, and what came of it, in words.
import type { ReleaseReason, StepArrow } from '../contract/index.ts';

const HELD: Readonly<Record<StepArrow, string>> = {
  request_received: 'a request has arrived and waits to be admitted',
  request_answered: 'the auth_req_id waits to go back',
  push_sent: 'the notification waits to leave',
  decision_received: 'a decision has arrived and waits to count',
  callback_sent: 'the call to the client waits to leave; nothing is redeemed yet',
  poll_received: 'a poll has arrived and waits to be answered',
  token_response: 'the last answer waits to go back; nothing is redeemed yet',
  api_call: 'a call with a token has arrived and waits to be answered',
};

/** The caller gave up: what is so now. Each of these is true because of where the exchange was held. */
const AFTER_LEAVING: Readonly<Record<StepArrow, string>> = {
  request_received:
    'Its caller gave up before it was admitted: there is no such request, and nobody is asked.',
  request_answered:
    'Its caller gave up: the request is open and can be answered, but nobody knows its auth_req_id, so nobody will poll for it.',
  push_sent: 'Nobody waited for it.',
  decision_received:
    'Its sender gave up before it counted: nothing was decided, and the request is open as before.',
  callback_sent: 'Nobody waited for it.',
  poll_received:
    'Its caller gave up before it was answered: nothing was redeemed, and the next poll is answered as this one.',
  token_response: 'Its caller gave up before the answer: nothing was redeemed, and the next poll gets it.',
  api_call: 'Its caller gave up before the answer.',
};

export function describeHold(arrow: StepArrow): string {
  return HELD[arrow];
}

/** Undefined where it simply goes on. */
export function describeRelease(arrow: StepArrow, why: ReleaseReason): string | undefined {
  switch (why) {
    case 'next':
    case 'continue':
    case 'slow':
      return undefined;
    case 'caller_left':
      return AFTER_LEAVING[arrow];
    case 'limit':
      return 'Its caller would have given up, so it goes on by itself. With "outlast" it is held for longer.';
    case 'request_ended':
      return 'The request has ended meanwhile: nobody is notified any more.';
    case 'shutdown':
      return 'The server stops, or begins anew.';
  }
}
