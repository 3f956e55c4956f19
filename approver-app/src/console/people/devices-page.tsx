// Every device of the tenant, whose it is, and how it is told of requests.
import { CONTROL_API, type Device, devicesSchema } from 'assent/contract';
import { useRef } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { plural } from '../../ui/prose.tsx';
import { Link } from '../address.tsx';
import { type Column, DataTable } from '../frame/data-table.tsx';
import { EmptyState } from '../frame/empty-state.tsx';
import { matchesFilter } from '../frame/filter.ts';
import { FilterBar, useFilter } from '../frame/filter-bar.tsx';
import type { PageProps } from '../frame/pages.ts';
import { SplitPage } from '../frame/split-page.tsx';
import { useResource } from '../session/session-context.tsx';
import { EnrolledAt, factsOfDevice, nameOfDevice, UnpairButton } from './device-list.tsx';

const { devices: texts } = consoleTexts;
const FIELDS = ['name', 'person', 'push'] as const;
const NEWS = ['device.paired', 'device.removed', 'device.reachable', 'device.passkey_registered'] as const;

const COLUMNS: ReadonlyArray<Column<Device>> = [
  { id: 'name', title: texts.columns.name, cell: (device) => <bdi>{nameOfDevice(device)}</bdi> },
  {
    id: 'person',
    title: texts.columns.person,
    cell: (device) => (
      <Link to={{ page: 'people', item: device.user_id }}>
        <bdi>{device.user_name}</bdi>
      </Link>
    ),
  },
  { id: 'push', title: texts.columns.push, isSecondary: true, cell: factsOfDevice },
  {
    id: 'since',
    title: texts.columns.since,
    isSecondary: true,
    cell: (device) => <EnrolledAt device={device} />,
  },
  { id: 'acts', title: texts.columns.acts, align: 'end', cell: (device) => <UnpairButton device={device} /> },
];

export function DevicesPage(_: PageProps) {
  const devices = useResource(`${CONTROL_API}/devices`, devicesSchema, NEWS).value?.devices;
  const pane = useRef<HTMLElement>(null);
  const { terms, bar } = useFilter();
  const shown = (devices ?? []).filter((device) =>
    matchesFilter(terms, {
      name: [nameOfDevice(device)],
      person: [device.user_name, device.user_id],
      push: [device.push],
    }),
  );
  return (
    <SplitPage
      title={texts.title}
      paneRef={pane}
      count={devices === undefined ? null : plural(texts.count, devices.length)}
    >
      {devices === undefined ? null : devices.length === 0 ? (
        <EmptyState title={texts.none} lead={texts.noneLead} command={texts.command}>
          <p>
            <Link to={{ page: 'people' }}>{texts.toPeople}</Link>
          </p>
        </EmptyState>
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
              keyOf={(device) => device.id}
              pane={pane}
            />
          )}
        </>
      )}
    </SplitPage>
  );
}
