// The rows of the drawing, top to bottom: steps, folded polls that were opened, and marks. Pure.
import type { Arrow, Mark, Participant, Run, Step } from 'assent/sequence';

export type ViewRow =
  | {
      type: 'arrow';
      key: string;
      step: Step;
      arrow: Arrow;
      /** Which of the repeated ones, from 0; undefined for a step that is folded or comes once. */
      index: number | undefined;
    }
  | { type: 'mark'; key: string; mark: ViewMark };

/** A mark of the story, or a bar of this view: where something is held, or asked. */
export type ViewMark = Omit<Mark, 'tone'> & {
  tone: Mark['tone'] | 'guess';
  /** The arrow that waits behind the bar. It has not happened, so it is in the drawing alone. */
  waiting?: WaitingArrow;
};

export interface WaitingArrow {
  number: number;
  from: Participant;
  to: Participant;
  label: string;
}

/** What the reader looks at: a step, or one arrow of it where its fold is open. */
export interface Selection {
  step: number;
  index: number | undefined;
}

/** @param unfolded ids of folded questions that were opened; their answers open with them */
export function readViewRows(run: Run, unfolded: ReadonlySet<string>): ViewRow[] {
  const view: ViewRow[] = [];
  for (let at = 0; at < run.rows.length; at += 1) {
    const row = run.rows[at];
    if (row === undefined) break;
    if (row.type === 'mark') {
      view.push({ type: 'mark', key: row.mark.id, mark: row.mark });
      continue;
    }
    const { step } = row;
    const next = run.rows[at + 1];
    const answer = next?.type === 'step' ? next.step : undefined;
    if (!isFolded(step) || !unfolded.has(step.id) || answer?.arrows.length !== step.arrows.length) {
      view.push(rowOf(step, step.arrows[0] ?? step, undefined));
      continue;
    }
    step.arrows.forEach((arrow, index) => {
      view.push(rowOf(step, arrow, index));
      const reply = answer.arrows[index];
      if (reply !== undefined) view.push(rowOf(answer, reply, index));
    });
    at += 1;
  }
  return view;
}

function rowOf(step: Step, arrow: Arrow, index: number | undefined): ViewRow {
  return { type: 'arrow', key: arrow.id, step, arrow, index };
}

function isFolded(step: Step): boolean {
  return step.arrows.length > 1;
}

/** The id under which a fold is opened: that of its question. */
export function foldOf(run: Run, step: Step): string | undefined {
  if (!isFolded(step)) return undefined;
  if (!step.isResponse) return step.id;
  return run.steps[step.number - 2]?.id;
}

export function rowOfSelection(rows: readonly ViewRow[], selection: Selection | undefined): number {
  if (selection === undefined) return -1;
  const exact = rows.findIndex(
    (row) => row.type === 'arrow' && row.step.number === selection.step && row.index === selection.index,
  );
  if (exact >= 0) return exact;
  return rows.findIndex((row) => row.type === 'arrow' && row.step.number === selection.step);
}

/** The next arrow in a direction, past the marks between. */
export function neighbour(rows: readonly ViewRow[], from: number, by: 1 | -1): ViewRow | undefined {
  for (let at = from + by; at >= 0 && at < rows.length; at += by) {
    const row = rows[at];
    if (row?.type === 'arrow') return row;
  }
  return undefined;
}
