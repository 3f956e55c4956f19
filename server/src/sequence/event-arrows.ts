// One event → the arrows and marks that it stands for. An exchange is two arrows, a request and its answer; both carry it.
import type { Exchange, TraceEvent } from '../contract/index.ts';
import { type Filling, fillText, MARK_KINDS, type MarkTextKind, sentenceTexts } from './sentences.ts';
import type { Arrow, Letter, Mark, Participant, StepKind } from './step.ts';
import { describeSpan } from './time-span.ts';

export type Piece = { type: 'arrow'; arrow: Arrow } | { type: 'mark'; mark: Mark };

interface StoryNames extends Filling {
  agent: string;
  approver: string;
}

/** What an event needs to know of those before it. */
export interface StoryContext {
  names: StoryNames;
  /** Polls that were drawn when they began to wait, and have no answer yet. */
  heldPolls: number;
}

type Line = Pick<Arrow, 'kind' | 'from' | 'to' | 'label'> &
  Partial<Pick<Arrow, 'isResponse' | 'outcome' | 'values'>> & { words?: Filling };

const { labels } = sentenceTexts;

export function readEvent(event: TraceEvent, context: StoryContext): Piece[] {
  const exchange = 'exchange' in event ? event.exchange : undefined;
  let index = 0;
  const arrow = ({ kind, from, to, label, words, ...rest }: Line): Piece => {
    index += 1;
    const { title, sentence } = sentenceTexts.steps[kind];
    return {
      type: 'arrow',
      arrow: {
        id: `${event.number}.${index}`,
        event: event.number,
        kind,
        from,
        to,
        isResponse: rest.isResponse ?? false,
        outcome: rest.outcome ?? 'plain',
        at: event.at,
        label,
        title,
        sentence: fillText(sentence, { ...context.names, ...words }),
        values: rest.values ?? [],
        ...(exchange === undefined ? {} : { exchange }),
      },
    };
  };
  const mark = (text: MarkTextKind, tone: Mark['tone'], words: Filling = {}): Piece => {
    index += 1;
    return {
      type: 'mark',
      mark: {
        id: `${event.number}.${index}`,
        event: event.number,
        kind: MARK_KINDS[text],
        tone,
        at: event.at,
        text: fillText(sentenceTexts.marks[text], { ...context.names, ...words }),
      },
    };
  };
  /** The agent asks at the token endpoint; a poll that was held has been drawn already. */
  const poll = (kind: 'poll' | 'token-asked', wasHeld: boolean): Piece[] => {
    if (kind === 'poll' && wasHeld && context.heldPolls > 0) {
      context.heldPolls -= 1;
      return [];
    }
    const values: Letter[] = kind === 'poll' ? ['a'] : [];
    return [
      arrow({ kind, from: 'agent', to: 'server', label: requestLine(exchange, '/oauth/token'), values }),
    ];
  };
  const answer = (kind: StepKind, says: string, rest: Partial<Line> = {}): Piece =>
    arrow({
      kind,
      from: 'server',
      to: 'agent',
      isResponse: true,
      label: `${exchange?.response.status ?? (rest.outcome === 'good' || kind === 'ask-answered' ? 200 : 400)} ${says}`,
      ...rest,
    });

  switch (event.type) {
    case 'request.received':
      return [
        arrow({
          kind: 'ask',
          from: 'agent',
          to: 'server',
          label: requestLine(exchange, '/bc-authorize'),
          values: ['b', 'd'],
        }),
        answer('ask-answered', 'auth_req_id', { values: ['a'] }),
      ];
    case 'request.refused':
      return [
        arrow({
          kind: 'ask',
          from: 'agent',
          to: 'server',
          label: requestLine(exchange, '/bc-authorize'),
          values: ['b', 'd'],
        }),
        answer('ask-refused', event.error, { outcome: 'bad', words: { error: event.error } }),
      ];
    case 'notification.delivered':
      return [deliveredArrow(event, arrow)];
    case 'notification.received':
      return [
        arrow({
          kind: 'push-received',
          from: 'push',
          to: 'approver',
          label: labels.delivered,
          values: ['c'],
          words: { device: event.device ?? sentenceTexts.device },
        }),
      ];
    case 'notification.failed':
      return [
        arrow({
          kind: 'notification-failed',
          from: 'server',
          to: event.channel === 'push' ? 'push' : 'approver',
          outcome: 'stopped',
          label: fillText(labels.failed, { channel: nameOfChannel(event.channel) }),
          words: { why: event.why },
        }),
        ...(event.retry_at === undefined ? [] : [mark('retried', 'pending', { time: event.retry_at })]),
      ];
    case 'notification.waiting':
      return [mark('waiting', 'pending', { why: event.why })];
    case 'request.read':
      return [
        arrow({
          kind: 'details-read',
          from: 'approver',
          to: 'server',
          label: requestLine(exchange, event.from, 'GET'),
          values: ['c'],
          words: { device: event.device },
        }),
        arrow({
          kind: 'details-shown',
          from: 'server',
          to: 'approver',
          isResponse: true,
          label: `${exchange?.response.status ?? 200} ${labels.whatIsAsked}`,
          values: ['b', 'd'],
        }),
      ];
    case 'poll.held': {
      const begun = poll('poll', false);
      context.heldPolls += 1;
      return begun;
    }
    case 'poll.answered':
      return [...poll('poll', event.held !== undefined), pollAnswer(event, answer)];
    case 'decision.made':
      return decisionArrows(event, arrow);
    case 'decision.refused': {
      const why = sentenceTexts.decisionRefusals[event.why];
      return [
        arrow({
          kind: 'decision-late',
          from: 'approver',
          to: 'server',
          label: fillText(labels.answered, { from: event.from }),
          values: event.device === undefined ? [] : ['c'],
          words: { from: event.from },
        }),
        arrow({
          kind: 'decision-refused',
          from: 'server',
          to: 'approver',
          isResponse: true,
          outcome: 'bad',
          label: fillText(labels.refused, { why: event.why }),
          words: { why },
        }),
      ];
    }
    case 'token.issued':
      return [
        ...poll('poll', true),
        answer('tokens', labels.tokens, {
          values: ['t', 'd'],
          outcome: event.details_match ? 'good' : 'bad',
        }),
      ];
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
      return apiArrows(event, arrow);
    case 'attack.attempted':
      return attackPieces(event, mark, arrow);
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
      return holdMark(event, mark);
    // Drawn while it lasts by whoever draws live; later by what let it go.
    case 'step.held':
    case 'step.warned':
      return [];
    // Bookkeeping of the server, and people's devices: no message of this request.
    case 'request.settled':
    case 'device.paired':
    case 'device.reachable':
    case 'device.passkey_registered':
    case 'device.removed':
      return [];
  }
}

/** The pause of a lesson is no time that the protocol took; what only went slowly needs no word. */
function holdMark(
  { arrow, why, held_ms: heldMs, text }: EventOf<'step.released'>,
  mark: (text: MarkTextKind, tone: Mark['tone'], words?: Filling) => Piece,
): Piece[] {
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

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;
type MakeArrow = (line: Line) => Piece;

function deliveredArrow(event: EventOf<'notification.delivered'>, arrow: MakeArrow): Piece {
  const words = { device: event.device ?? sentenceTexts.device };
  const [kind, to, label, values]: [StepKind, Participant, string, Letter[]] =
    event.channel === 'email'
      ? ['email-sent', 'approver', labels.email, ['b']]
      : event.channel === 'inbox'
        ? ['inbox-told', 'approver', labels.inbox, ['c']]
        : ['push-sent', 'push', labels.push, ['c']];
  return arrow({ kind, from: 'server', to, label, values, words });
}

function pollAnswer(
  { answer: says, held }: EventOf<'poll.answered'>,
  answer: (kind: StepKind, says: string, rest?: Partial<Line>) => Piece,
): Piece {
  if (held?.end === 'caller_left')
    return answer('poll-unread', '', { outcome: 'stopped', label: labels.unread });
  return says === 'slow_down' ? answer('poll-too-fast', says) : answer('poll-pending', labels.pending);
}

function decisionArrows(event: EventOf<'decision.made'>, arrow: MakeArrow): Piece[] {
  const { outcome, exchange } = event;
  const from = event.rule ?? event.from;
  const wireLabel = outcome === 'approved' ? labels.accepted : labels.rejected;
  const decided = arrow({
    kind: outcome,
    from: 'approver',
    to: 'server',
    outcome: outcome === 'approved' ? 'good' : 'bad',
    label: exchange === undefined ? fillText(labels[outcome], { from }) : wireLabel,
    // Only a device answers the challenge.
    values: event.device === undefined ? [] : ['c'],
    words: { from: event.device ?? from },
  });
  if (exchange === undefined) return [decided];
  return [
    decided,
    arrow({
      kind: 'decision-taken',
      from: 'server',
      to: 'approver',
      isResponse: true,
      label: String(exchange.response.status),
    }),
  ];
}

function apiArrows(event: EventOf<'api.called'>, arrow: MakeArrow): Piece[] {
  const stop = event.checks.find(({ passed }) => !passed);
  const { status } = event;
  return [
    arrow({
      kind: 'api-called',
      from: 'agent',
      to: 'api',
      outcome: stop === undefined ? 'plain' : 'stopped',
      label: `${event.method} ${shortenPath(event.path)}`,
      values: event.asked?.authorization_details === undefined ? ['t'] : ['t', 'd'],
    }),
    stop === undefined
      ? arrow({
          kind: 'api-answered',
          from: 'api',
          to: 'agent',
          isResponse: true,
          outcome: 'good',
          label: fillText(labels.letThrough, { status }),
        })
      : arrow({
          kind: 'api-refused',
          from: 'api',
          to: 'agent',
          isResponse: true,
          outcome: 'bad',
          label: fillText(labels.stopped, { status, check: stop.check }),
          words: { check: stop.check },
        }),
  ];
}

/** What was tried and no other event tells of; the rest of an attack draws itself. */
function attackPieces(
  { told, did, stopped_by: stop, tried = [] }: EventOf<'attack.attempted'>,
  mark: (text: MarkTextKind, tone: Mark['tone'], words?: Filling) => Piece,
  arrow: MakeArrow,
): Piece[] {
  return [
    mark('attack', 'danger', { told }),
    ...tried.map(({ method, path, status }) =>
      arrow({
        kind: 'attack',
        from: 'agent',
        to: 'server',
        outcome: stop === undefined ? 'bad' : 'stopped',
        label: fillText(labels.tried, { method, path: shortenPath(path), status }),
        words: { did },
      }),
    ),
  ];
}

function requestLine(exchange: Exchange | undefined, path: string, method = 'POST'): string {
  return exchange === undefined
    ? `${method} ${path}`
    : `${exchange.request.method} ${shortenPath(exchange.request.path)}`;
}

/** Ids say nothing to a reader, and are longer than the columns. */
function shortenPath(path: string): string {
  return path.replace(/\/[^/]*[\w-]{20,}/g, '/…').replace(/\/…$/, '');
}

function nameOfChannel(channel: string): string {
  return sentenceTexts.channels[channel] ?? channel;
}
