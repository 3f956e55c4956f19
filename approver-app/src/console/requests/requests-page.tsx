// Every question that was asked, newest first, and on its right the one that is open.
import { type ApprovalView, approvalViewSchema, CONTROL_API, peopleSchema } from 'assent/contract';
import { useMemo, useRef, useState } from 'react';
import { ApiFailure, explainFailure } from '../../desk/api-failure.ts';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { fill, plural } from '../../ui/prose.tsx';
import { exactTime } from '../../ui/time-text.ts';
import { useAddress } from '../address.tsx';
import { ActButton } from '../frame/act-button.tsx';
import { type Column, DataTable } from '../frame/data-table.tsx';
import { EmptyState } from '../frame/empty-state.tsx';
import { matchesFilter } from '../frame/filter.ts';
import { FilterBar, useFilter } from '../frame/filter-bar.tsx';
import { useHeldRows, useIsInList } from '../frame/held-rows.ts';
import type { PageProps } from '../frame/pages.ts';
import { MissingItem, SplitPage } from '../frame/split-page.tsx';
import { ageText, useTenantTime } from '../frame/tenant-time.ts';
import { CHANGING } from '../session/request-list.ts';
import { useLiveState, useRequests, useResource, useSession } from '../session/session-context.tsx';
import { RefusalDetail } from './refusal-detail.tsx';
import { RequestDetail } from './request-detail.tsx';
import { fieldsOfRow, listRows, REQUEST_FIELDS, type RequestRow } from './request-row.ts';
import { RowState } from './row-state.tsx';

const { requests: texts } = consoleTexts;
const NO_VIEWS: readonly ApprovalView[] = [];
const SAVED = [
  { label: texts.savedWaiting, text: 'state:pending' },
  { label: texts.savedFailed, text: 'state:failed' },
] as const;

export function RequestsPage({ item }: PageProps) {
  const { query } = useAddress();
  const { requests } = useSession();
  const { all, hasOlder, failure } = useRequests();
  const events = useLiveState((state) => state.events);
  const pane = useRef<HTMLElement>(null);
  const [isPaused, setIsPaused] = useState(false);
  const isInList = useIsInList(pane);
  const rows = useMemo(() => listRows(all ?? NO_VIEWS, events), [all, events]);
  const { shown, held, release } = useHeldRows(rows, orderOf, isPaused || isInList || item !== undefined);
  const { terms, bar } = useFilter();
  const filtered = terms.length === 0 ? shown : shown.filter((row) => matchesFilter(terms, fieldsOfRow(row)));
  const open = item === undefined ? undefined : findRow(rows, item);
  const columns = useColumns();
  return (
    <SplitPage
      title={texts.title}
      count={<AsOf />}
      paneRef={pane}
      detailLabel={open === undefined ? texts.title : fill(texts.detail, { name: open.name })}
      actions={
        <>
          <button
            type="button"
            className="btn btn--s"
            aria-pressed={isPaused}
            onClick={() => setIsPaused(!isPaused)}
          >
            <DeskIcon name={isPaused ? 'play' : 'pause'} />
            {isPaused ? texts.goOn : texts.pause}
          </button>
          {rows.length === 0 ? null : <DemoButton />}
        </>
      }
      detail={
        item === undefined || all === undefined ? undefined : open?.view !== undefined ? (
          <RequestDetail key={open.view.id} approval={open.view} />
        ) : open?.refusal !== undefined ? (
          <RefusalDetail refusal={open.refusal} />
        ) : hasOlder ? (
          <OlderRequest item={item} />
        ) : (
          <MissingItem item={item} />
        )
      }
    >
      {failure === undefined ? null : (
        <p className="filter-note" role="alert">
          {explainFailure(failure)}
        </p>
      )}
      {all === undefined ? null : rows.length === 0 ? (
        <NoRequests />
      ) : (
        <>
          <FilterBar {...bar} label={texts.filter} fields={REQUEST_FIELDS} saved={SAVED} />
          {held === 0 ? null : (
            <button type="button" className="newbar" onClick={release}>
              <DeskIcon name="download" />
              {plural(texts.held, held)}
            </button>
          )}
          {filtered.length === 0 ? (
            <p className="nothing" role="status">
              {texts.nothingMatches}
            </p>
          ) : (
            <DataTable
              caption={texts.title}
              columns={columns}
              rows={filtered}
              keyOf={(row) => row.key}
              addressOf={(row) => ({ page: 'requests', item: row.key, query })}
              current={open?.key}
              pane={pane}
            />
          )}
          {hasOlder ? (
            <button type="button" className="newbar newbar--end" onClick={() => requests.readOlder()}>
              {texts.older}
            </button>
          ) : null}
        </>
      )}
    </SplitPage>
  );
}

/** A link may name one that is not among the newest. */
function OlderRequest({ item }: { item: string }) {
  const path = `${CONTROL_API}/requests/${encodeURIComponent(item)}`;
  const { value, failure } = useResource(path, approvalViewSchema, CHANGING);
  if (failure instanceof ApiFailure && failure.status === 404) return <MissingItem item={item} />;
  if (failure !== undefined)
    return (
      <p className="filter-note" role="alert">
        {explainFailure(failure)}
      </p>
    );
  return value === undefined ? null : <RequestDetail key={value.id} approval={value} />;
}

function orderOf(row: RequestRow): number {
  return row.atMs;
}

/** By short name, or by the id that a link brings. */
function findRow(rows: readonly RequestRow[], item: string): RequestRow | undefined {
  return rows.find((row) => row.key === item || row.view?.id === item);
}

function useColumns(): ReadonlyArray<Column<RequestRow>> {
  const nowMs = useTenantTime();
  const { columns } = texts;
  return [
    { id: 'name', title: columns.name, cell: (row) => <span className="mono">{row.name}</span> },
    { id: 'client', title: columns.client, isSecondary: true, cell: (row) => <bdi>{row.client}</bdi> },
    { id: 'approver', title: columns.approver, isSecondary: true, cell: (row) => <bdi>{row.approver}</bdi> },
    { id: 'summary', title: columns.summary, cell: (row) => <bdi>{row.summary}</bdi> },
    { id: 'state', title: columns.state, cell: (row) => <RowState state={row.state} /> },
    { id: 'channel', title: columns.channel, isSecondary: true, cell: (row) => row.channel },
    { id: 'age', title: columns.age, align: 'end', cell: (row) => ageText(row.atMs, nowMs) },
  ];
}

/** Only while nothing is heard: how old what is shown may be. */
function AsOf() {
  const phase = useLiveState((state) => state.phase);
  const sinceMs = useLiveState((state) => state.sinceMs);
  return phase === 'stopped' ? fill(texts.asOf, { time: exactTime(sinceMs) }) : null;
}

function useDemoPerson() {
  return useResource('/approver/people', peopleSchema).value?.people;
}

/** Asks whoever has a device, else the first person. */
function DemoButton({ isLarge = false }: { isLarge?: boolean }) {
  const session = useSession();
  const people = useDemoPerson() ?? [];
  const person = people.find(({ devices }) => devices > 0) ?? people[0];
  return (
    <ActButton
      tone="main"
      label={isLarge && person !== undefined ? fill(texts.demoFor, { name: person.name }) : texts.demo}
      isDisabled={person === undefined}
      act={() =>
        session.tryChange({
          done: fill(texts.demoSent, { name: person?.name ?? '' }),
          call: {
            method: 'POST',
            path: `${CONTROL_API}/demo-request`,
            body: { user_id: person?.user_id ?? '' },
          },
        })
      }
    />
  );
}

function NoRequests() {
  const people = useDemoPerson();
  const user = people?.[0]?.user_id;
  return (
    <EmptyState
      title={texts.none}
      lead={texts.noneLead}
      command={user === undefined ? texts.command : fill(texts.commandFor, { user: quoteForShell(user) })}
    >
      <DemoButton isLarge />
    </EmptyState>
  );
}

/** A `|` would be a pipe. */
function quoteForShell(text: string): string {
  return /^[\w@.-]+$/.test(text) ? text : `'${text}'`;
}
