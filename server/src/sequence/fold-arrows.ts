// Arrows → numbered steps. Polls that are answered alike in a row become two steps, a question and its answer, with a count;
// anything between them ends the fold, so that nothing is drawn out of order.
import type { Piece } from './arrow-pen.ts';
import type { Arrow, Row, Step } from './step.ts';

const FOLDED_ANSWERS: ReadonlySet<Arrow['kind']> = new Set(['poll-pending', 'poll-too-fast']);

interface Growing extends Omit<Step, 'arrows' | 'events'> {
  arrows: Arrow[];
  events: number[];
}

export function foldArrows(pieces: readonly Piece[]): Row[] {
  const rows: Array<{ type: 'step'; step: Growing } | Extract<Piece, { type: 'mark' }>> = [];
  let count = 0;
  const add = (arrow: Arrow): void => {
    count += 1;
    rows.push({ type: 'step', step: { ...arrow, number: count, arrows: [arrow], events: [arrow.event] } });
  };
  const stepAt = (index: number): Growing | undefined => {
    const row = rows.at(index);
    return row?.type === 'step' ? row.step : undefined;
  };
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece === undefined) break;
    if (piece.type === 'mark') {
      rows.push(piece);
      continue;
    }
    const { arrow } = piece;
    const next = pieces[at + 1];
    const reply = next?.type === 'arrow' ? next.arrow : undefined;
    const [question, answer] = [stepAt(-2), stepAt(-1)];
    const repeats =
      arrow.kind === 'poll' &&
      reply !== undefined &&
      FOLDED_ANSWERS.has(reply.kind) &&
      question?.kind === 'poll' &&
      answer?.kind === reply.kind;
    if (!repeats) {
      add(arrow);
      continue;
    }
    for (const [step, one] of [
      [question, arrow],
      [answer, reply],
    ] as const) {
      step.arrows.push(one);
      step.events.push(one.event);
    }
    at += 1;
  }
  return rows;
}
