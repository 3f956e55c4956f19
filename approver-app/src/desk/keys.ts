// Shortcuts of a developer's pages: single letters, two in a row (`g r`), and Ctrl K. Each page has one list, which drives the keys,
// the help and the palette. Letters act only where nobody types and no dialog is open.
import { useEffect, useRef } from 'react';
import { useLetterShortcuts } from '../ui/preferences.ts';

export interface KeyEntry<Id extends string> {
  id: Id;
  /** `j`, `g r`, `/`, `mod+k`. */
  keys: string;
  text: string;
}

export type KeyActions<Id extends string> = Partial<Record<Id, () => void>>;

/** The second key may follow the first one this much later. */
const SEQUENCE_MS = 1_500;

export function useKeys<Id extends string>(
  entries: ReadonlyArray<KeyEntry<Id>>,
  actions: KeyActions<Id>,
): void {
  const [lettersAreOn] = useLetterShortcuts();
  const latest = useRef(actions);
  const first = useRef<{ key: string; atMs: number }>(undefined);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.repeat || event.altKey || event.defaultPrevented) return;
      const isModified = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (isModified) {
        const entry = entries.find(({ keys }) => keys === `mod+${key}`);
        act(entry, event);
        return;
      }
      if (!lettersAreOn || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const before = first.current;
      first.current = undefined;
      const isSecond = before !== undefined && event.timeStamp - before.atMs < SEQUENCE_MS;
      const keys = isSecond ? `${before.key} ${key}` : key;
      const entry = entries.find((one) => one.keys === keys);
      if (entry === undefined && entries.some((one) => one.keys.startsWith(`${keys} `)))
        first.current = { key, atMs: event.timeStamp };
      act(entry, event);
    };
    const act = (entry: KeyEntry<Id> | undefined, event: KeyboardEvent): void => {
      const action = entry && latest.current[entry.id];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [entries, lettersAreOn]);
}

/** `⌘ K` where there is such a key. */
export function shownKeys(keys: string): string[] {
  const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
  return keys
    .split(' ')
    .flatMap((key) => key.split('+'))
    .map((key) => (key === 'mod' ? mod : `${key.charAt(0).toUpperCase()}${key.slice(1)}`));
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
