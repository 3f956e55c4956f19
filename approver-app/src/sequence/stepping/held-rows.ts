// What is held, as it stands in the drawing: a bar after the last row, and an answer that is told already but has not gone back yet
// is left out. Pure.
import type { HeldExchange, StepArrow } from 'assent/contract';
import type { Participant, Row, Run } from 'assent/sequence';
import { steppingTexts } from '../../texts/stepping.ts';
import { fill } from '../../ui/prose.tsx';
import type { ViewRow, WaitingArrow } from '../view-rows.ts';

/** Those of one run, oldest first. A request that is not admitted yet belongs to none. */
export function holdsOf(run: Run | undefined, held: readonly HeldExchange[]): HeldExchange[] {
  return held.filter(({ approval }) => approval !== undefined && approval === run?.id);
}

/** The story of a run without the answer that is held: its event tells of both, the question and the answer. */
export function withoutHeldAnswer(run: Run, holds: readonly HeldExchange[]): Run {
  if (!holds.some(({ arrow }) => arrow === 'request_answered')) return run;
  const isHeld = (kind: string): boolean => kind === 'ask-answered';
  const steps = run.steps
    .filter(({ kind }) => !isHeld(kind))
    .map((step, index) => ({ ...step, number: index + 1 }));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const rows = run.rows.flatMap((row): Row[] => {
    if (row.type === 'mark') return [row];
    const step = byId.get(row.step.id);
    return step === undefined ? [] : [{ ...row, step }];
  });
  return { ...run, steps, rows };
}

/** A bar across the columns, after everything that has happened. */
export function heldRow(run: Run, [hold]: readonly HeldExchange[]): ViewRow[] {
  if (hold === undefined) return [];
  const text = fill(steppingTexts.held.bar, {
    number: run.steps.length + 1,
    what: steppingTexts.waiting[hold.arrow],
  });
  const number = run.steps.length + 1;
  const waiting = { number, ...WIRES[hold.arrow], label: steppingTexts.wires[hold.arrow] };
  return [barRow(hold.id, text, 'pending', hold.since, waiting)];
}

/** Between whom an arrow that is held travels. */
const WIRES: Readonly<Record<StepArrow, { from: Participant; to: Participant }>> = {
  request_received: { from: 'agent', to: 'server' },
  request_answered: { from: 'server', to: 'agent' },
  push_sent: { from: 'server', to: 'push' },
  decision_received: { from: 'approver', to: 'server' },
  callback_sent: { from: 'server', to: 'agent' },
  poll_received: { from: 'agent', to: 'server' },
  token_response: { from: 'server', to: 'agent' },
  api_call: { from: 'agent', to: 'server' },
};

export function barRow(
  id: string,
  text: string,
  tone: 'pending' | 'guess',
  at: string,
  waiting?: WaitingArrow,
): ViewRow {
  const bar = { id, event: 0, kind: 'hold', tone, at, text } as const;
  return { type: 'mark', key: id, mark: waiting === undefined ? bar : { ...bar, waiting } };
}
