// For a room: the step that is shown, in one sentence that can be read from the last row.
import type { Arrow, Step } from 'assent/sequence';
import { sequenceTexts } from '../texts/sequence.ts';
import { fill } from '../ui/prose.tsx';

interface CaptionProps {
  step: Step;
  arrow: Arrow;
  count: number;
}

const { presenter: texts } = sequenceTexts;

export function Caption({ step, arrow, count }: CaptionProps) {
  return (
    <section className="caption" aria-label={sequenceTexts.panel.label}>
      <p className="big">
        {step.number} <small>{fill(texts.of, { count })}</small>
      </p>
      <div>
        <h2>{arrow.title}</h2>
        <p>{arrow.sentence}</p>
      </div>
      <p className="caption-keys" aria-hidden="true">
        <kbd>←</kbd> <kbd>→</kbd>
      </p>
    </section>
  );
}
