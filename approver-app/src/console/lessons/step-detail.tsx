// One step of a lesson: why, what to change and where, what of it is so in the tenant, and trying it.
import type { Lesson, LessonStep, LessonTrial } from 'assent/contract';
import { useState } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { lessonTexts as texts } from '../../texts/lessons.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { fill } from '../../ui/prose.tsx';
import { type Address, addressOf, Link } from '../address.tsx';
import { ActButton, deskGlyph } from '../frame/act-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { StepTag } from './step-tag.tsx';
import { StepTrial } from './step-trial.tsx';

interface StepDetailProps {
  lesson: Lesson;
  step: LessonStep;
  reload(): void;
}

export function StepDetail({ lesson, step, reload }: StepDetailProps) {
  const { steps } = lesson;
  const next = steps.find(({ number }) => number === step.number + 1);
  const isFinished = steps.every(({ done }) => done);
  const [attempt, setAttempt] = useState<{ trial: LessonTrial; wasDone: boolean }>();
  // A failure tells of a tenant that is another one by now, whoever has changed it.
  const isOutdated = attempt !== undefined && !attempt.trial.passed && step.done && !attempt.wasDone;
  return (
    <>
      <div className="dh">
        <p className="id">
          <span>{fill(texts.number, { number: step.number, steps: steps.length })}</span>
          <StepTag isDone={step.done} isCurrent={step.id === lesson.current} />
        </p>
        <h2>{step.title}</h2>
        <p>{step.why}</p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        <WhatToChange
          step={step}
          onRun={() => {
            setAttempt(undefined);
            reload();
          }}
        />
        <section>
          <h3>{texts.findings}</h3>
          <ul className="lesson-findings">
            {step.findings.map(({ what, done, found }) => (
              <li key={what}>
                <Icon name={done ? 'approve' : 'clock'} />
                <span>
                  <span className="vh">{done ? texts.done : texts.open}: </span>
                  {what}
                  {found === undefined ? null : <small>{fill(texts.found, { found })}</small>}
                </span>
              </li>
            ))}
          </ul>
        </section>
        <StepTrial
          step={step}
          trial={isOutdated ? undefined : attempt?.trial}
          onTrial={(trial) => {
            setAttempt({ trial, wasDone: step.done });
            reload();
          }}
        />
        {isFinished ? <p role="status">{texts.finished}</p> : null}
        {step.done && next !== undefined ? (
          <p>
            <Link className="btn btn--s btn--main" to={{ page: 'lessons', item: next.id }}>
              {fill(texts.next, { title: next.title })}
            </Link>
          </p>
        ) : null}
      </div>
    </>
  );
}

function WhatToChange({ step, onRun }: { step: LessonStep; onRun(): void }) {
  const session = useSession();
  const { where, change, page, commands, title } = step;
  const isOnDashboard = page?.startsWith('/console') ?? false;
  const way = where.join(' › ');
  const text = commands.map(
    ({ method, path, body }) => `${method} ${path}\n${JSON.stringify(body, null, 2)}`,
  );
  const run = async (): Promise<void> => {
    for (const call of commands) {
      if (!(await session.tryChange({ done: fill(texts.ran, { title }), call }))) break;
    }
    onRun();
  };
  return (
    <section>
      <h3>{texts.change}</h3>
      <p className="lesson-way">
        {isOnDashboard ? (
          fill(texts.dashboard, { way })
        ) : (
          <>
            <span className="vh">{texts.way}: </span>
            {way}
          </>
        )}
      </p>
      <ol className="lesson-change">
        {change.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      {isOnDashboard ? <p className="quiet">{texts.counts}</p> : null}
      {page === undefined ? null : (
        <p className="lesson-page">
          {isOnDashboard ? (
            <Link className="btn btn--s" to={fromLesson(page, step.id)}>
              {deskGlyph('open')}
              {texts.page.console}
            </Link>
          ) : (
            <a className="btn btn--s" href={page}>
              {deskGlyph('phone')}
              {texts.page.approve}
            </a>
          )}
        </p>
      )}
      {commands.length === 0 ? null : (
        <>
          <details>
            <summary>{texts.same}</summary>
            <div className="json">
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
              <pre className="codeblock" tabIndex={0} dir="ltr">
                {text.join('\n\n')}
              </pre>
              <CopyButton text={text.join('\n\n')} label={consoleTexts.curl.copy} />
            </div>
          </details>
          <div className="acts">
            <ActButton label={texts.run} icon={deskGlyph('terminal')} act={run} />
          </div>
        </>
      )}
    </section>
  );
}

/** The page says where the lesson goes on. */
function fromLesson(page: string, step: string): Address {
  const { pathname, search } = new URL(page, window.location.origin);
  const address = addressOf(pathname, search);
  return { ...address, query: { ...address.query, lesson: step } };
}
