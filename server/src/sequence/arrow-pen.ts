// How the arrows and marks of one event are drawn: numbered in their order, in the words of the catalogue, with the names of the run.
// Each event has a pen of its own. Which arrows an event stands for is said in event-arrows.ts and the files beside it.
import type { Exchange, TraceEvent } from '../contract/index.ts';
import { type Filling, fillText, MARK_KINDS, type MarkTextKind, sentenceTexts } from './sentences.ts';
import type { Arrow, Mark, StepKind } from './step.ts';

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

export type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;

type Line = Pick<Arrow, 'kind' | 'from' | 'to' | 'label'> &
  Partial<Pick<Arrow, 'isResponse' | 'outcome' | 'values'>> & { words?: Filling };

export interface Pen {
  arrow(line: Line): Piece;
  mark(text: MarkTextKind, tone: Mark['tone'], words?: Filling): Piece;
  /** The agent asks at the token endpoint; a poll that was held has been drawn already. */
  poll(kind: 'poll' | 'token-asked', wasHeld: boolean): Piece[];
  /** The server answers the agent: the status, and what it says. */
  answer(kind: StepKind, says: string, rest?: Partial<Line>): Piece;
}

export function takePen(event: TraceEvent, context: StoryContext): Pen {
  const exchange = exchangeOf(event);
  let index = 0;
  const arrow: Pen['arrow'] = ({ kind, from, to, label, words, ...rest }) => {
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
  return {
    arrow,
    mark(text, tone, words = {}) {
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
    },
    poll(kind, wasHeld) {
      if (kind === 'poll' && wasHeld && context.heldPolls > 0) {
        context.heldPolls -= 1;
        return [];
      }
      const label = requestLine(exchange, '/oauth/token');
      return [arrow({ kind, from: 'agent', to: 'server', label, values: kind === 'poll' ? ['a'] : [] })];
    },
    answer: (kind, says, rest = {}) =>
      arrow({
        kind,
        from: 'server',
        to: 'agent',
        isResponse: true,
        label: `${exchange?.response.status ?? (rest.outcome === 'good' || kind === 'ask-answered' ? 200 : 400)} ${says}`,
        ...rest,
      }),
  };
}

export function exchangeOf(event: TraceEvent): Exchange | undefined {
  return 'exchange' in event ? event.exchange : undefined;
}

/** @param path of a request that nobody recorded */
export function requestLine(exchange: Exchange | undefined, path: string, method = 'POST'): string {
  return exchange === undefined
    ? `${method} ${path}`
    : `${exchange.request.method} ${shortenPath(exchange.request.path)}`;
}

/** Ids say nothing to a reader, and are longer than the columns. */
export function shortenPath(path: string): string {
  return path.replace(/\/[^/]*[\w-]{20,}/g, '/…').replace(/\/…$/, '');
}
