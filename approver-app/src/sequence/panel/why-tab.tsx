// What happened in this step, and which values travelled on it.

import { sequenceTexts } from '../../texts/sequence.ts';
import type { StepTabProps } from './panel-tabs.ts';

export function WhyTab({ arrow, run }: StepTabProps) {
  return (
    <>
      <p>{arrow.sentence}</p>
      {arrow.values.length === 0 ? null : (
        <>
          <h3>{sequenceTexts.panel.value}</h3>
          <dl className="carried">
            {arrow.values.map((letter) => (
              <div key={letter}>
                <dt>
                  <span className={`v v--${letter}`}>
                    {letter} {sequenceTexts.letters[letter]}
                  </span>
                </dt>
                <dd>{run.values[letter] ?? ''}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}
