// The arrows between the server and whoever approves: what was sent to tell of a request, reading it, and the decision.
import { type EventOf, type Pen, type Piece, requestLine } from './arrow-pen.ts';
import { fillText, sentenceTexts } from './sentences.ts';
import type { Letter, Participant, StepKind } from './step.ts';

const { labels } = sentenceTexts;

export function deliveredArrow(event: EventOf<'notification.delivered'>, { arrow }: Pen): Piece {
  const words = { device: event.device ?? sentenceTexts.device };
  const [kind, to, label, values]: [StepKind, Participant, string, Letter[]] =
    event.channel === 'email'
      ? ['email-sent', 'approver', labels.email, ['b']]
      : event.channel === 'inbox'
        ? ['inbox-told', 'approver', labels.inbox, ['c']]
        : ['push-sent', 'push', labels.push, ['c']];
  return arrow({ kind, from: 'server', to, label, values, words });
}

export function receivedArrow({ device }: EventOf<'notification.received'>, { arrow }: Pen): Piece {
  return arrow({
    kind: 'push-received',
    from: 'push',
    to: 'approver',
    label: labels.delivered,
    values: ['c'],
    words: { device: device ?? sentenceTexts.device },
  });
}

export function failedPieces(
  { channel, why, retry_at: retryAt }: EventOf<'notification.failed'>,
  { arrow, mark }: Pen,
): Piece[] {
  return [
    arrow({
      kind: 'notification-failed',
      from: 'server',
      to: channel === 'push' ? 'push' : 'approver',
      outcome: 'stopped',
      label: fillText(labels.failed, { channel: sentenceTexts.channels[channel] ?? channel }),
      words: { why },
    }),
    ...(retryAt === undefined ? [] : [mark('retried', 'pending', { time: retryAt })]),
  ];
}

export function readArrows({ device, from, exchange }: EventOf<'request.read'>, { arrow }: Pen): Piece[] {
  return [
    arrow({
      kind: 'details-read',
      from: 'approver',
      to: 'server',
      label: requestLine(exchange, from, 'GET'),
      values: ['c'],
      words: { device },
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
}

export function decisionArrows(event: EventOf<'decision.made'>, { arrow }: Pen): Piece[] {
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

export function refusedDecisionArrows(
  { why, from, device }: EventOf<'decision.refused'>,
  { arrow }: Pen,
): Piece[] {
  return [
    arrow({
      kind: 'decision-late',
      from: 'approver',
      to: 'server',
      label: fillText(labels.answered, { from }),
      values: device === undefined ? [] : ['c'],
      words: { from },
    }),
    arrow({
      kind: 'decision-refused',
      from: 'server',
      to: 'approver',
      isResponse: true,
      outcome: 'bad',
      label: fillText(labels.refused, { why }),
      words: { why: sentenceTexts.decisionRefusals[why] },
    }),
  ];
}
