// A lesson beside the tenant that it is about: its steps on the left, what to change and *Try it* on the right. What is done is
// read from the tenant again and again, so a step that is undone elsewhere is open here too.
import { CONTROL_API, type Lesson, type LessonStep, lessonSchema } from 'assent/contract';
import { useEffect } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { lessonTexts as texts } from '../../texts/lessons.ts';
import { fill } from '../../ui/prose.tsx';
import { Link } from '../address.tsx';
import type { PageProps } from '../frame/pages.ts';
import { MissingItem, SplitPage } from '../frame/split-page.tsx';
import { useResource } from '../session/session-context.tsx';
import { StepDetail } from './step-detail.tsx';
import { StepTag } from './step-tag.tsx';

const LESSON = 'lab-6';
/** After each of them another step may be done. */
const NEWS = [
  'request.received',
  'request.refused',
  'decision.made',
  'token.issued',
  'api.called',
  'device.paired',
  'device.removed',
] as const;

export function LessonsPage({ item }: PageProps) {
  const {
    value: lesson,
    failure,
    reload,
  } = useResource(`${CONTROL_API}/lessons/${LESSON}`, lessonSchema, NEWS);
  useReturn(reload);
  const shown = lesson?.steps.find(({ id }) => id === item);
  const current = lesson?.steps.find(({ id }) => id === lesson.current);
  return (
    <SplitPage
      title={texts.title}
      count={lesson && progressOf(lesson)}
      detailLabel={shown?.title ?? texts.missing}
      detail={
        lesson === undefined || item === undefined ? undefined : shown === undefined ? (
          <MissingItem item={item} />
        ) : (
          <StepDetail key={shown.id} lesson={lesson} step={shown} reload={reload} />
        )
      }
    >
      {failure === undefined ? null : (
        <p className="filter-note" role="alert">
          {explainFailure(failure)}
        </p>
      )}
      {lesson === undefined ? null : (
        <div className="lesson">
          <h2>{lesson.title}</h2>
          <p>{lesson.aim}</p>
          <p className="quiet">
            {fill(texts.who, { client: lesson.client.name, person: lesson.person.name })}
          </p>
          {current === undefined ? (
            item === undefined ? (
              <p>{texts.finished}</p>
            ) : null
          ) : (
            <p>
              <Link className="btn btn--s btn--main" to={{ page: 'lessons', item: current.id }}>
                {fill(current.number === 1 ? texts.begin : texts.goOn, { title: current.title })}
              </Link>
            </p>
          )}
          <ol className="lesson-steps">
            {lesson.steps.map((step) => (
              <StepRow
                key={step.id}
                step={step}
                isCurrent={step.id === lesson.current}
                isShown={step.id === shown?.id}
              />
            ))}
          </ol>
        </div>
      )}
    </SplitPage>
  );
}

function StepRow({ step, isCurrent, isShown }: { step: LessonStep; isCurrent: boolean; isShown: boolean }) {
  const { id, number, title, done } = step;
  return (
    <li>
      <Link to={{ page: 'lessons', item: id }} aria-current={isShown ? 'step' : undefined}>
        <span className="lesson-number num">{number}</span>
        <span className="lesson-title">{title}</span>
        <StepTag isDone={done} isCurrent={isCurrent} />
      </Link>
    </li>
  );
}

function progressOf({ steps }: Lesson): string {
  return fill(texts.progress, { done: steps.filter(({ done }) => done).length, steps: steps.length });
}

/** Settings tell nobody that they were changed, but a reader who changed one elsewhere comes back. */
function useReturn(reload: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same function in all but identity
  useEffect(() => {
    window.addEventListener('focus', reload);
    return () => window.removeEventListener('focus', reload);
  }, []);
}
