// What happened, with the names and values of this run; why the step exists; what would happen if it failed.
import type { TraceEvent } from 'assent/contract';
import { ValueMark } from '../../json/value-mark.tsx';
import type { Explanation } from '../../texts/explanations/explanation.ts';
import { explanations } from '../../texts/explanations/explanations.ts';
import { panelTexts } from '../../texts/panel.ts';
import { Prose, plural } from '../../ui/prose.tsx';
import { ApiChecks } from './api-checks.tsx';
import type { StepTabProps } from './panel-tabs.ts';
import { eventOf, readFacts, tellWaits } from './step-facts.ts';

/** What an API answers has the reason that its own checks give: those that it left out, or the one that stopped the call. */
function explain(
  { kind }: StepTabProps['arrow'],
  event: TraceEvent | undefined,
): Pick<Explanation, 'why' | 'failure'> {
  const general = explanations[kind];
  if (event?.type !== 'api.called') return general;
  if (kind === 'api-answered' && event.checks.every(({ check }) => check !== 'details')) {
    return { ...general, why: panelTexts.why.uncompared };
  }
  const stop = event.checks.find(({ passed }) => !passed);
  if (kind !== 'api-refused' || stop === undefined || stop.check === 'details') return general;
  return { why: panelTexts.why.stopped, failure: panelTexts.why.stoppedFailure };
}

/** Enough to know a token or details again; whole they stand in their own tabs. */
const MOST_SHOWN = 120;

function shortened(value: string): string {
  return value.length <= MOST_SHOWN ? value : `${value.slice(0, MOST_SHOWN)}…`;
}

export function WhyTab({ run, step, arrow }: StepTabProps) {
  const texts = panelTexts.why;
  const event = eventOf(run, arrow);
  const explanation = explain(arrow, event);
  const facts = event === undefined ? [] : readFacts(event, arrow);
  const waits = tellWaits(step.arrows);
  return (
    <>
      <p>{arrow.sentence}</p>
      {facts.length + arrow.values.length === 0 ? null : (
        <div>
          <h3>{texts.inThisRun}</h3>
          <dl className="facts">
            {facts.map(({ name, text }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <bdi>{text}</bdi>
                </dd>
              </div>
            ))}
            {arrow.values.map((letter) => (
              <div key={letter}>
                <dt>{panelTexts.values[letter]}</dt>
                <dd>
                  <ValueMark letter={letter}>{shortened(run.values[letter] ?? texts.notShown)}</ValueMark>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <div>
        <h3>{texts.whyItExists}</h3>
        <p>
          <Prose text={explanation.why} />
        </p>
      </div>
      {waits === undefined ? null : (
        <div>
          <h3>{plural(texts.repeated, step.arrows.length)}</h3>
          <p className="num">
            <Prose text={texts.waits} values={{ waits }} />
          </p>
        </div>
      )}
      {event?.type === 'api.called' && arrow.isResponse ? (
        <div>
          <h3>{texts.checks}</h3>
          <ApiChecks event={event} />
        </div>
      ) : null}
      <div>
        <h3>{texts.ifItFailed}</h3>
        <p>
          <Prose text={explanation.failure} />
        </p>
      </div>
    </>
  );
}
