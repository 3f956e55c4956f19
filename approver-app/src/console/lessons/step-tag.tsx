// How far a step is: a word, then a colour.
import { lessonTexts as texts } from '../../texts/lessons.ts';
import { Icon } from '../../ui/icons.tsx';

export function StepTag({ isDone, isCurrent }: { isDone: boolean; isCurrent: boolean }) {
  if (isDone)
    return (
      <span className="tag tag--approve">
        <Icon name="approve" />
        {texts.done}
      </span>
    );
  return <span className={isCurrent ? 'tag tag--pending' : 'tag'}>{isCurrent ? texts.now : texts.open}</span>;
}
