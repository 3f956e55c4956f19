// The rows of a JSON text as a tree that is walked with the arrow keys: one stop for Tab, however much there is.
// WAI-ARIA Authoring Practices, tree view.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { jsonTexts } from '../texts/json.ts';
import { plural } from '../ui/prose.tsx';
import { canFold, countParts, type JsonRow, moveInTree } from './json-rows.ts';
import type { JsonNode } from './json-text.ts';
import { shortenToken } from './jwt.ts';
import { letterOf, markClass, useFollowing } from './value-mark.tsx';

interface JsonTreeProps {
  rows: readonly JsonRow[];
  label: string;
  matches: readonly string[];
  /** Id of the row that has the focus, or will have it. */
  selected: string;
  onSelect(id: string): void;
  onFold(id: string, isFolded: boolean): void;
}

export function JsonTree({ rows, label, matches, selected, onSelect, onFold }: JsonTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const focused = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected !== '') focused.current?.scrollIntoView({ block: 'nearest' });
    // Focus moves within the tree only: a search leaves it in its field.
    if (tree.current?.contains(document.activeElement) === true) focused.current?.focus();
  }, [selected]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveInTree(rows, selected, event.key);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if ('select' in move) onSelect(move.select);
    else onFold(move.fold, move.isFolded);
  }

  return (
    <div className="jsontree" role="tree" aria-label={label} dir="ltr" ref={tree} onKeyDown={onKeyDown}>
      {rows.map((row) => {
        const { id } = row.node;
        const isSelected = id === selected;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it answers the keys
          <div
            key={id}
            ref={isSelected ? focused : undefined}
            role="treeitem"
            tabIndex={isSelected ? 0 : -1}
            aria-level={row.level}
            aria-posinset={row.position}
            aria-setsize={row.siblings}
            aria-selected={isSelected}
            {...(canFold(row.node) ? { 'aria-expanded': row.isOpen } : {})}
            data-level={Math.min(row.level, 12)}
            data-match={matches.includes(id) || undefined}
            onClick={() => {
              if (isSelected && canFold(row.node)) onFold(id, row.isOpen);
              onSelect(id);
            }}
          >
            <RowText row={row} />
          </div>
        );
      })}
    </div>
  );
}

/** As received; tokens alone lose their middle, and copying gives all of them. */
function shownText(node: JsonNode): string {
  if (node.kind !== 'string') return node.source;
  const shortened = shortenToken(node.text);
  return shortened === node.text ? node.source : JSON.stringify(shortened);
}

function RowText({ row }: { row: JsonRow }) {
  const { followed } = useFollowing();
  const { node, label, isPosition } = row;
  const letter = label === undefined || isPosition ? undefined : letterOf(label);
  const count = countParts(node);
  const parts =
    count === undefined
      ? undefined
      : plural(node.kind === 'array' ? jsonTexts.tree.entries : jsonTexts.tree.members, count);
  return (
    <>
      <span className="jsontree-fold" aria-hidden="true">
        {canFold(node) ? (row.isOpen ? '▾' : '▸') : ''}
      </span>
      {label === undefined ? null : (
        <span className={isPosition ? 'jsontree-position' : 'jsontree-name'}>{label}: </span>
      )}
      {letter === undefined ? null : (
        <span className={markClass(letter, followed)}>
          <i aria-hidden="true">{letter}</i>
          <span className="vh">{jsonTexts.values[letter]} </span>
        </span>
      )}
      <span className={`jsontree-${node.kind}`}>{parts ?? shownText(node)}</span>
    </>
  );
}
