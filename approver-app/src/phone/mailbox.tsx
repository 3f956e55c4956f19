// What the e-mail channel would have sent to this person: the built-in mailbox, newest first. New messages appear by
// themselves and take no focus.
import type { MailboxEntry, OwnMailbox } from 'assent/contract';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { Command } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { StateTag } from '../ui/state-tag.tsx';
import { dayTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';
import { shellWord } from './shell-word.ts';
import { useMailbox } from './use-mailbox.ts';

export function MailboxScreen() {
  const [state, reload] = useMailbox();
  const heading = useArrivalFocus<HTMLHeadingElement>('mailbox');
  usePageTitle(texts.mailbox.title);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'inbox' }}>
          <Icon name="back" />
          {texts.app.back}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0} aria-busy={state.phase === 'loading'}>
        <ConnectionNotice text="" />
        <div>
          <h1 className="title-l" tabIndex={-1} ref={heading}>
            {texts.mailbox.title}
          </h1>
          {state.phase === 'ready' ? <WhoseMail mailbox={state.mailbox} /> : null}
        </div>
        {state.phase === 'failed' ? (
          <>
            <Notice tone="danger" icon="warning" role="alert">
              {furtherTexts.mailbox.failed}
            </Notice>
            <button type="button" className="btn btn--wide" onClick={reload}>
              {furtherTexts.mailbox.retry}
            </button>
          </>
        ) : null}
        {state.phase === 'ready' ? <Messages mailbox={state.mailbox} /> : null}
      </main>
    </>
  );
}

function WhoseMail({ mailbox: { address, kept_here: isKeptHere } }: { mailbox: OwnMailbox }) {
  const { userName } = useSession().pairing;
  const text =
    address === undefined
      ? furtherTexts.mailbox.noAddress
      : isKeptHere
        ? furtherTexts.mailbox.lead
        : furtherTexts.mailbox.elsewhere;
  return (
    <p className="intro">
      <Prose text={text} values={{ address: <bdi>{address}</bdi>, name: <bdi>{userName}</bdi> }} />
    </p>
  );
}

function Messages({ mailbox }: { mailbox: OwnMailbox }) {
  const { address, kept_here: isKeptHere, messages } = mailbox;
  if (messages.length > 0) {
    return (
      <section aria-label={furtherTexts.mailbox.messages}>
        <ul className="hist">
          {messages.map((message) => (
            <MessageRow key={message.id} message={message} />
          ))}
        </ul>
      </section>
    );
  }
  return address !== undefined && isKeptHere ? <NoMessages /> : null;
}

function MessageRow({ message }: { message: MailboxEntry }) {
  const { clock } = useSession();
  const { approvals } = useSnapshot();
  const approval = approvals.find(({ id }) => id === message.approval);
  return (
    <li>
      <Link to={{ screen: 'mail', id: message.id }} data-mail={message.name}>
        <span>
          <bdi>{message.subject}</bdi>
        </span>
        <span className="m">
          {message.name === undefined ? '' : `${message.name} · `}
          {dayTime(message.sent_at, clock.nowMs())}
        </span>
        {approval === undefined ? null : <StateTag state={approval.state} />}
      </Link>
    </li>
  );
}

function NoMessages() {
  const { pairing } = useSession();
  return (
    <section className="next">
      <h2>{furtherTexts.mailbox.emptyTitle}</h2>
      <p>
        <Prose text={furtherTexts.mailbox.empty} />
      </p>
      <p>
        <Prose text={furtherTexts.mailbox.first} />
      </p>
      <Command text={fill(furtherTexts.mailbox.command, { user: shellWord(pairing.userId) })} />
    </section>
  );
}
