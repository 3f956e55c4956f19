// The filter of a list: chips that can be taken away, a field to type more, and views that are often wanted. It stands in the address.
import { type FormEvent, useRef, useState } from 'react';
import { consoleTexts } from '../../texts/console.ts';
import { Icon } from '../../ui/icons.tsx';
import { fill, Prose } from '../../ui/prose.tsx';
import { navigate, useAddress } from '../address.tsx';
import { type FilterTerm, readFilter, unknownFields, withoutTerm } from './filter.ts';

const { filter: texts } = consoleTexts;

export interface FilterState {
  /** With what is still being typed. */
  terms: readonly FilterTerm[];
  /** For `FilterBar`. */
  bar: FilterBarProps;
}

interface FilterBarProps {
  committed: readonly FilterTerm[];
  draft: string;
  setDraft(text: string): void;
  setText(text: string): void;
}

/** The filter of this page: what the address says, and what is being typed. */
export function useFilter(): FilterState {
  const { page, item, query } = useAddress();
  const [draft, setDraft] = useState('');
  const text = query?.['q'] ?? '';
  const committed = readFilter(text);
  return {
    terms: [...committed, ...readFilter(draft)],
    bar: {
      committed,
      draft,
      setDraft,
      setText: (q) => navigate({ page, item, query: { ...query, q } }, { replace: true }),
    },
  };
}

interface BarProps extends FilterBarProps {
  /** Names that may stand before a colon. */
  fields: readonly string[];
  /** Views that are often wanted, with the filter that they are. */
  saved: ReadonlyArray<{ label: string; text: string }>;
  label: string;
}

export function FilterBar({ committed, draft, setDraft, setText, fields, saved, label }: BarProps) {
  const text = committed.map((term) => term.text).join(' ');
  const unknown = unknownFields(committed, fields);
  const isGivenUp = useRef(false);
  const commit = (event?: FormEvent): void => {
    event?.preventDefault();
    // Leaving by Escape takes nothing along; the drawing still has what was typed.
    if (isGivenUp.current) return;
    if (draft.trim() === '') return;
    setText(`${text} ${draft.trim()}`.trim());
    setDraft('');
  };
  return (
    <>
      <div className="chips">
        {committed.map((term, index) => (
          <button
            // The same term may be typed twice.
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is what was typed
            key={`${index} ${term.text}`}
            type="button"
            className="chip"
            aria-label={fill(texts.remove, { term: term.text })}
            onClick={() => setText(withoutTerm(committed, term))}
          >
            {term.text}
            <Icon name="deny" />
          </button>
        ))}
        <form className="chip-form" onSubmit={commit}>
          <input
            className="inp"
            data-filter=""
            type="text"
            aria-label={label}
            placeholder={fill(texts.placeholder, { field: fields[0] ?? '' })}
            autoComplete="off"
            spellCheck={false}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={() => commit()}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                setDraft('');
                isGivenUp.current = true;
                event.currentTarget.blur();
                isGivenUp.current = false;
              } else if (event.key === 'Backspace' && draft === '') {
                const last = committed.at(-1);
                if (last !== undefined) setText(withoutTerm(committed, last));
              }
            }}
          />
        </form>
        {saved.map((view) => (
          <button
            key={view.text}
            type="button"
            className="chip chip--saved"
            aria-pressed={text === view.text}
            onClick={() => setText(text === view.text ? '' : view.text)}
          >
            {view.label}
          </button>
        ))}
      </div>
      {unknown.length === 0 ? null : (
        <p className="filter-note" role="status">
          <Prose
            text={texts.unknown}
            values={{ unknown: unknown.join(', '), known: fields.map((field) => `${field}:`).join(' ') }}
          />
        </p>
      )}
    </>
  );
}
