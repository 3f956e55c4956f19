// A table of things that can be opened: real links, one row after the other by keyboard, and only the rows in view where there are
// many.

import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from '../../desk/keys.ts';
import { useRowWindow } from '../../desk/row-window.ts';
import type { Address } from '../address.tsx';
import { navigate, pathOf } from '../address.tsx';
import { consoleKeys } from './console-keys.ts';

export interface Column<Row> {
  id: string;
  title: string;
  cell(row: Row): ReactNode;
  /** Left out where there is little room. */
  isSecondary?: boolean;
  /** `end` for numbers. */
  align?: 'end';
}

interface DataTableProps<Row> {
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** Where a row leads. The whole row can be clicked; the link is in its first cell. */
  addressOf?(row: Row): Address;
  /** Key of the row that is open. */
  current?: string | undefined;
  /** What scrolls. */
  pane: RefObject<HTMLElement | null>;
  /** In pixels, for lists that are too long to be drawn whole. */
  rowHeight?: number;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, addressOf, current, pane, rowHeight = 45 } = props;
  const { first, end, before, after, isWindowed } = useRowWindow(pane, rows.length, rowHeight);
  const table = useRef<HTMLTableElement>(null);
  const [wanted, setWanted] = useState<string>();

  // The row that a key asked for may be drawn only now.
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    const row = findRow(table.current, wanted);
    if (row === undefined) return;
    (row.querySelector<HTMLElement>('a') ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    setWanted(undefined);
  });

  const step = (by: 1 | -1): void => {
    const focused = document.activeElement?.closest<HTMLElement>('tr[data-key]')?.dataset['key'];
    const place = rows.findIndex((row) => keyOf(row) === (focused ?? current));
    const next = rows[place < 0 ? 0 : place + by];
    if (next === undefined) return;
    const index = rows.indexOf(next);
    if (isWindowed && pane.current !== null && (index < first || index >= end))
      pane.current.scrollTop = index * rowHeight;
    setWanted(keyOf(next));
  };
  useKeys(consoleKeys, { next: () => step(1), previous: () => step(-1) });

  return (
    <table
      className={isWindowed ? 't t--long' : 't'}
      ref={table}
      aria-rowcount={isWindowed ? rows.length + 1 : undefined}
    >
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={classOf(column)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {before > 0 ? <Spacer height={before} columns={columns.length} /> : null}
        {rows.slice(first, end).map((row, index) => {
          const key = keyOf(row);
          const address = addressOf?.(row);
          const isCurrent = key === current;
          return (
            <tr
              key={key}
              data-key={key}
              className={isCurrent ? 'on' : undefined}
              aria-rowindex={isWindowed ? first + index + 2 : undefined}
              tabIndex={address === undefined ? -1 : undefined}
              onClick={(event) => {
                const isOwn = event.target instanceof Element && event.target.closest('a, button') !== null;
                const isSelecting = window.getSelection()?.type === 'Range';
                if (address !== undefined && !isOwn && !isSelecting) navigate(address);
              }}
            >
              {columns.map((column, place) => (
                <td key={column.id} className={classOf(column)}>
                  {place === 0 && address !== undefined ? (
                    <RowLink address={address} isCurrent={isCurrent}>
                      {column.cell(row)}
                    </RowLink>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          );
        })}
        {after > 0 ? <Spacer height={after} columns={columns.length} /> : null}
      </tbody>
    </table>
  );
}

function RowLink({
  address,
  isCurrent,
  children,
}: {
  address: Address;
  isCurrent: boolean;
  children: ReactNode;
}) {
  return (
    <a
      href={pathOf(address)}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(address);
      }}
    >
      {children}
    </a>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr className="spacer">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function classOf({ id, isSecondary = false, align }: Pick<Column<unknown>, 'id' | 'isSecondary' | 'align'>) {
  return [`c-${id}`, isSecondary ? 'secondary' : '', align === 'end' ? 'num-r' : '']
    .filter(Boolean)
    .join(' ');
}

function findRow(table: HTMLElement | null, key: string): HTMLElement | undefined {
  return [...(table?.querySelectorAll<HTMLElement>('tr[data-key]') ?? [])].find(
    ({ dataset }) => dataset['key'] === key,
  );
}
