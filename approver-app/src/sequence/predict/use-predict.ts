// Predict mode: the story stops before each arrow until somebody has said what comes next. The arrow is one that has happened and is
// not shown yet, or one that the server holds; that one is let go when its answer is revealed.
import type { HeldExchange } from 'assent/contract';
import type { Run, Step, StepKind } from 'assent/sequence';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Choice, choicesFor, HELD_KINDS } from './choices.ts';
import { runUpTo } from './hidden-steps.ts';

interface Guessing {
  run: string;
  /** How many steps are there. */
  shown: number;
  phase: 'open' | 'revealing' | 'revealed';
  chosen: StepKind | undefined;
  /** What the question is about, where it has not happened yet. */
  held: HeldExchange | undefined;
  revealed: Step | undefined;
  asked: number;
  right: number;
}

export interface Question {
  /** Of the arrow that is asked for. */
  number: number;
  choices: readonly Choice[];
  isHeld: boolean;
  /** Undefined where nobody knows yet. */
  hint: Pick<Step, 'from' | 'to'> | undefined;
}

export interface Predict {
  isOn: boolean;
  /** The run as far as it may be seen. */
  run: Run | undefined;
  /** Undefined while there is nothing to ask for. */
  question: Question | undefined;
  phase: Guessing['phase'];
  chosen: StepKind | undefined;
  revealed: Step | undefined;
  asked: number;
  right: number;
  /** Steps that are known and hidden. */
  hidden: number;
  toggle(): void;
  choose(kind: StepKind): void;
  reveal(): void;
  skip(): void;
  next(): void;
  again(): void;
}

interface PredictParts {
  /** As it is. */
  run: Run | undefined;
  /** How far the reader has come. */
  reached: number;
  holds: readonly HeldExchange[];
  release(hold: string): void;
}

export function usePredict({ run, reached, holds, release }: PredictParts): Predict {
  const [state, setState] = useState<Guessing>();
  const guessing = state?.run === run?.id ? state : undefined;
  const isOn = state !== undefined;
  const change = useCallback(
    (changes: Partial<Guessing>) => setState((before) => before && { ...before, ...changes }),
    [],
  );

  // Another request is another story, and begins at its beginning.
  useEffect(() => {
    if (isOn && guessing === undefined && run !== undefined) setState(begin(run.id, 1));
  }, [isOn, guessing, run]);

  const shown = guessing?.shown ?? (isOn ? 1 : 0);
  const upcoming = run?.steps[shown];
  const [oldestHold] = holds;
  useEffect(() => {
    if (guessing?.phase === 'open' && guessing.held === undefined && upcoming === undefined && oldestHold)
      change({ held: oldestHold });
  }, [guessing, upcoming, oldestHold, change]);

  const judge = useCallback(
    (step: Step) =>
      setState((before) => {
        if (before === undefined) return before;
        const isGuessed = before.chosen !== undefined;
        return {
          ...before,
          shown: Math.max(before.shown + 1, step.number),
          phase: 'revealed',
          revealed: step,
          asked: before.asked + (isGuessed ? 1 : 0),
          right: before.right + (before.chosen === step.kind ? 1 : 0),
        };
      }),
    [],
  );
  useEffect(() => {
    if (guessing?.phase !== 'revealing' || guessing.held === undefined || run === undefined) return;
    const { arrow } = guessing.held;
    const kinds: readonly StepKind[] = HELD_KINDS[arrow];
    // The answer with the auth_req_id takes its place before what came while it was held.
    const from = arrow === 'request_answered' ? 0 : guessing.shown;
    const step = run.steps.slice(from).find(({ kind }) => kinds.includes(kind));
    if (step !== undefined) judge(step);
  }, [guessing, run, judge]);

  const question = useMemo((): Question | undefined => {
    if (guessing === undefined || guessing.phase === 'revealed') return undefined;
    const { held } = guessing;
    const name = `${guessing.run} ${guessing.shown}`;
    const number = guessing.shown + 1;
    if (held !== undefined)
      return { number, choices: choicesFor(HELD_KINDS[held.arrow], name), isHeld: true, hint: undefined };
    if (upcoming === undefined) return undefined;
    return { number, choices: choicesFor([upcoming.kind], name), isHeld: false, hint: upcoming };
  }, [guessing, upcoming]);
  // What was asked stays in view with its answer.
  const [answered, setAnswered] = useState<Question>();
  useEffect(() => {
    if (question !== undefined) setAnswered(question);
  }, [question]);

  const reveal = (): void => {
    if (guessing?.phase !== 'open') return;
    if (guessing.held !== undefined) {
      change({ phase: 'revealing' });
      release(guessing.held.id);
    } else if (upcoming !== undefined) judge(upcoming);
  };
  const visible = useMemo(() => (run && isOn ? runUpTo(run, shown) : run), [run, isOn, shown]);
  return {
    isOn,
    run: visible,
    question: guessing?.phase === 'revealed' ? answered : question,
    phase: guessing?.phase ?? 'open',
    chosen: guessing?.chosen,
    revealed: guessing?.revealed,
    asked: guessing?.asked ?? 0,
    right: guessing?.right ?? 0,
    hidden: Math.max(0, (run?.steps.length ?? 0) - shown),
    toggle: () => setState(isOn || run === undefined ? undefined : begin(run.id, startOf(run, reached))),
    choose: (kind) => {
      if (guessing?.phase === 'open') change({ chosen: kind });
    },
    reveal: () => {
      if (guessing?.chosen !== undefined) reveal();
    },
    skip: () => {
      if (guessing?.phase === 'revealing') change({ phase: 'open', held: undefined, chosen: undefined });
      else {
        change({ chosen: undefined });
        reveal();
      }
    },
    next: () => change({ phase: 'open', chosen: undefined, held: undefined, revealed: undefined }),
    again: () => run && setState(begin(run.id, 1)),
  };
}

function begin(run: string, shown: number): Guessing {
  return {
    run,
    shown,
    phase: 'open',
    chosen: undefined,
    held: undefined,
    revealed: undefined,
    asked: 0,
    right: 0,
  };
}

/** Where somebody reads; from the beginning where a story that is over was read to its end. */
function startOf(run: Run, reached: number): number {
  const isOver = run.outcome !== 'pending' && run.outcome !== 'approved';
  return isOver && reached >= run.steps.length ? 1 : Math.max(1, reached);
}
