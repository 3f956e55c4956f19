// The one list of shortcuts: it drives the keys and the help. Letters act only when no field has focus and no sheet is open.
import { useEffect, useRef } from 'react';
import { texts } from './texts/phone.ts';
import { useLetterShortcuts } from './ui/preferences.ts';

export const shortcuts = [
  { id: 'next', key: 'j', shown: 'J', text: texts.shortcuts.next },
  { id: 'previous', key: 'k', shown: 'K', text: texts.shortcuts.previous },
  { id: 'approve', key: 'a', shown: 'A', text: texts.shortcuts.approve },
  { id: 'deny', key: 'd', shown: 'D', text: texts.shortcuts.deny },
  { id: 'help', key: '?', shown: '?', text: texts.shortcuts.help },
] as const;

/** Keys that the browser and the dialogs bring along; listed, so that the help is complete. */
export const builtInKeys = [
  { id: 'open', shown: 'Enter', text: texts.shortcuts.open },
  { id: 'escape', shown: 'Esc', text: texts.shortcuts.escape },
] as const;

type ShortcutId = (typeof shortcuts)[number]['id'];

export type ShortcutActions = Partial<Record<ShortcutId, () => void>>;

export function useShortcuts(actions: ShortcutActions): void {
  const [isOn] = useLetterShortcuts();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      // A key that is held down repeats; one press must never count twice.
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector('dialog[open], [role="dialog"]') !== null) return;
      const pressed = event.key.toLowerCase();
      const shortcut = shortcuts.find(({ key }) => key === pressed);
      const act = shortcut && latest.current[shortcut.id];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isOn]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
