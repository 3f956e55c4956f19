// The arrows of a client that is called back: the server calls, the client answers; or nobody does.
import { type EventOf, type Pen, type Piece, requestLine } from './arrow-pen.ts';
import { fillText, sentenceTexts } from './sentences.ts';
import type { Arrow, Letter, StepKind } from './step.ts';

const { labels } = sentenceTexts;

export function callbackPieces(event: EventOf<'callback.sent'>, pen: Pen): Piece[] {
  const { outcome, exchange, why = '', retry_at: retryAt } = event;
  const again = retryAt === undefined ? [] : [pen.mark('calledAgain', 'pending', { time: retryAt })];
  const [kind, values, tone] = callOf(event);
  const call = { from: 'server', to: 'agent', values, words: { error: event.says } } as const;
  const line = fillText(labels.callback, {
    call: requestLine(exchange, new URL(event.to).pathname),
    says: labels.says[event.says],
  });
  if (exchange === undefined) {
    const failed = pen.arrow({
      ...call,
      kind: 'callback-failed',
      outcome: 'stopped',
      label: line,
      words: { why },
    });
    return [failed, ...again];
  }
  const isTaken = outcome === 'taken';
  return [
    pen.arrow({ ...call, kind, outcome: tone, label: line }),
    pen.arrow({
      kind: isTaken ? 'callback-taken' : 'callback-refused',
      from: 'agent',
      to: 'server',
      isResponse: true,
      outcome: isTaken ? 'plain' : 'bad',
      label: String(exchange.response.status),
      words: { why },
    }),
    ...again,
  ];
}

function callOf({ says }: EventOf<'callback.sent'>): [StepKind, Letter[], Arrow['outcome']] {
  if (says === 'ping') return ['pinged', ['a'], 'plain'];
  return says === 'tokens' ? ['tokens-pushed', ['t', 'd'], 'good'] : ['error-pushed', ['a'], 'bad'];
}
