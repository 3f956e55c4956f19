// The arrows of an API behind the gate, and of an agent that tries to pass without approval.
import { type EventOf, type Pen, type Piece, shortenPath } from './arrow-pen.ts';
import { fillText, sentenceTexts } from './sentences.ts';

const { labels } = sentenceTexts;

export function apiArrows(event: EventOf<'api.called'>, { arrow }: Pen): Piece[] {
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
export function attackPieces(
  { told, did, stopped_by: stop, tried = [] }: EventOf<'attack.attempted'>,
  { arrow, mark }: Pen,
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
