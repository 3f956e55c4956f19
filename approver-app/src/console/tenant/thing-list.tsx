// The left of a page of things: its head with the way to a new one, and the rows; and what stands in the middle when none of them is open.
import type { ReactNode } from 'react';
import { DeskIcon } from '../../desk/desk-icons.tsx';
import { tenantTexts as texts } from '../../texts/tenant.ts';
import { fill } from '../../ui/prose.tsx';
import { Link, useAddress } from '../address.tsx';
import { EmptyState } from '../frame/empty-state.tsx';

interface ThingListProps {
  title: string;
  create: string;
  onNew(): void;
  /** Of the two columns: the thing, and what is told of it. */
  heads: readonly [string, string];
  /** Rows; no table without any. */
  children: readonly ReactNode[];
}

export function ThingList({ title, create, onNew, heads, children }: ThingListProps) {
  return (
    <>
      <div className="ph">
        <h1>{title}</h1>
        <span className="grow" />
        <button type="button" className="btn btn--s" onClick={onNew}>
          <DeskIcon name="plus" />
          {create}
        </button>
      </div>
      {children.length === 0 ? null : (
        <table className="t">
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      )}
    </>
  );
}

interface ThingRowProps {
  id: string;
  name: string;
  isOpen: boolean;
  isNumber?: boolean;
  children: ReactNode;
}

export function ThingRow({ id, name, isOpen, isNumber, children }: ThingRowProps) {
  const { page } = useAddress();
  return (
    <tr className={isOpen ? 'on' : undefined}>
      <td>
        <Link to={{ page, item: id }} aria-current={isOpen ? 'true' : undefined}>
          <bdi>{name}</bdi>
        </Link>
      </td>
      <td className={isNumber ? 'num' : undefined}>{children}</td>
    </tr>
  );
}

/** Nothing is there at all, or not what the address names. */
export function NoThing({ item, none }: { item: string | undefined; none: { title: string; lead: string } }) {
  return item === undefined ? (
    <EmptyState title={none.title} lead={none.lead} />
  ) : (
    <EmptyState title={texts.missing} lead={fill(texts.missingLead, { item })} />
  );
}
