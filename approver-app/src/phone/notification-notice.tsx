// How notifications stand, in a sentence, with the way to their screen. Offered where nothing waits and after a decision;
// never asked on its own.
import type { NotificationState } from '../push/notifications.ts';
import { texts } from '../texts/phone.ts';
import { Icon } from '../ui/icons.tsx';
import { useNotificationOffer } from '../ui/preferences.ts';
import { useNotifications } from './notifications-context.tsx';
import { Link } from './route.tsx';

export function RelayTag() {
  return (
    <span className="tag tag--info">
      <Icon name="relay" />
      {texts.notifications.relay}
    </span>
  );
}

/** @param hasTitle false where a heading of the screen says it already */
export function NotificationNotice({ hasTitle = true }: { hasTitle?: boolean }) {
  const [state] = useNotifications();
  return (
    <section className={hasTitle ? 'next' : 'setting'} data-testid="notification-state">
      {hasTitle ? <h2>{texts.notice.title}</h2> : null}
      <p>
        {isByRelay(state) ? <RelayTag /> : null} {sentenceOf(state)}
      </p>
      <Link className="btn" to={{ screen: 'notifications' }}>
        {labelOf(state)}
      </Link>
    </section>
  );
}

/** After a decision, once: whoever says no is not told again. */
export function NotificationOffer() {
  const [state] = useNotifications();
  const [isOpen, dismiss] = useNotificationOffer();
  if (state.phase !== 'off' || !isOpen) return null;
  return (
    <section className="next" data-testid="notification-offer">
      <h2>{texts.notice.title}</h2>
      <p>{texts.notice.offer}</p>
      <div className="two">
        <Link className="btn" to={{ screen: 'notifications' }}>
          {texts.notice.setUp}
        </Link>
        <button type="button" className="btn btn--plain" onClick={dismiss}>
          {texts.notice.noThanks}
        </button>
      </div>
    </section>
  );
}

/** Beside a list of requests: only what may surprise, that nothing comes once the page is closed. */
export function RelayRemark() {
  const [state] = useNotifications();
  if (!isByRelay(state)) return null;
  return (
    <p className="when">
      <RelayTag /> {texts.inbox.relayWhy}
    </p>
  );
}

function isByRelay(state: NotificationState): boolean {
  return state.phase === 'on' && state.kind === 'relay';
}

function sentenceOf(state: NotificationState): string {
  switch (state.phase) {
    case 'on':
      return texts.notice[state.kind];
    case 'blocked':
    case 'unavailable':
      return texts.notice[state.phase];
    default:
      return texts.notice.off;
  }
}

function labelOf({ phase }: NotificationState): string {
  if (phase === 'on') return texts.notice.change;
  return phase === 'blocked' || phase === 'unavailable' ? texts.notice.why : texts.notice.setUp;
}
