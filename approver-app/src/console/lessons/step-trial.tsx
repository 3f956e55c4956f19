// *Try it*: the agent does the step for real, and what went over the wire is shown, redacted by the server.
import { CONTROL_API, type LessonStep, type LessonTrial, lessonTrialSchema } from 'assent/contract';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { lessonTexts as texts } from '../../texts/lessons.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Notice } from '../../ui/notice.tsx';
import { fill } from '../../ui/prose.tsx';
import { deskGlyph } from '../frame/act-button.tsx';
import { useIsConnected, useSession } from '../session/session-context.tsx';

const LESSON_TRY = `${CONTROL_API}/lessons/lab-6/try`;

interface StepTrialProps {
  step: LessonStep;
  /** What the last attempt came to. */
  trial: LessonTrial | undefined;
  onTrial(trial: LessonTrial): void;
}

export function StepTrial({ step, trial, onTrial }: StepTrialProps) {
  const { api, fail } = useActions();
  const isConnected = useIsConnected();
  const [isBusy, setIsBusy] = useState(false);
  const id = useId();
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (trial) outcome.current?.scrollIntoView({ block: 'nearest' });
  }, [trial]);
  const attempt = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy || !isConnected) return;
    const form = new FormData(event.currentTarget);
    const asked = (step.asks ?? []).map((name) => [name, String(form.get(name) ?? '')]);
    const body = { step: step.id, ...Object.fromEntries(asked) };
    setIsBusy(true);
    try {
      onTrial(await api.call({ method: 'POST', path: LESSON_TRY, body }, lessonTrialSchema));
    } catch (reason) {
      fail(reason);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className="lesson-trial">
      <h3>{texts.try}</h3>
      <p className="quiet">{texts.tryLead}</p>
      <dl className="df">
        <dt>{texts.before}</dt>
        <dd>{step.fails}</dd>
        <dt>{texts.after}</dt>
        <dd>{step.passes}</dd>
      </dl>
      <form className="form" onSubmit={(event) => void attempt(event)}>
        {step.asks?.map((name) => (
          <div className="text-input" key={name}>
            <label htmlFor={`${id}-${name}`}>{texts.form[name].label}</label>
            <input
              id={`${id}-${name}`}
              name={name}
              className="inp mono"
              autoComplete="off"
              spellCheck={false}
              aria-describedby={`${id}-${name}-hint`}
            />
            <span className="field-hint" id={`${id}-${name}-hint`}>
              {texts.form[name].hint}
            </span>
          </div>
        ))}
        <div className="acts">
          <button
            type="submit"
            className="btn btn--s btn--main"
            aria-busy={isBusy || undefined}
            aria-disabled={!isConnected || undefined}
          >
            {deskGlyph('play')}
            {texts.try}
          </button>
        </div>
      </form>
      <div className="lesson-outcome" role="status" ref={outcome}>
        {trial === undefined ? null : <Outcome trial={trial} />}
      </div>
      {trial === undefined ? null : <Wire trial={trial} />}
    </section>
  );
}

function Outcome({ trial: { passed, says } }: { trial: LessonTrial }) {
  return (
    <Notice tone={passed ? 'plain' : 'danger'} icon={passed ? 'approve' : 'deny'}>
      <p>
        <b>{passed ? texts.passed : texts.failed}.</b> {says}
      </p>
    </Notice>
  );
}

function Wire({ trial: { exchanges, enrol, request } }: { trial: LessonTrial }) {
  return (
    <>
      {enrol === undefined && request === undefined ? null : (
        <p className="acts">
          {enrol === undefined ? null : (
            <a className="btn btn--s btn--main" href={enrol}>
              {deskGlyph('phone')}
              {texts.enrol}
            </a>
          )}
          {request === undefined ? null : (
            <a className="btn btn--s" href={`/sequence?request=${encodeURIComponent(request)}`}>
              {deskGlyph('sequence')}
              {fill(texts.inSequence, { name: request })}
            </a>
          )}
        </p>
      )}
      {exchanges.map(({ title, exchange: { request: sent, response } }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stand in the order in which they happened
        <details key={index}>
          <summary>
            {fill(texts.exchange, { title, method: sent.method, path: sent.path, status: response.status })}
          </summary>
          <h4>{texts.request}</h4>
          <JsonView value={sent.parameters} />
          <h4>{texts.response}</h4>
          <JsonView value={response.body ?? {}} />
        </details>
      ))}
    </>
  );
}

function useActions() {
  const session = useSession();
  return { api: session.api, fail: (reason: unknown) => session.fail(reason) };
}
