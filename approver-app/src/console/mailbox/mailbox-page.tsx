// E-mail that stayed in the server: who got it, what it says, and its link.
import { CONTROL_API, type MailboxEntry, mailboxMessageSchema, mailboxSchema } from 'assent/contract';
import { useRef, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { consoleTexts } from '../../texts/console.ts';
import { useCopy } from '../../ui/copy-text.ts';
import { MailFrame } from '../../ui/mail-frame.tsx';
import { fill, Prose, plural } from '../../ui/prose.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { dayTime } from '../../ui/time-text.ts';
import { Link, useAddress } from '../address.tsx';
import { deskGlyph, glyph } from '../frame/act-button.tsx';
import { type Column, DataTable } from '../frame/data-table.tsx';
import { EmptyState } from '../frame/empty-state.tsx';
import { matchesFilter } from '../frame/filter.ts';
import { FilterBar, useFilter } from '../frame/filter-bar.tsx';
import type { PageProps } from '../frame/pages.ts';
import { MissingItem, SplitPage } from '../frame/split-page.tsx';
import { useRequests, useResource, useSession } from '../session/session-context.tsx';

const { mailbox: texts } = consoleTexts;
const FIELDS = ['to', 'subject', 'request'] as const;
const NEWS = ['notification.delivered', 'notification.failed'] as const;

export function MailboxPage({ item }: PageProps) {
  const { query } = useAddress();
  const { value, failure } = useResource(`${CONTROL_API}/mailbox?limit=500`, mailboxSchema, NEWS);
  const pane = useRef<HTMLElement>(null);
  const { terms, bar } = useFilter();
  const columns = useColumns();
  const messages = value?.messages ?? [];
  const shown = messages.filter((mail) =>
    matchesFilter(terms, { to: [mail.to], subject: [mail.subject], request: [mail.name ?? ''] }),
  );
  return (
    <SplitPage
      title={texts.title}
      count={value === undefined ? null : plural(texts.count, messages.length)}
      paneRef={pane}
      detailLabel={texts.message}
      isDetailWide
      detail={item === undefined ? undefined : <Message key={item} id={item} />}
    >
      {failure === undefined ? null : (
        <p className="filter-note" role="alert">
          {explainFailure(failure)}
        </p>
      )}
      {value === undefined ? null : messages.length === 0 ? (
        <EmptyState title={texts.none} lead={texts.noneLead} command={texts.command}>
          <p>
            <Prose text={texts.first} />
          </p>
        </EmptyState>
      ) : (
        <>
          <FilterBar {...bar} label={texts.filter} fields={FIELDS} saved={[]} />
          <DataTable
            caption={texts.title}
            columns={columns}
            rows={shown}
            keyOf={(mail) => mail.id}
            addressOf={(mail) => ({ page: 'mailbox', item: mail.id, query })}
            current={item}
            pane={pane}
          />
          <p className="nothing">
            <Prose text={texts.stays} />
          </p>
        </>
      )}
    </SplitPage>
  );
}

function useColumns(): ReadonlyArray<Column<MailboxEntry>> {
  const { clock } = useSession().trace;
  return [
    { id: 'subject', title: texts.columns.subject, cell: (mail) => <bdi>{mail.subject}</bdi> },
    {
      id: 'to',
      title: texts.columns.to,
      cell: (mail) => (
        <>
          <bdi>{mail.to}</bdi> <small className="quiet">{dayTime(mail.sent_at, clock.nowMs())}</small>
        </>
      ),
    },
    {
      id: 'request',
      title: texts.columns.request,
      isSecondary: true,
      cell: (mail) => <RequestOfMail mail={mail} />,
    },
  ];
}

function RequestOfMail({ mail }: { mail: MailboxEntry }) {
  const { all = [] } = useRequests();
  if (mail.name === undefined) return <span className="quiet">{texts.noRequest}</span>;
  const request = all.find(({ id }) => id === mail.approval);
  return (
    <>
      <Link to={{ page: 'requests', item: mail.name }}>{mail.name}</Link>{' '}
      {request === undefined ? null : <StateTag state={request.state} />}
    </>
  );
}

function Message({ id }: { id: string }) {
  const session = useSession();
  const copy = useCopy();
  const [isText, setIsText] = useState(false);
  const { value: mail, failure } = useResource(
    `${CONTROL_API}/mailbox/${encodeURIComponent(id)}`,
    mailboxMessageSchema,
  );
  if (failure !== undefined) return <MissingItem item={id} />;
  if (mail === undefined) return null;
  const { pathname, search } = new URL(mail.link);
  return (
    <>
      <div className="dh">
        <p className="id">
          <span>
            {fill(texts.facts, {
              from: mail.from,
              to: mail.to,
              time: dayTime(mail.sent_at, session.trace.clock.nowMs()),
            })}
          </span>
        </p>
        <h2>
          <bdi>{mail.subject}</bdi>
        </h2>
        <div className="acts">
          <button type="button" className="btn btn--s" onClick={() => void copy(mail.link)}>
            {glyph('copy')}
            {texts.copyLink}
          </button>
          {/* The link names the issuer; this computer may know the server by another name. */}
          <a className="btn btn--s" href={pathname + search} target="_blank" rel="noopener noreferrer">
            {deskGlyph('open')}
            {texts.openLink}
          </a>
          <button
            type="button"
            className="btn btn--s"
            aria-pressed={isText}
            onClick={() => setIsText(!isText)}
          >
            {texts.asText}
          </button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        {isText ? <pre className="codeblock">{mail.text}</pre> : <MailFrame html={mail.html} />}
        <p className="quiet">{mail.approval === undefined ? texts.enrolmentWhy : texts.linkWhy}</p>
        <p>
          <RequestOfMail mail={mail} />
        </p>
      </div>
    </>
  );
}
