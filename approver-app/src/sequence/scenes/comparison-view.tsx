// Two runs in two columns: what is the same is folded or grey, what was changed is underlined, what never happens is said. N goes to the
// next difference.
import type { SceneResult } from 'assent/contract';
import { type ComparedRow, type ComparedSide, compareRuns, type Run, readRun } from 'assent/sequence';
import { Fragment, useMemo, useRef, useState } from 'react';
import { type KeyEntry, useKeys } from '../../desk/keys.ts';
import { sceneTexts } from '../../texts/scenes.ts';
import { fill, plural } from '../../ui/prose.tsx';
import { foldSame } from './fold-same.ts';

const { comparison: texts } = sceneTexts;

const KEYS: ReadonlyArray<KeyEntry<'difference'>> = [{ id: 'difference', keys: 'n', text: texts.next }];

export function ComparisonView({ result }: { result: SceneResult }) {
  const [first, second] = useMemo(
    () => result.runs.map(({ name }) => readRun(result.trace.events, name)),
    [result],
  );
  const table = useRef<HTMLTableElement>(null);
  const nextDifference = (): void => {
    const rows: Array<Element | null> = [...(table.current?.querySelectorAll('[data-differs]') ?? [])];
    const next = rows[(rows.indexOf(document.activeElement) + 1) % rows.length];
    if (next instanceof HTMLElement) next.focus();
  };
  useKeys(KEYS, { difference: nextDifference });
  if (first === undefined || second === undefined) return null;
  const { rows, changed, missing, added } = compareRuns(first, second);
  const lead = [
    [texts.leads.changed, changed],
    [texts.leads.missing, missing],
    [texts.leads.added, added],
  ] as const;
  return (
    <main className="compare">
      <div className="compare-lead">
        <p>{texts.ignored}</p>
        <button type="button" className="btn btn--s" onClick={nextDifference}>
          {texts.next} <kbd>N</kbd>
        </button>
      </div>
      <table ref={table} aria-label={texts.rows}>
        <thead>
          <tr>
            <th scope="col">
              <b>{result.runs[0]?.title}</b>
              <small>{outcomeOf(first)}</small>
            </th>
            <th scope="col">
              <b>{result.runs[1]?.title}</b>
              <small>
                {lead
                  .filter(([, count]) => count > 0)
                  .map(([text, count]) => plural(text, count))
                  .join(', ') || texts.leads.none}
              </small>
            </th>
          </tr>
        </thead>
        <tbody>
          <Rows rows={rows} />
          <tr
            data-differs={first.outcome === second.outcome ? undefined : ''}
            tabIndex={-1}
            className="outcome"
          >
            <td>
              <Outcome run={first} />
            </td>
            <td>
              <Outcome run={second} />
            </td>
          </tr>
        </tbody>
      </table>
    </main>
  );
}

function Rows({ rows }: { rows: readonly ComparedRow[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  return foldSame(rows).map(({ start, rows: group, isFold }) => {
    if (!isFold) return group.map((row) => <ComparedLine key={keyOf(row)} row={row} />);
    const isOpen = open.has(start);
    const toggle = (): void =>
      setOpen((before) => new Set(isOpen ? [...before].filter((one) => one !== start) : [...before, start]));
    const labels = group.map(labelOf).slice(0, 4).join(', ');
    return [
      <tr key={`fold ${start}`} className="same">
        <td>
          {fill(texts.folded, { count: group.length, labels: group.length > 4 ? `${labels}, …` : labels })}{' '}
          <button type="button" className="btn btn--s" aria-expanded={isOpen} onClick={toggle}>
            {isOpen ? texts.fold : texts.unfold}
          </button>
        </td>
        <td>{texts.same}</td>
      </tr>,
      ...(isOpen ? group.map((row) => <ComparedLine key={keyOf(row)} row={row} />) : []),
    ];
  });
}

function ComparedLine({ row }: { row: ComparedRow }) {
  switch (row.type) {
    case 'same':
      return (
        <tr className="same">
          <td>
            <Side side={row.first} isShort />
          </td>
          <td>{texts.same}</td>
        </tr>
      );
    case 'changed':
      return (
        <tr className="changed" data-differs="" tabIndex={-1}>
          <td>
            <Side side={row.first} />
          </td>
          <td>
            <span className="vh">{texts.changed}: </span>
            <Side side={row.second} />
          </td>
        </tr>
      );
    case 'missing':
      return (
        <tr className="missing" data-differs="" tabIndex={-1}>
          <td>
            <Side side={row.first} />
          </td>
          <td className="never">
            <span>{neverOf(row.first)}</span>
          </td>
        </tr>
      );
    case 'added':
      return (
        <tr className="added" data-differs="" tabIndex={-1}>
          <td className="never">
            <span>{texts.neverAtAll}</span>
          </td>
          <td>
            <span className="vh">{texts.added}: </span>
            <Side side={row.second} />
          </td>
        </tr>
      );
  }
}

function Side({ side, isShort = false }: { side: ComparedSide; isShort?: boolean }) {
  const { row, lines } = side;
  const direction =
    row.type === 'mark'
      ? texts.between
      : fill(texts.direction, {
          from: texts.participants[row.step.from],
          to: texts.participants[row.step.to],
        });
  return (
    <div className="side">
      <span className="dir">
        {row.type === 'step' ? <b>{row.step.number}</b> : null} {direction}
      </span>
      <div>
        {(isShort ? lines.slice(0, 1) : lines).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a row never change their place
          <code key={at}>
            {line.map(({ text, isChanged }, word) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor do the words of a line
              <Fragment key={word}>
                {word === 0 ? '' : ' '}
                {isChanged ? <u>{text}</u> : text}
              </Fragment>
            ))}
          </code>
        ))}
      </div>
    </div>
  );
}

function Outcome({ run }: { run: Run }) {
  return (
    <div className="side">
      <span className="dir">{texts.outcome}</span>
      <div>
        <b>{outcomeOf(run)}</b> {consequenceOf(run)}
      </div>
    </div>
  );
}

function outcomeOf(run: Run): string {
  return texts.outcomes[run.outcome];
}

/** What the API did in the end. */
function consequenceOf({ steps }: Run): string {
  const count = steps.filter(({ kind }) => kind === 'api-answered').length;
  if (count > 0) return fill(texts.done, { count });
  return steps.some(({ kind }) => kind === 'api-refused') ? texts.stopped : texts.notDone;
}

function neverOf({ row }: ComparedSide): string {
  return (row.type === 'step' ? texts.never[row.step.kind] : undefined) ?? texts.neverAtAll;
}

function keyOf(row: ComparedRow): string {
  const side = row.type === 'added' ? row.second : row.first;
  return `${row.type} ${side.row.type === 'mark' ? side.row.mark.id : side.row.step.id}`;
}

function labelOf(row: ComparedRow): string {
  const side = row.type === 'added' ? row.second : row.first;
  return side.lines[0]?.map(({ text }) => text).join(' ') ?? '';
}
