// What the shortcuts do. Letters act only when no field has focus and no sheet is open.
import { useEffect, useRef } from 'react';
import { shortcuts } from './shortcut-list.ts';
import { useLetterShortcuts } from './ui/preferences.ts';

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
