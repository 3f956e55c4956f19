// Over a page that a lesson has led to: the way back to its step. The address remembers it, wherever the reader goes on from there.
import { lessonTexts as texts } from '../../texts/lessons.ts';
import { Icon } from '../../ui/icons.tsx';
import { Link, useAddress } from '../address.tsx';

export function LessonReturn() {
  const { page, query = {} } = useAddress();
  const { lesson } = query;
  if (lesson === undefined || page === 'lessons') return null;
  return (
    <nav className="lesson-return" aria-label={texts.title}>
      <Link className="btn btn--s" to={{ page: 'lessons', item: lesson }}>
        <Icon name="back" />
        {texts.backToStep}
      </Link>
    </nav>
  );
}
