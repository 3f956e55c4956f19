// JSON to look into: search, tree or raw, copy a value or its path. Takes text, since only the text is what was received.
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { jsonTexts } from '../texts/json.ts';
import { useCopy } from '../ui/copy-text.ts';
import { fill, Prose, plural } from '../ui/prose.tsx';
import { useFolded } from './json-memory.tsx';
import { findInJson, isWithin, readRows } from './json-rows.ts';
import { copyText, indentJson, readJson } from './json-text.ts';
import { JsonTree } from './json-tree.tsx';

interface JsonPanelProps {
  /** As received. */
  text: string;
  /** What it is, for screen readers. */
  label: string;
  /** Name under which its folding is remembered. */
  view: string;
}

export function JsonPanel({ text, label, view }: JsonPanelProps) {
  const words = jsonTexts.tree;
  const id = useId();
  const copy = useCopy();
  const reading = useMemo(() => readJson(text), [text]);
  const [isRaw, setIsRaw] = useState(false);
  const [search, setSearch] = useState('');
  const [selected, setSelected] = useState('');
  const [folded, setFolded] = useFolded(view);
  const root = reading.ok ? reading.root : undefined;
  const matches = useMemo(() => (root === undefined ? [] : findInJson(root, search)), [root, search]);
  // A search opens the way to what it found; what was folded is folded again when the search is cleared.
  const rows = useMemo(
    () =>
      root === undefined
        ? []
        : readRows(
            root,
            ({ id: each }) =>
              folded.has(each) && !matches.some((match) => match !== each && isWithin(match, each)),
          ),
    [root, folded, matches],
  );
  const current = rows.find(({ node }) => node.id === selected) ?? rows[0];

  function goToMatch(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || matches.length === 0) return;
    event.preventDefault();
    const at = matches.indexOf(selected);
    const next = event.shiftKey ? at - 1 : at + 1;
    setSelected(matches.at(next % matches.length) ?? '');
  }

  if (root === undefined) {
    return (
      <div className="jsonview">
        <p className="quiet">
          <Prose text={words.notJson} values={{ position: reading.ok ? 0 : reading.position + 1 }} />
        </p>
        <RawText text={text} label={label} />
      </div>
    );
  }
  return (
    <div className="jsonview">
      <div className="jsonview-bar">
        <label className="vh" htmlFor={`${id}-search`}>
          {words.search}: {label}
        </label>
        <input
          id={`${id}-search`}
          type="search"
          placeholder={words.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={goToMatch}
        />
        <span role="status" className="quiet">
          {search.trim() === ''
            ? ''
            : matches.length === 0
              ? words.noMatch
              : plural(words.matches, matches.length)}
        </span>
        <fieldset className="segments" aria-label={words.views}>
          {([false, true] as const).map((raw) => (
            <button
              key={String(raw)}
              type="button"
              className="btn btn--s"
              aria-pressed={isRaw === raw}
              onClick={() => setIsRaw(raw)}
            >
              {raw ? words.raw : words.tree}
            </button>
          ))}
        </fieldset>
      </div>
      {isRaw ? (
        <RawText text={text} label={label} />
      ) : (
        <JsonTree
          rows={rows}
          label={label}
          matches={matches}
          selected={current?.node.id ?? ''}
          onSelect={setSelected}
          onFold={(each, isFolded) => {
            const next = new Set(folded);
            if (isFolded) next.add(each);
            else next.delete(each);
            setFolded(next);
          }}
        />
      )}
      <div className="jsonview-bar jsonview-foot">
        {isRaw || current === undefined ? (
          <button type="button" className="btn btn--s" onClick={() => void copy(text)}>
            {words.copyAll}
          </button>
        ) : (
          <>
            <code className="quiet">{current.node.pointer || words.whole}</code>
            <button
              type="button"
              className="btn btn--s"
              onClick={() =>
                void copy(
                  current.node.kind === 'object' || current.node.kind === 'array'
                    ? indentJson(current.node)
                    : copyText(current.node),
                )
              }
            >
              {words.copyValue}
            </button>
            <button type="button" className="btn btn--s" onClick={() => void copy(current.node.pointer)}>
              {words.copyPath}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

/** Exactly what came. */
function RawText({ text, label }: { text: string; label: string }) {
  return (
    <section aria-label={fill(jsonTexts.tree.rawLabel, { label })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="codeblock" tabIndex={0} dir="ltr">
        {text}
      </pre>
    </section>
  );
}
