// Every value the server worded, in its order. Nothing is filtered: a field that the client wanted hidden is listed apart,
// and the end of the content counts as seen only while that list is open.
import type { ConsentRow, ConsentSection } from 'assent/contract';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { sharedTexts } from '../texts/shared.ts';
import { Icon } from '../ui/icons.tsx';
import { fill, Prose, plural } from '../ui/prose.tsx';

/** The type under which the server lists API and permissions; every other section is an authorization detail. */
const ACCESS = 'access';

export function detailSections(sections: readonly ConsentSection[]): ConsentSection[] {
  return sections.filter(({ type }) => type !== ACCESS);
}

/** What a screen adds to one section, where it can be changed. */
export interface SectionAdditions {
  above: ReactNode;
  below: ReactNode;
  around(row: ConsentRow, value: ReactNode): ReactNode;
}

interface ConsentSectionsProps {
  sections: readonly ConsentSection[];
  additionsTo?(section: ConsentSection, entry: number): SectionAdditions | undefined;
  /** Called once the last row has been in view. */
  onReadToEnd(): void;
}

export function ConsentSections({ sections, additionsTo, onReadToEnd }: ConsentSectionsProps) {
  const [closedCount, setClosedCount] = useState(0);
  const hasTitles = sections.length > 1;
  const isOneOfSeveral = detailSections(sections).length > 1;
  return (
    <>
      {sections.map((section, index) => (
        <Section
          // Sections have no id of their own; the screen is rebuilt when the content changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is part of the content
          key={index}
          section={section}
          additions={additionsTo?.(section, index)}
          hasTitle={hasTitles}
          isOneOfSeveral={isOneOfSeveral}
          onToggleCarried={(isOpen) => setClosedCount((count) => count + (isOpen ? -1 : 1))}
        />
      ))}
      {closedCount === 0 ? <EndOfContent onSeen={onReadToEnd} /> : null}
    </>
  );
}

function Section({
  section,
  additions,
  hasTitle,
  isOneOfSeveral,
  onToggleCarried,
}: {
  section: ConsentSection;
  additions: SectionAdditions | undefined;
  hasTitle: boolean;
  /** Of one detail the instruction is the question itself; of several, each stands with its own. */
  isOneOfSeveral: boolean;
  onToggleCarried(isOpen: boolean): void;
}) {
  const displayed = section.rows.filter((row) => !row.hidden);
  const carried = section.rows.filter((row) => row.hidden);
  if (section.rows.length === 0) return null;
  return (
    <section>
      {hasTitle ? (
        <h2 className="h-sec">
          <bdi>{section.title}</bdi>
          {section.known ? null : (
            <span className="tag tag--pending">
              <Icon name="info" />
              {sharedTexts.content.newKind}
            </span>
          )}
        </h2>
      ) : null}
      {additions?.above}
      {isOneOfSeveral && section.instruction !== undefined ? (
        <p className="instruction">
          <bdi>{section.instruction}</bdi>
        </p>
      ) : null}
      {displayed.length > 0 ? <Rows rows={displayed} around={additions?.around} /> : null}
      {carried.length > 0 ? <Carried rows={carried} onToggle={onToggleCarried} /> : null}
      {additions?.below}
    </section>
  );
}

/** Fields with `display: false`. auth0: Configure Rich Authorization Requests. */
function Carried({ rows, onToggle }: { rows: readonly ConsentRow[]; onToggle(isOpen: boolean): void }) {
  const [isOpen, setIsOpen] = useState(true);
  const listId = useId();
  const count = rows.filter((row) => row.kind !== 'group').length;
  return (
    <div className="carried">
      <div className="fields">
        <div className="carried-head">
          <p>{sharedTexts.content.carried}</p>
          <button
            type="button"
            className="btn btn--s"
            aria-expanded={isOpen}
            aria-controls={listId}
            onClick={() => {
              setIsOpen(!isOpen);
              onToggle(!isOpen);
            }}
          >
            {plural(sharedTexts.content.carriedCount, count)}
            <Icon name="down" />
          </button>
        </div>
        <div id={listId}>{isOpen ? <Rows rows={rows} isNested /> : null}</div>
      </div>
      <p className="when">
        <Prose text={sharedTexts.content.carriedWhy} />
      </p>
    </div>
  );
}

interface RowsProps {
  rows: readonly ConsentRow[];
  isNested?: boolean;
  around?: SectionAdditions['around'] | undefined;
}

function Rows({ rows, isNested = false, around }: RowsProps) {
  return (
    <dl className={isNested ? 'fields fields--inner' : 'fields'}>
      {groupByLabel(rows).map((group) => (
        <Row key={group[0].path} rows={group} extraDepth={isNested ? 1 : 0} around={around} />
      ))}
    </dl>
  );
}

type Group = [ConsentRow, ...ConsentRow[]];

/** A row without a label continues the one above: one term, several values. */
function groupByLabel(rows: readonly ConsentRow[]): Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (row.label === '' && last !== undefined) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** Rails beyond this depth would leave no room for text at 320 px; deeper rows state their level instead. */
const DEEPEST_RAIL = 4;

function Row({
  rows,
  extraDepth,
  around,
}: {
  rows: Group;
  extraDepth: number;
  around: SectionAdditions['around'] | undefined;
}) {
  const [first] = rows;
  const depth = first.depth + extraDepth;
  const rails = Math.min(depth, DEEPEST_RAIL);
  return (
    <div className={first.kind === 'group' ? 'row row--group' : 'row'} data-rails={rails}>
      <dt>
        <bdi>{first.label}</bdi>
        {depth > DEEPEST_RAIL ? (
          <small className="level">{fill(sharedTexts.content.level, { depth })}</small>
        ) : null}
      </dt>
      {rows.map((row) => (
        <dd key={row.path}>
          {around?.(row, <Value row={row} />) ?? <Value row={row} />}
          {row.note === undefined ? null : (
            <small>
              <bdi>{row.note}</bdi>
            </small>
          )}
        </dd>
      ))}
    </div>
  );
}

function Value({ row }: { row: ConsentRow }): ReactNode {
  switch (row.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return <bdi>{row.value}</bdi>;
    case 'group':
      return <span className="quiet">{row.value}</span>;
    case 'code':
      return (
        <bdi className="raw" dir="ltr">
          {row.value}
        </bdi>
      );
    case 'empty':
      return (
        <>
          <bdi className="raw">{row.value === '' ? '""' : row.value}</bdi>
          {row.value === '' ? <small>{sharedTexts.content.emptyText}</small> : null}
          {row.value === 'null' ? <small>{sharedTexts.content.nothing}</small> : null}
        </>
      );
  }
}

/** An invisible line after the last row. Once it was in view, all of the content was. */
function EndOfContent({ onSeen }: { onSeen(): void }) {
  const line = useRef<HTMLDivElement>(null);
  const latest = useRef(onSeen);
  useEffect(() => {
    latest.current = onSeen;
  });
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) latest.current();
    });
    if (line.current !== null) observer.observe(line.current);
    return () => observer.disconnect();
  }, []);
  return <div className="end-of-content" ref={line} data-testid="end-of-content" />;
}
