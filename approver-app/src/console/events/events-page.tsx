// The ordered log of the tenant: filtered, followed, paused without losing anything, and taken along as a file.
import type { TraceEvent } from 'assent/contract';
import { useMemo, useRef, useState } from 'react';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { timeWithMilliseconds } from '../../desk/trace-time.ts';
import { JsonPanel } from '../../json/json-panel.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill, plural } from '../../ui/prose.tsx';
import { Link, useAddress } from '../address.tsx';
import { type Column, DataTable } from '../frame/data-table.tsx';
import { EmptyState } from '../frame/empty-state.tsx';
import { type FilterFields, matchesFilter } from '../frame/filter.ts';
import { FilterBar, useFilter } from '../frame/filter-bar.tsx';
import { useHeldRows, useIsInList } from '../frame/held-rows.ts';
import type { PageProps } from '../frame/pages.ts';
import { MissingItem, SplitPage } from '../frame/split-page.tsx';
import { useLiveState, useSession } from '../session/session-context.tsx';
import { Downloads } from './downloads.tsx';
import { describeEvent, requestOf, toneOf, whoOf } from './event-words.ts';

const { events: texts } = consoleTexts;
const FIELDS = ['type', 'request', 'who', 'tone'] as const;
const SAVED = [{ label: texts.failures, text: 'tone:trouble' }] as const;

export function EventsPage({ item }: PageProps) {
  const { query } = useAddress();
  const { trace } = useSession();
  const events = useLiveState((state) => state.events);
  const hasEarlier = useLiveState((state) => state.hasEarlier);
  const story = useLiveState((state) => state.story);
  const pane = useRef<HTMLElement>(null);
  const [isPaused, setIsPaused] = useState(false);
  const isInList = useIsInList(pane);
  const newestFirst = useMemo(() => events.toReversed(), [events]);
  const { shown, held, release } = useHeldRows(
    newestFirst,
    numberOfEvent,
    isPaused || isInList || item !== undefined,
  );
  const { terms, bar } = useFilter();
  const filtered = useMemo(
    () => (terms.length === 0 ? shown : shown.filter((event) => matchesFilter(terms, fieldsOf(event)))),
    [shown, terms],
  );
  const open = item === undefined ? undefined : events.find(({ number }) => String(number) === item);
  return (
    <SplitPage
      title={texts.title}
      count={plural(texts.count, events.length)}
      paneRef={pane}
      detailLabel={item === undefined ? texts.title : fill(texts.detail, { number: item })}
      actions={
        <>
          <button
            type="button"
            className="btn btn--s"
            aria-pressed={!isPaused}
            onClick={() => {
              setIsPaused(!isPaused);
              pane.current?.scrollTo({ top: 0 });
            }}
          >
            <DeskIcon name={isPaused ? 'play' : 'pause'} />
            {isPaused ? texts.follow : texts.pause}
          </button>
          <Downloads events={filtered} />
        </>
      }
      detail={
        item === undefined || story === 0 ? undefined : open === undefined ? (
          <MissingItem item={item} />
        ) : (
          <EventDetail event={open} />
        )
      }
    >
      {story > 0 && events.length === 0 ? (
        <EmptyState title={texts.none} lead={texts.noneLead} command={texts.command} />
      ) : (
        <>
          <FilterBar {...bar} label={texts.filter} fields={FIELDS} saved={SAVED} />
          {held === 0 ? null : (
            <button
              type="button"
              className="newbar"
              onClick={() => {
                release();
                pane.current?.scrollTo({ top: 0 });
              }}
            >
              <DeskIcon name="download" />
              {plural(texts.held, held)}
            </button>
          )}
          <DataTable
            caption={texts.title}
            columns={COLUMNS}
            rows={filtered}
            keyOf={(event) => String(event.number)}
            addressOf={(event) => ({ page: 'events', item: String(event.number), query })}
            current={item}
            pane={pane}
          />
          {hasEarlier ? (
            <button type="button" className="newbar newbar--end" onClick={() => void trace.loadEarlier()}>
              {texts.earlier}
            </button>
          ) : null}
        </>
      )}
    </SplitPage>
  );
}

function numberOfEvent({ number }: TraceEvent): number {
  return number;
}

function fieldsOf(event: TraceEvent): FilterFields {
  return {
    type: [event.type],
    request: [requestOf(event) ?? ''],
    who: [whoOf(event), 'client_id' in event ? (event.client_id ?? '') : ''],
    tone: [toneOf(event)],
    what: [describeEvent(event)],
  };
}

const COLUMNS: ReadonlyArray<Column<TraceEvent>> = [
  { id: 'number', title: texts.columns.number, align: 'end', cell: (event) => event.number },
  {
    id: 'time',
    title: texts.columns.time,
    isSecondary: true,
    cell: (event) => <span className="mono">{timeWithMilliseconds(event.at)}</span>,
  },
  { id: 'type', title: texts.columns.type, cell: (event) => <TypeTag event={event} /> },
  {
    id: 'request',
    title: texts.columns.request,
    isSecondary: true,
    cell: (event) => <RequestLink event={event} />,
  },
  { id: 'who', title: texts.columns.who, isSecondary: true, cell: (event) => <bdi>{whoOf(event)}</bdi> },
  { id: 'what', title: texts.columns.what, cell: (event) => <bdi>{describeEvent(event)}</bdi> },
];

const TAGS = {
  good: { tone: 'approve', icon: 'approve' },
  denied: { tone: 'deny', icon: 'deny' },
  trouble: { tone: 'danger', icon: 'warning' },
} as const;

function TypeTag({ event }: { event: TraceEvent }) {
  const tone = toneOf(event);
  const [subject, happening] = event.type.split('.');
  // A narrow column breaks it between its two words.
  if (tone === 'plain')
    return (
      <span className="mono">
        {subject}.<wbr />
        {happening}
      </span>
    );
  const look = TAGS[tone];
  return (
    <span className={`tag tag--${look.tone} mono`}>
      <Icon name={look.icon} />
      {event.type}
    </span>
  );
}

function RequestLink({ event }: { event: TraceEvent }) {
  const name = requestOf(event);
  if (name === undefined) return '–';
  return <Link to={{ page: 'requests', item: name }}>{name}</Link>;
}

function EventDetail({ event }: { event: TraceEvent }) {
  return (
    <>
      <div className="dh">
        <p className="id">
          <span>
            <b className="mono">{event.number}</b> ·{' '}
            <span className="mono">{timeWithMilliseconds(event.at)}</span>
          </span>
          <RequestLink event={event} />
        </p>
        <h2>{event.type}</h2>
        <p>
          <bdi>{describeEvent(event)}</bdi>
        </p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="db" tabIndex={0}>
        <JsonPanel text={JSON.stringify(event)} label={event.type} view="event" />
      </div>
    </>
  );
}
