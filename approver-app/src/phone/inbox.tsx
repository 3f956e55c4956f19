// Waiting first, oldest on top; then what was decided. New requests are announced and never take the focus.
import type { ApprovalView } from 'assent/contract';
import { useEffect, useRef, useState } from 'react';
import { countSimilar } from '../consent/similar-requests.ts';
import { useShortcuts } from '../keyboard.ts';
import { texts } from '../texts/phone.ts';
import { Command } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { useAnnounce } from '../ui/live-region.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, plural } from '../ui/prose.tsx';
import { StateTag } from '../ui/state-tag.tsx';
import { useTicking } from '../ui/ticking.ts';
import { countdownText, dayTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { FaultNotice } from './fault-notice.tsx';
import { ShortcutSheet } from './later-screens.ts';
import { NotificationNotice, RelayRemark } from './notification-notice.tsx';
import { PasskeyNotice } from './passkey-notice.tsx';
import { PersonTile } from './person-tile.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';
import { shellWord } from './shell-word.ts';

export function InboxScreen({ onSwitchPerson }: { onSwitchPerson(): void }) {
  const { pairing, clock } = useSession();
  const { approvals } = useSnapshot();
  const pending = approvals.filter(({ state }) => state === 'pending');
  const lastEndMs = Math.max(0, ...pending.map(({ expires_at }) => Date.parse(expires_at)));
  const nowMs = useTicking(clock, lastEndMs);
  const waiting = pending.filter(({ expires_at }) => Date.parse(expires_at) > nowMs);
  const decided = approvals.filter((approval) => !waiting.includes(approval)).reverse();
  const similarCount = countSimilar(waiting);
  const heading = useArrivalFocus<HTMLHeadingElement>('inbox');
  const list = useRef<HTMLElement>(null);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  usePageTitle(texts.inbox.screen, waiting.length);
  useShortcuts({
    next: () => moveFocus(list.current, 1),
    previous: () => moveFocus(list.current, -1),
    help: () => setIsHelpOpen(true),
  });
  return (
    <>
      <header className="top">
        <button type="button" className="whoami" aria-haspopup="dialog" onClick={onSwitchPerson}>
          <PersonTile name={pairing.userName} size="s" />
          <bdi>{pairing.userName}</bdi>
          <span className="vh">{texts.inbox.switchPerson}</span>
          <Icon name="down" />
        </button>
        <nav className="places" aria-label={texts.inbox.places}>
          <Link
            className="btn btn--plain btn--icon"
            to={{ screen: 'mailbox' }}
            aria-label={texts.mailbox.title}
          >
            <Icon name="mail" />
          </Link>
          <Link
            className="btn btn--plain btn--icon"
            to={{ screen: 'settings' }}
            aria-label={texts.inbox.settings}
          >
            <Icon name="sliders" />
          </Link>
        </nav>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0} ref={list}>
        <ConnectionNotice text={texts.connection.waiting} showCommand />
        <FaultNotice />
        <h1 className="title-l" tabIndex={-1} ref={heading}>
          {waiting.length === 0 ? texts.inbox.headingEmpty : plural(texts.inbox.heading, waiting.length)}
        </h1>
        {similarCount > 0 ? (
          <Notice tone="pending" icon="warning" role="status">
            {similarCount === 2
              ? texts.inbox.similarTwo
              : fill(texts.inbox.similarSeveral, { count: similarCount })}
          </Notice>
        ) : null}
        <PasskeyNotice />
        {waiting.length === 0 ? <NothingWaiting /> : <Waiting waiting={waiting} nowMs={nowMs} />}
        {waiting.length === 0 ? null : <RelayRemark />}
        {decided.length === 0 ? null : <Decided decided={decided} nowMs={nowMs} />}
      </main>
      {isHelpOpen ? <ShortcutSheet onClose={() => setIsHelpOpen(false)} /> : null}
    </>
  );
}

/** J and K walk through the requests, whatever they are; Enter then opens the link that has focus. */
function moveFocus(list: HTMLElement | null, step: 1 | -1): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('[data-request]') ?? [])];
  const at = links.findIndex((link) => link.matches(':focus'));
  const next = at < 0 && step < 0 ? links.length - 1 : at + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

function Waiting({ waiting, nowMs }: { waiting: readonly ApprovalView[]; nowMs: number }) {
  return (
    <section aria-labelledby="waiting">
      <h2 className="vh" id="waiting">
        {texts.inbox.waiting}
      </h2>
      <ul className="cards">
        {waiting.map((approval) => (
          <li key={approval.id}>
            <Link className="card" to={{ screen: 'request', id: approval.id }} data-request={approval.name}>
              <span className="l1">
                <bdi>{approval.client.name}</bdi>
                <span className="left">
                  <span className="vh">{texts.inbox.timeLeft} </span>
                  <bdi>{countdownText(Date.parse(approval.expires_at) - nowMs)}</bdi>
                </span>
              </span>
              <span className="l2">
                <bdi>{approval.consent.summary}</bdi>
              </span>
              <span className="l3">
                <span>
                  {approval.binding_message === '' ? null : (
                    <>
                      <span className="vh">{texts.inbox.code} </span>
                      <bdi className="pill-code">{approval.binding_message}</bdi>
                    </>
                  )}
                </span>
                <span className="go">
                  {texts.inbox.open}
                  <Icon name="forward" />
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decided({ decided, nowMs }: { decided: readonly ApprovalView[]; nowMs: number }) {
  return (
    <section aria-labelledby="decided">
      <h2 className="h-sec" id="decided">
        {texts.inbox.decided}
      </h2>
      <ul className="hist">
        {decided.map((approval) => (
          <li key={approval.id}>
            <Link to={{ screen: 'request', id: approval.id }} data-request={approval.name}>
              <span>
                <bdi>{approval.consent.summary}</bdi>
              </span>
              <span className="m">
                <bdi>{approval.client.name}</bdi>
                {` · ${dayTime(approval.decision?.at ?? approval.expires_at, nowMs)}`}
                {approval.decision?.rule === undefined ? null : ` · ${texts.inbox.byRule}`}
                {approval.decision?.reason === undefined ? null : (
                  <>
                    {' · '}
                    <bdi>{approval.decision.reason}</bdi>
                  </>
                )}
              </span>
              <StateTag state={approval.state === 'pending' ? 'expired' : approval.state} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NothingWaiting() {
  const session = useSession();
  const announce = useAnnounce();
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<string>();
  async function askForDemo(): Promise<void> {
    if (isAsking) return;
    setIsAsking(true);
    setFailure(undefined);
    const answer = await session.requestDemo();
    setIsAsking(false);
    if (answer === 'unreachable') setFailure(texts.inbox.demoUnreachable);
    else if ('refusal' in answer) {
      setFailure([answer.refusal.message, answer.refusal.hint].filter(Boolean).join(' '));
    } else announce(fill(texts.inbox.demoSent, { name: answer.name }));
  }
  return (
    <>
      <p className="intro">{texts.inbox.empty}</p>
      <button
        type="button"
        className="btn btn--main btn--wide btn--tall"
        aria-disabled={isAsking || undefined}
        onClick={() => void askForDemo()}
      >
        {isAsking ? texts.inbox.demoBusy : texts.inbox.demo}
      </button>
      {failure === undefined ? null : (
        <Notice tone="danger" icon="warning" role="alert">
          {failure}
        </Notice>
      )}
      <section>
        <h2 className="h-sec">{texts.inbox.terminal}</h2>
        <Command text={fill(texts.inbox.command, { user: shellWord(session.pairing.userId) })} />
      </section>
      <NotificationNotice />
    </>
  );
}

/** Speaks each arriving request and e-mail, and keeps the app's badge, on whatever screen the reader is. */
export function useArrivals(): void {
  const session = useSession();
  const { approvals } = useSnapshot();
  const announce = useAnnounce();
  const waitingCount = approvals.filter(({ state }) => state === 'pending').length;
  useEffect(
    () =>
      session.onArrival(({ consent, binding_message }) => {
        const words = binding_message === '' ? texts.inbox.arrivedWithoutCode : texts.inbox.arrived;
        announce(fill(words, { who: consent.who, summary: consent.summary, code: binding_message }));
      }),
    [session, announce],
  );
  useEffect(
    () => session.onMail(({ subject }) => announce(fill(texts.mailbox.arrived, { subject }))),
    [session, announce],
  );
  useEffect(() => {
    // Only installed apps have a badge; elsewhere the call is refused, and the count is in the title anyway.
    navigator.setAppBadge?.(waitingCount).catch(() => undefined);
  }, [waitingCount]);
}
