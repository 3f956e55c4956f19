// What this browser remembers about its reader: appearance, letter shortcuts, an offer that was declined. Stored per browser, applied at once.
import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const THEME_KEY = 'assent.theme';
const LETTERS_KEY = 'assent.letters';
const OFFER_KEY = 'assent.notification-offer';
/** Tells this page; other tabs hear the browser's own `storage` event. */
const CHANGED = 'assent:preferences';

function readTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

/** Called before the first paint and after each change. */
export function applyTheme(): void {
  const theme = readTheme();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, readTheme), (theme) => store(THEME_KEY, theme)];
}

function readLetters(): boolean {
  return localStorage.getItem(LETTERS_KEY) !== 'off';
}

export function useLetterShortcuts(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, readLetters), (on) => store(LETTERS_KEY, on ? 'on' : 'off')];
}

function readOffer(): boolean {
  return localStorage.getItem(OFFER_KEY) !== 'declined';
}

/** Whether notifications may still be offered, and the way to decline them for good. */
export function useNotificationOffer(): [boolean, () => void] {
  return [useSyncExternalStore(subscribe, readOffer), () => store(OFFER_KEY, 'declined')];
}

function store(key: string, value: string): void {
  localStorage.setItem(key, value);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  const onChange = (): void => {
    applyTheme();
    listener();
  };
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}
