// Notifications: what they show, how they come, and the switch. Permission is asked for by the button here and nowhere else.
import { type ReactNode, useEffect } from 'react';
import type { NotificationState } from '../push/notifications.ts';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { Prose } from '../ui/prose.tsx';
import { Steps } from '../ui/steps.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { RelayTag } from './notification-notice.tsx';
import { useNotifications } from './notifications-context.tsx';
import { Link, navigate } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSnapshot } from './session-context.tsx';

export function NotificationsScreen() {
  const [state, { turnOn, turnOff }] = useNotifications();
  const announce = useAnnounce();
  usePageTitle(texts.notice.title);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0} data-notifications={state.phase}>
        <ConnectionNotice text="" />
        <Content state={state} />
      </main>
      <footer className="foot">
        <Choices
          state={state}
          onTurnOn={() => void turnOn()}
          onTurnOff={() => void turnOff().then(() => announce(furtherTexts.notifications.turnedOff))}
        />
      </footer>
    </>
  );
}

function Content({ state }: { state: NotificationState }) {
  switch (state.phase) {
    case 'on':
      return <TurnedOn kind={state.kind} />;
    case 'blocked':
      return (
        <>
          <Opening title={furtherTexts.notifications.blockedTitle}>
            <Prose text={furtherTexts.notifications.blockedLead} values={{ host: window.location.host }} />
          </Opening>
          <Steps texts={furtherTexts.notifications.blockedSteps} />
          <p className="when">{furtherTexts.notifications.blockedStill}</p>
        </>
      );
    case 'unavailable':
      return (
        <>
          <Opening title={furtherTexts.notifications.unavailableTitle}>
            <Prose text={furtherTexts.notifications.why[state.why]} />
          </Opening>
          {state.why === 'certificate' ? (
            <a className="btn btn--wide" href="/ca">
              {furtherTexts.notifications.trust}
            </a>
          ) : null}
          {state.why === 'home-screen' ? (
            <section>
              <h2 className="h-sec">{furtherTexts.notifications.iosTitle}</h2>
              <Steps texts={furtherTexts.notifications.iosSteps} />
            </section>
          ) : null}
        </>
      );
    default:
      return <Offer remark={state.phase === 'off' ? state.remark : undefined} />;
  }
}

function Opening({ title, children }: { title: string; children: ReactNode }) {
  const heading = useArrivalFocus<HTMLHeadingElement>(title);
  return (
    <div>
      <h1 className="title-l" tabIndex={-1} ref={heading}>
        {title}
      </h1>
      <p className="intro">{children}</p>
    </div>
  );
}

function Offer({ remark }: { remark: 'dismissed' | 'failed' | undefined }) {
  const { quickActions, passkeyRequired } = useSnapshot();
  const isGranted = Notification.permission === 'granted';
  const answers = quickActions ? (passkeyRequired ? 'deny' : 'both') : 'none';
  return (
    <>
      <Opening title={furtherTexts.notifications.title}>
        {isGranted ? furtherTexts.notifications.leadGranted : furtherTexts.notifications.lead}{' '}
        {furtherTexts.notifications.answers[answers]}
      </Opening>
      {remark === undefined ? null : (
        <Notice tone={remark === 'failed' ? 'danger' : 'pending'} icon="info" role="alert">
          {furtherTexts.notifications[remark]}
        </Notice>
      )}
      <dl className="fields">
        <div className="row">
          <dt>{furtherTexts.notifications.delivery}</dt>
          <dd>
            {furtherTexts.notifications.webPush}
            <small>{furtherTexts.notifications.webPushWhy}</small>
          </dd>
        </div>
        <div className="row">
          <dt>{furtherTexts.notifications.ifFails}</dt>
          <dd>
            <RelayTag />
            <small>{furtherTexts.notifications.relayWhy}</small>
          </dd>
        </div>
        <div className="row">
          <dt>{furtherTexts.notifications.lockScreen}</dt>
          <dd>
            {furtherTexts.notifications.example}
            <small>{furtherTexts.notifications.exampleBody}</small>
          </dd>
        </div>
      </dl>
    </>
  );
}

function TurnedOn({ kind }: { kind: 'web-push' | 'relay' }) {
  const announce = useAnnounce();
  useEffect(() => announce(furtherTexts.notifications.turnedOn[kind]), [kind, announce]);
  return (
    <>
      <Opening title={furtherTexts.notifications.onTitle}>
        <Prose
          text={kind === 'relay' ? furtherTexts.notifications.onRelay : furtherTexts.notifications.onWebPush}
        />
      </Opening>
      <p>
        {kind === 'relay' ? <RelayTag /> : <span className="tag">{furtherTexts.notifications.webPush}</span>}
      </p>
    </>
  );
}

interface ChoicesProps {
  state: NotificationState;
  onTurnOn(): void;
  onTurnOff(): void;
}

function Choices({ state, onTurnOn, onTurnOff }: ChoicesProps) {
  if (state.phase === 'on') {
    return (
      <button type="button" className="btn btn--wide" onClick={onTurnOff}>
        {furtherTexts.notifications.turnOff}
      </button>
    );
  }
  if (state.phase === 'blocked' || state.phase === 'unavailable') {
    return (
      <Link className="btn btn--wide" to={{ screen: 'inbox' }}>
        {texts.outcome.toInbox}
      </Link>
    );
  }
  const isBusy = state.phase === 'asking' || state.phase === 'connecting';
  const label = {
    off:
      Notification.permission === 'granted'
        ? furtherTexts.notifications.turnOn
        : furtherTexts.notifications.ask,
    asking: furtherTexts.notifications.asking,
    connecting: furtherTexts.notifications.connecting,
  }[state.phase];
  return (
    <>
      {state.phase === 'connecting' ? (
        <p className="when">{furtherTexts.notifications.connectingLead}</p>
      ) : null}
      <button
        type="button"
        className="btn btn--main btn--wide btn--tall"
        aria-disabled={isBusy || undefined}
        onClick={() => {
          if (!isBusy) onTurnOn();
        }}
      >
        {label}
      </button>
      <button
        type="button"
        className="btn btn--plain btn--wide"
        onClick={() => navigate({ screen: 'inbox' })}
      >
        {furtherTexts.notifications.later}
      </button>
    </>
  );
}
