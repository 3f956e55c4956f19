// The keys with a name, which move and play. They are no letters, so they stay on where letter shortcuts are turned off, and they
// may be held down. What moves by itself, such as tabs and lists to choose from, keeps them.
import { useEffect, useRef } from 'react';
import type { SequenceKey } from './keys.ts';

type MovingKey = Extract<SequenceKey, 'next' | 'previous' | 'first' | 'last' | 'play'>;

const KEYS: Readonly<Record<string, MovingKey>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  Home: 'first',
  End: 'last',
  ' ': 'play',
};
/** Only within the list: elsewhere they scroll. */
const LIST_KEYS: Readonly<Record<string, MovingKey>> = { ArrowDown: 'next', ArrowUp: 'previous' };
const MOVES_BY_ITSELF =
  'input, textarea, select, summary, [contenteditable], dialog, [role="tab"], [role="radio"], [role="treeitem"], [role="menuitem"]';

export function useMovingKeys(actions: Readonly<Record<MovingKey, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (target?.closest(MOVES_BY_ITSELF) || document.querySelector('dialog[open]') !== null) return;
      // A button is pressed by Space.
      if (event.key === ' ' && (event.repeat || target?.closest('button'))) return;
      const isInList = target?.closest('ol') !== null && target?.closest('ol') !== undefined;
      const action = KEYS[event.key] ?? (isInList ? LIST_KEYS[event.key] : undefined);
      if (action === undefined) return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
