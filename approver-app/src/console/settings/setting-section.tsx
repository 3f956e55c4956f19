// A titled block of settings, one line for each.
import { type ReactNode, useId } from 'react';

export function SettingSection({
  title,
  aside,
  children,
}: {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className="sec" aria-labelledby={id}>
      <h2>
        <span id={id}>{title}</span>
        {aside}
      </h2>
      {children}
    </section>
  );
}
