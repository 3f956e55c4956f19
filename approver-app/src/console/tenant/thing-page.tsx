// A page of the configuration: things on the left, the open one in the middle, and on the right what explains it, such as the file.
// On a narrow screen one after the other.
import { type ReactNode, useEffect, useRef } from 'react';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import { Icon } from '../../ui/icons.tsx';
import { Link, navigate, useAddress } from '../address.tsx';

interface ThingPageProps {
  /** Of the list; a page without one is about a single thing. */
  list?: { title: string; content: ReactNode };
  label: string;
  isOpen?: boolean;
  side?: ReactNode;
  children: ReactNode;
}

export function ThingPage({ list, label, isOpen = true, side, children }: ThingPageProps) {
  const { page, item, query: { at } = {} } = useAddress();
  const pane = useRef<HTMLElement>(null);
  const before = useRef(item);
  useEffect(() => {
    if (before.current === item) return;
    before.current = item;
    // Only where one takes the place of the other does focus have to follow.
    if (item !== undefined && window.matchMedia('(max-width: 900px)').matches)
      pane.current?.focus({ preventScroll: true });
    pane.current?.scrollTo({ top: 0 });
  }, [item]);
  useEffect(() => {
    if (at === undefined) return;
    const card = pane.current?.querySelector(`[data-anchor="${CSS.escape(at)}"]`);
    card?.scrollIntoView({ block: 'start' });
    card?.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }, [at]);
  const kind = [
    'work',
    list === undefined ? 'work--single' : 'work--things',
    ...(isOpen ? ['work--open'] : []),
    ...(side ? ['work--aside'] : []),
  ].join(' ');
  return (
    <main
      id="main"
      tabIndex={-1}
      className={kind}
      onKeyDown={(event) => {
        // What is beside the thing goes first; the thing itself with the next one.
        if (event.key !== 'Escape' || !side || event.defaultPrevented) return;
        event.preventDefault();
        navigate({ page, item });
      }}
    >
      {list === undefined ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="pane pane--things" tabIndex={0} aria-label={list.title}>
          {list.content}
        </section>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="pane pane--thing" tabIndex={0} aria-label={label} ref={pane}>
        {list === undefined || item === undefined ? null : (
          <Link className="btn btn--s btn--plain thing-back" to={{ page }}>
            <Icon name="back" />
            {list.title}
          </Link>
        )}
        {children}
      </section>
      {side ? <h1 className="narrow-title">{label}</h1> : null}
      {side}
    </main>
  );
}

export function ShowAsFile({ isShown }: { isShown: boolean }) {
  const { page, item } = useAddress();
  return (
    <Link
      className="btn btn--s"
      to={{ page, item, query: isShown ? {} : { file: 'this' } }}
      aria-current={isShown ? 'true' : undefined}
    >
      <svg className="ico" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        <path d="M5 2.500h6.500L15 6v11.500H5zM11.500 2.500V6H15" />
      </svg>
      {texts.showAsFile}
    </Link>
  );
}
