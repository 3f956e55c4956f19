// Finds a thing or a command by typing a part of its name. After the combobox pattern of the WAI-ARIA practices: focus stays in the
// field, the arrows move the choice.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { deskTexts } from '../texts/desk.ts';
import { DeskDialog } from './desk-dialog.tsx';
import { DeskIcon, type DeskIconName } from './desk-icons.tsx';

export interface PaletteEntry {
  key: string;
  icon: DeskIconName;
  text: string;
  /** A second line, also searched. */
  note?: string | undefined;
  act(): void;
}

interface PaletteProps {
  entries: readonly PaletteEntry[];
  onClose(): void;
}

const MOST_SHOWN = 12;

export function findEntries(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = ({ text, note = '' }: PaletteEntry): string => `${text} ${note}`.toLowerCase();
  const found = entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
  const [first = ''] = words;
  // What begins with the first word is meant before what only has it somewhere.
  const rank = (entry: PaletteEntry): number => (textOf(entry).startsWith(first) ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_SHOWN);
}

export function Palette({ entries, onClose }: PaletteProps) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const found = findEntries(entries, typed);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => field.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is what moves it
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const act = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.act();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((chosen + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      act(found[chosen]);
    }
  };
  return (
    <DeskDialog title={deskTexts.palette.title} onClose={onClose}>
      <input
        ref={field}
        className="inp palette-field"
        type="text"
        role="combobox"
        aria-label={deskTexts.palette.label}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found[chosen] === undefined ? undefined : `${id}-${chosen}`}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        className="palette-list"
        role="listbox"
        id={`${id}-list`}
        aria-label={deskTexts.palette.title}
        ref={list}
      >
        {found.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={entry.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => act(entry)}
          >
            <DeskIcon name={entry.icon} />
            <span>
              {entry.text}
              {entry.note === undefined ? null : <small>{entry.note}</small>}
            </span>
          </div>
        ))}
      </div>
      <p className="quiet" role="status">
        {found.length === 0 ? deskTexts.palette.none : null}
      </p>
    </DeskDialog>
  );
}
