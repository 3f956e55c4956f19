// Step mode and predicting, as the view needs them: what may be seen of a run, what stands after its last row, what the keys do.
import type { HeldExchange } from 'assent/contract';
import type { Run } from 'assent/sequence';
import { useMemo } from 'react';
import type { KeyActions } from '../../desk/keys.ts';
import { steppingTexts } from '../../texts/stepping.ts';
import type { guessKeys } from '../keys.ts';
import { type Predict, usePredict } from '../predict/use-predict.ts';
import type { ViewRow } from '../view-rows.ts';
import { barRow, heldRow, holdsOf, withoutHeldAnswer } from './held-rows.ts';
import { toggleHolding } from './hold-button.tsx';
import { useAnnouncedHolds } from './hold-status.tsx';
import type { StepMode } from './use-steps.ts';

interface Stepping {
  /** As far as it may be seen. */
  run: Run | undefined;
  predict: Predict;
  /** The oldest one of the shown run, where it may be told. */
  hold: HeldExchange | undefined;
  /** Of other requests, or of none yet. */
  elsewhere: readonly HeldExchange[];
  /** After the last row. */
  bar: readonly ViewRow[];
  /** What Space does while something waits for it; whether it did. */
  go(): boolean;
  toggleHold(): void;
  guessKeys: KeyActions<(typeof guessKeys)[number]['id']>;
}

const NOTHING: readonly HeldExchange[] = [];

export function useStepping({
  whole,
  mode,
  reached,
}: {
  whole: Run | undefined;
  mode: StepMode | undefined;
  /** The step that is read; undefined for the last one. */
  reached: number | undefined;
}): Stepping {
  const held = mode?.steps?.held ?? NOTHING;
  const holds = useMemo(() => holdsOf(whole, held), [whole, held]);
  const told = useMemo(() => whole && withoutHeldAnswer(whole, holds), [whole, holds]);
  const predict = usePredict({
    run: told,
    reached: reached ?? told?.steps.length ?? 0,
    holds,
    release: (hold) => mode?.next(hold),
  });
  const { run, isOn, question, phase } = predict;
  const hold = isOn ? undefined : holds[0];
  const elsewhere = useMemo(
    // Nothing may give the answer away.
    () => held.filter((one) => (isOn ? one.approval === undefined : !holds.includes(one))),
    [held, holds, isOn],
  );
  useAnnouncedHolds(isOn ? NOTHING : held);
  const isAsked = isOn && question !== undefined && phase !== 'revealed';
  const bar = useMemo(() => {
    if (run === undefined) return [];
    if (!isOn) return heldRow(run, holds);
    const at = run.steps.at(-1)?.at ?? run.startedAt;
    return isAsked ? [barRow('guess', steppingTexts.predict.bar, 'guess', at)] : [];
  }, [run, isOn, isAsked, holds]);
  const guess = (index: number) => (): void => {
    const choice = question?.choices[index];
    if (choice !== undefined) predict.choose(choice.kind);
  };
  return {
    run,
    predict,
    hold,
    elsewhere,
    bar,
    go() {
      if (isOn) {
        if (phase === 'revealed') predict.next();
        else predict.reveal();
        return true;
      }
      if (mode === undefined || held.length === 0) return false;
      mode.continueAll();
      return true;
    },
    toggleHold() {
      if (mode !== undefined) toggleHolding(mode);
    },
    guessKeys: isAsked ? { guessA: guess(0), guessB: guess(1), guessC: guess(2), guessD: guess(3) } : {},
  };
}
