// A page: a list, and on its right what of it is open. On a narrow screen one after the other.
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { Icon } from '../../ui/icons.tsx';
import { Link, useAddress } from '../address.tsx';

interface SplitPageProps {
  title: string;
  /** Beside the title: how many, as of when. */
  count?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** What is open; `undefined` leaves the list alone. */
  detail?: ReactNode;
  detailLabel?: string;
  /** Whether what is open needs more room than the list. */
  isDetailWide?: boolean;
  /** What scrolls. */
  paneRef?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

export function SplitPage(props: SplitPageProps) {
  const { title, count, actions, detail, detailLabel, isDetailWide = false, paneRef, children } = props;
  const { page, item, query } = useAddress();
  const isOpen = detail !== undefined;
  const heading = useRef<HTMLHeadingElement>(null);
  const aside = useRef<HTMLElement>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    // Only where one takes the place of the other does focus have to follow.
    if (wasOpen.current === isOpen) return;
    wasOpen.current = isOpen;
    if (window.matchMedia('(max-width: 900px)').matches)
      (isOpen ? aside.current : heading.current)?.focus({ preventScroll: true });
  }, [isOpen]);
  return (
    <main
      id="main"
      tabIndex={-1}
      className={isOpen ? `work work--split${isDetailWide ? ' work--wide' : ''}` : 'work'}
      data-item={item}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="pane pane--list" tabIndex={0} aria-label={title} ref={paneRef}>
        <div className="ph">
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {count === undefined ? null : <span className="ph-count">{count}</span>}
          <span className="grow" />
          {actions}
        </div>
        {children}
      </section>
      {isOpen ? (
        <aside className="pane pane--side" tabIndex={-1} aria-label={detailLabel} ref={aside}>
          {/* On a narrow screen it stands in the place of the list, and of its heading. */}
          <h1 className="pane-back">
            <Link className="btn btn--s btn--plain" to={{ page, query }}>
              <Icon name="back" />
              {title}
            </Link>
          </h1>
          {detail}
        </aside>
      ) : null}
    </main>
  );
}

/** What stands in the place of an item that is not here. */
export function MissingItem({ item }: { item: string }) {
  const { page, query } = useAddress();
  return (
    <div className="db">
      <h2>{consoleTexts.frame.missing}</h2>
      <p>
        <code>{item}</code> {consoleTexts.frame.missingLead}
      </p>
      <p>
        <Link to={{ page, query }}>{consoleTexts.frame.back}</Link>
      </p>
    </div>
  );
}
