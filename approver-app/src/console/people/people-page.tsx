// Who can be asked, on which devices, and what they are asked.
import { peopleSchema } from 'assent/contract';
import { useRef, useState } from 'react';
import { explainFailure } from '../../desk/api-failure.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill, plural } from '../../ui/prose.tsx';
import { useAddress } from '../address.tsx';
import { deskGlyph } from '../frame/act-button.tsx';
import { type Column, DataTable } from '../frame/data-table.tsx';
import { EmptyState } from '../frame/empty-state.tsx';
import { matchesFilter } from '../frame/filter.ts';
import { FilterBar, useFilter } from '../frame/filter-bar.tsx';
import type { PageProps } from '../frame/pages.ts';
import { MissingItem, SplitPage } from '../frame/split-page.tsx';
import { useResource } from '../session/session-context.tsx';
import { AddPersonDialog } from './add-person-dialog.tsx';
import { PersonDetail } from './person-detail.tsx';

const { people: texts } = consoleTexts;
const FIELDS = ['name', 'email', 'id'] as const;
const NEWS = ['device.paired', 'device.removed', 'device.reachable'] as const;

export interface Person {
  user_id: string;
  name: string;
  email?: string | undefined;
  devices: number;
}

const COLUMNS: ReadonlyArray<Column<Person>> = [
  { id: 'name', title: texts.columns.name, cell: (person) => <bdi>{person.name}</bdi> },
  {
    id: 'email',
    title: texts.columns.email,
    isSecondary: true,
    cell: (person) => <bdi>{person.email ?? '–'}</bdi>,
  },
  {
    id: 'id',
    title: texts.columns.id,
    isSecondary: true,
    cell: (person) => <span className="mono">{person.user_id}</span>,
  },
  {
    id: 'devices',
    title: texts.columns.devices,
    cell: (person) => (person.devices === 0 ? texts.noDevice : plural(texts.devices, person.devices)),
  },
];

function usePeople() {
  return useResource('/approver/people', peopleSchema, NEWS);
}

export function PeoplePage({ item }: PageProps) {
  const { query } = useAddress();
  const { value, failure } = usePeople();
  const pane = useRef<HTMLElement>(null);
  const [isAdding, setIsAdding] = useState(false);
  const { terms, bar } = useFilter();
  const people: readonly Person[] = value?.people ?? [];
  const shown = people.filter((person) =>
    matchesFilter(terms, { name: [person.name], email: [person.email ?? ''], id: [person.user_id] }),
  );
  const open = people.find(({ user_id: id }) => id === item);
  return (
    <SplitPage
      title={texts.title}
      count={value === undefined ? null : plural(texts.count, people.length)}
      paneRef={pane}
      detailLabel={open?.name ?? texts.title}
      actions={
        <button type="button" className="btn btn--s btn--main" onClick={() => setIsAdding(true)}>
          {deskGlyph('plus')}
          {texts.add}
        </button>
      }
      detail={
        item === undefined || value === undefined ? undefined : open === undefined ? (
          <MissingItem item={item} />
        ) : (
          <PersonDetail key={open.user_id} person={open} />
        )
      }
    >
      {failure === undefined ? null : (
        <p className="filter-note" role="alert">
          {explainFailure(failure)}
        </p>
      )}
      {value === undefined ? null : people.length === 0 ? (
        <EmptyState title={texts.none} lead={texts.noneLead} command={texts.command} />
      ) : (
        <>
          <FilterBar {...bar} label={texts.filter} fields={FIELDS} saved={[]} />
          {shown.length === 0 ? (
            <p className="nothing" role="status">
              {texts.nothingMatches}
            </p>
          ) : (
            <DataTable
              caption={texts.title}
              columns={COLUMNS}
              rows={shown}
              keyOf={(person) => person.user_id}
              addressOf={(person) => ({ page: 'people', item: person.user_id, query })}
              current={item}
              pane={pane}
            />
          )}
        </>
      )}
      {isAdding ? <AddPersonDialog onClose={() => setIsAdding(false)} /> : null}
    </SplitPage>
  );
}

/** As a list of requests is filtered by this person. */
export function filterOfPerson({ name }: Person): string {
  return fill('approver:"{name}"', { name });
}
