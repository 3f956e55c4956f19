// A name with a one-line meaning, which appears on hover and on focus and goes away with Escape (WCAG 1.4.13). The meaning is
// the description of the name for screen readers, whether it is shown or not.
import { useId, useState } from 'react';
import { Prose } from './prose.tsx';

export function Term({ name, meaning }: { name: string; meaning: string | undefined }) {
  const id = useId();
  const [isDismissed, setIsDismissed] = useState(false);
  if (meaning === undefined) return <span className="term">{name}</span>;
  return (
    <span
      className="term"
      data-dismissed={isDismissed || undefined}
      onPointerLeave={() => setIsDismissed(false)}
    >
      <button
        type="button"
        className="term-name"
        aria-describedby={id}
        onBlur={() => setIsDismissed(false)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || isDismissed) return;
          event.stopPropagation();
          setIsDismissed(true);
        }}
      >
        {name}
      </button>
      <span className="term-meaning" id={id} role="tooltip">
        <Prose text={meaning} />
      </span>
    </span>
  );
}
