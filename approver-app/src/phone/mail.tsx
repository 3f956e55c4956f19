// One message of the mailbox: as it was sent, in a frame without scripts and without anything from elsewhere, or as text; and
// its link.
import type { MailboxMessage } from 'assent/contract';
import { useEffect, useState } from 'react';
import { texts } from '../texts/phone.ts';
import { furtherTexts } from '../texts/phone-further.ts';
import { useCopy } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';
import { MailFrame } from '../ui/mail-frame.tsx';
import { Options } from '../ui/options.tsx';
import { fill, Prose } from '../ui/prose.tsx';
import { StateTag } from '../ui/state-tag.tsx';
import { dayTime } from '../ui/time-text.ts';
import { ConnectionNotice } from './connection-notice.tsx';
import { Link } from './route.tsx';
import { useArrivalFocus, usePageTitle, useSession, useSnapshot } from './session-context.tsx';

export function MailScreen({ id }: { id: string }) {
  const session = useSession();
  const [mail, setMail] = useState<MailboxMessage | 'missing'>();
  useEffect(() => {
    session.mail(id).then(setMail, () => setMail('missing'));
  }, [session, id]);
  const title = mail === undefined ? '' : mail === 'missing' ? furtherTexts.mailbox.missing : mail.subject;
  const heading = useArrivalFocus<HTMLHeadingElement>(title);
  usePageTitle(texts.mailbox.title);
  return (
    <>
      <header className="top">
        <Link className="btn btn--plain" to={{ screen: 'mailbox' }}>
          <Icon name="back" />
          {texts.mailbox.title}
        </Link>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <main className="scroll" tabIndex={0} aria-busy={mail === undefined}>
        <ConnectionNotice text="" />
        {mail === undefined ? null : (
          <h1 className="title-m" tabIndex={-1} ref={heading}>
            <bdi>{title}</bdi>
          </h1>
        )}
        {mail === 'missing' ? <p className="intro">{furtherTexts.mailbox.missingLead}</p> : null}
        {mail === undefined || mail === 'missing' ? null : <Message mail={mail} />}
      </main>
      {mail === undefined || mail === 'missing' ? null : <LinkOfMail link={mail.link} />}
    </>
  );
}

function Message({ mail }: { mail: MailboxMessage }) {
  const { clock } = useSession();
  const [version, setVersion] = useState<'sent' | 'text'>('sent');
  return (
    <>
      <p className="mail-facts">
        <Prose
          text={mail.approval === undefined ? furtherTexts.mailbox.factsAlone : furtherTexts.mailbox.facts}
          values={{
            from: <bdi>{mail.from}</bdi>,
            to: <bdi>{mail.to}</bdi>,
            time: dayTime(mail.sent_at, clock.nowMs()),
            request: <RequestOfMail mail={mail} />,
          }}
        />
      </p>
      {version === 'sent' ? (
        <MailFrame html={mail.html} />
      ) : (
        <pre className="codeblock mail-text">{mail.text}</pre>
      )}
      <Options<'sent' | 'text'>
        label={furtherTexts.mailbox.version}
        labelClass="vh"
        className="mail-versions"
        options={[
          { value: 'sent', text: furtherTexts.mailbox.asSent },
          { value: 'text', text: furtherTexts.mailbox.asText },
        ]}
        chosen={version}
        onChoose={setVersion}
      />
      <p className="when">
        <Prose
          text={
            mail.approval === undefined ? furtherTexts.mailbox.enrolmentWhy : furtherTexts.mailbox.linkWhy
          }
        />
      </p>
    </>
  );
}

function RequestOfMail({ mail }: { mail: MailboxMessage }) {
  const { approvals } = useSnapshot();
  const approval = approvals.find(({ id }) => id === mail.approval);
  if (approval === undefined) return fill(furtherTexts.mailbox.requestGone, { name: mail.name ?? '' });
  return (
    <>
      <Link to={{ screen: 'request', id: approval.id }}>{mail.name}</Link> <StateTag state={approval.state} />
    </>
  );
}

function LinkOfMail({ link }: { link: string }) {
  const copy = useCopy();
  const { pathname, search } = new URL(link);
  return (
    <footer className="foot mail-acts">
      <button
        type="button"
        className="btn btn--tall"
        onClick={() => {
          void copy(link);
        }}
      >
        <Icon name="copy" />
        {furtherTexts.mailbox.copyLink}
      </button>
      {/* The link names the issuer; this device may know the server by another name. */}
      <a
        className="btn btn--main btn--tall"
        href={pathname + search}
        target="_blank"
        rel="noopener noreferrer"
      >
        {furtherTexts.mailbox.openLink}
      </a>
    </footer>
  );
}
