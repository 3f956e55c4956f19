// One event → the arrows and marks that it stands for. An exchange is two arrows, a request and its answer; both carry it.
import { bindingOf, type TraceEvent } from '../contract/index.ts';
import {
  decisionArrows,
  deliveredArrow,
  failedPieces,
  readArrows,
  receivedArrow,
  refusedDecisionArrows,
} from './approver-arrows.ts';
import {
  type EventOf,
  exchangeOf,
  type Pen,
  type Piece,
  requestLine,
  type StoryContext,
  takePen,
} from './arrow-pen.ts';
import { callbackPieces } from './callback-arrows.ts';
import { apiArrows, attackPieces } from './gate-arrows.ts';
import { sentenceTexts } from './sentences.ts';
import { describeSpan } from './time-span.ts';

const { labels } = sentenceTexts;

export function readEvent(event: TraceEvent, context: StoryContext): Piece[] {
  const pen = takePen(event, context);
  const { mark, poll, answer } = pen;
  switch (event.type) {
    case 'request.received':
      return [
        asked(event, pen),
        answer('ask-answered', 'auth_req_id', {
          values: ['a'],
          // A client that is not told how often to ask has its tokens pushed: CIBA Core §7.3.
          words: { next: labels.next[event.interval === undefined ? 'push' : 'poll'] },
        }),
      ];
    case 'request.refused':
      return [
        asked(event, pen),
        answer('ask-refused', event.error, { outcome: 'bad', words: { error: event.error } }),
      ];
    case 'notification.delivered':
      return [deliveredArrow(event, pen)];
    case 'notification.received':
      return [receivedArrow(event, pen)];
    case 'notification.failed':
      return failedPieces(event, pen);
    case 'notification.waiting':
      return [mark('waiting', 'pending', { why: event.why })];
    case 'request.read':
      return readArrows(event, pen);
    case 'poll.held': {
      const begun = poll('poll', false);
      context.heldPolls += 1;
      return begun;
    }
    case 'poll.answered':
      return [...poll('poll', event.held !== undefined), pollAnswer(event, pen)];
    case 'decision.made':
      return decisionArrows(event, pen);
    case 'decision.refused':
      return refusedDecisionArrows(event, pen);
    case 'callback.sent':
      return callbackPieces(event, pen);
    case 'token.issued': {
      // Pushed ones are drawn on their way, by what tells of it.
      if (event.delivery === 'push') return [];
      const binding = bindingOf(event.access_token);
      return [
        ...poll('poll', true),
        answer('tokens', binding === undefined ? labels.tokens : labels.boundTokens[binding], {
          values: ['t', 'd'],
          outcome: event.details_match ? 'good' : 'bad',
        }),
      ];
    }
    case 'token.refused': {
      const isPoll = event.approval !== undefined;
      return [
        ...poll(isPoll ? 'poll' : 'token-asked', true),
        answer(isPoll ? 'poll-refused' : 'token-refused', event.error, {
          outcome: 'bad',
          words: { error: event.error, ...(isPoll ? {} : { agent: event.client_id ?? sentenceTexts.agent }) },
        }),
      ];
    }
    case 'api.called':
      return apiArrows(event, pen);
    case 'attack.attempted':
      return attackPieces(event, pen);
    case 'rule.fired':
      return [mark('rule', 'plain', { rule: event.rule, says: event.says })];
    case 'request.expired':
      return [
        event.rule === undefined
          ? mark('expired', 'pending')
          : mark('expiredByRule', 'pending', { rule: event.rule }),
      ];
    case 'clock.moved':
      return [mark('clock', 'plain', { span: describeSpan(event.by_ms) })];
    case 'fault.injected':
      return [mark('faultOn', 'danger', { text: event.text })];
    case 'fault.applied':
      return [mark('fault', 'danger', { text: event.text })];
    case 'fault.ended':
      return [mark('faultOff', 'plain', { fault: event.fault })];
    case 'tenant.reset':
      return [mark('reset', 'plain')];
    case 'tenant.restored':
      return [mark('restored', 'plain')];
    case 'step.released':
      return holdMark(event, pen);
    // Drawn while it lasts by whoever draws live; later by what let it go.
    case 'step.held':
    case 'step.warned':
      return [];
    // Bookkeeping of the server, people's devices, and what was asked by a login: no message of this request.
    case 'request.settled':
    case 'consent.answered':
    case 'device.paired':
    case 'device.reachable':
    case 'device.passkey_registered':
    case 'device.removed':
      return [];
  }
}

/** The pause of a lesson is no time that the protocol took; what only went slowly needs no word. */
function holdMark({ arrow, why, held_ms: heldMs, text }: EventOf<'step.released'>, { mark }: Pen): Piece[] {
  const words = { span: describeSpan(heldMs < 1000 ? heldMs : Math.round(heldMs / 1000) * 1000), what: text };
  switch (why) {
    case 'slow':
      return [];
    case 'next':
    case 'continue':
      // A word between any two polls would hide what happens between them.
      return arrow === 'poll_received' ? [] : [mark('held', 'plain', words)];
    case 'limit':
      if (arrow === 'poll_received') return [];
      return [mark('heldUntil', 'pending', words)];
    case 'caller_left':
    case 'request_ended':
    case 'shutdown':
      return [mark('heldUntil', why === 'caller_left' ? 'danger' : 'pending', words)];
  }
}

function asked(event: EventOf<'request.received'> | EventOf<'request.refused'>, { arrow }: Pen): Piece {
  const label = requestLine(exchangeOf(event), '/bc-authorize');
  return arrow({ kind: 'ask', from: 'agent', to: 'server', label, values: ['b', 'd'] });
}

function pollAnswer({ answer: says, held }: EventOf<'poll.answered'>, { answer }: Pen): Piece {
  if (held?.end === 'caller_left')
    return answer('poll-unread', '', { outcome: 'stopped', label: labels.unread });
  return says === 'slow_down' ? answer('poll-too-fast', says) : answer('poll-pending', labels.pending);
}
