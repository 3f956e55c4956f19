// Turns holding on and off, and says where.
import { STEP_ARROWS, type StepArrow, type StepPlan, type Steps } from 'assent/contract';
import { useId, useState } from 'react';
import { DeskDialog } from '../../desk/desk-dialog.tsx';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { steppingTexts } from '../../texts/stepping.ts';
import { fill } from '../../ui/prose.tsx';
import type { StepMode } from './use-steps.ts';

const { hold: texts, arrows } = steppingTexts;

/** Where a flow takes a turn: good to talk about, and not at every poll. */
const USUAL: readonly StepArrow[] = ['push_sent', 'decision_received', 'token_response'];
const PAUSES_MS = [0, 1_000, 2_000, 5_000] as const;

function isHolding({ break_points, slow_ms }: Pick<Steps, 'break_points' | 'slow_ms'>): boolean {
  return break_points.length > 0 || slow_ms > 0;
}

export function HoldButton({ mode }: { mode: StepMode }) {
  const [isOpen, setIsOpen] = useState(false);
  const { steps } = mode;
  if (steps === undefined) return null;
  const isOn = isHolding(steps);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="grp" role="group" aria-label={texts.label}>
      <button type="button" className="btn btn--s" aria-pressed={isOn} onClick={() => toggleHolding(mode)}>
        <DeskIcon name="pause" />
        {texts.button}
      </button>
      <button
        type="button"
        className="btn btn--s btn--icon"
        aria-haspopup="dialog"
        aria-label={texts.where}
        onClick={() => setIsOpen(true)}
      >
        <DeskIcon name="sliders" />
      </button>
      {isOpen ? <HoldDialog mode={mode} steps={steps} onClose={() => setIsOpen(false)} /> : null}
    </div>
  );
}

export function toggleHolding({ steps, change }: StepMode): void {
  if (steps === undefined) return;
  change((before) => ({ ...before, break_points: isHolding(before) ? [] : [...USUAL], slow_ms: 0 }));
}

function HoldDialog({ mode, steps, onClose }: { mode: StepMode; steps: Steps; onClose(): void }) {
  const id = useId();
  const { break_points: chosen, slow_ms: slowMs, outlast } = steps;
  const change = (changes: Partial<StepPlan>): void => mode.change((before) => ({ ...before, ...changes }));
  return (
    <DeskDialog title={texts.where} onClose={onClose}>
      <div className="hold-settings">
        <p>{texts.lead}</p>
        <fieldset>
          <legend>{texts.breakPoints}</legend>
          {STEP_ARROWS.map((arrow) => (
            <label key={arrow} className="pick">
              <input
                type="checkbox"
                checked={chosen.includes(arrow)}
                onChange={({ target }) =>
                  mode.change((before) => ({
                    ...before,
                    break_points: STEP_ARROWS.filter((one) =>
                      one === arrow ? target.checked : before.break_points.includes(one),
                    ),
                  }))
                }
              />
              <span>{arrows[arrow]}</span>
              <code>{arrow}</code>
            </label>
          ))}
          <div className="grp">
            <button
              type="button"
              className="btn btn--s"
              onClick={() => change({ break_points: [...STEP_ARROWS] })}
            >
              {texts.all}
            </button>
            <button type="button" className="btn btn--s" onClick={() => change({ break_points: [] })}>
              {texts.none}
            </button>
          </div>
        </fieldset>
        <fieldset aria-describedby={`${id}-slow`}>
          <legend>{texts.slow}</legend>
          <p id={`${id}-slow`}>{texts.slowLead}</p>
          <div className="grp">
            {PAUSES_MS.map((ms) => (
              <label key={ms} className="pick">
                <input
                  type="radio"
                  name={`${id}-pause`}
                  checked={slowMs === ms}
                  onChange={() => change({ slow_ms: ms })}
                />
                <span>{ms === 0 ? texts.slowOff : fill(texts.slowFor, { seconds: ms / 1000 })}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div>
          <label className="pick">
            <input
              type="checkbox"
              checked={outlast}
              aria-describedby={`${id}-outlast`}
              onChange={({ target }) => change({ outlast: target.checked })}
            />
            <span>{texts.outlast}</span>
          </label>
          <p id={`${id}-outlast`} className="field-hint">
            {texts.outlastLead}
          </p>
        </div>
        {mode.failure === undefined ? null : (
          <p className="field-error" role="alert">
            {fill(texts.failed, { why: mode.failure })}
          </p>
        )}
      </div>
    </DeskDialog>
  );
}
