// The one list of shortcuts of the console: it drives the keys and the help.
import { type KeyActions, type KeyEntry, useKeys } from '../../desk/keys.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { PAGES } from './pages.ts';

const { keys } = consoleTexts;

type KeyId =
  | 'search'
  | 'next'
  | 'previous'
  | 'back'
  | 'curl'
  | 'help'
  | 'palette'
  | 'sequence'
  | `page:${string}`;

export const consoleKeys: ReadonlyArray<KeyEntry<KeyId>> = [
  { id: 'search', keys: '/', text: keys.search },
  { id: 'next', keys: 'j', text: keys.next },
  { id: 'previous', keys: 'k', text: keys.previous },
  { id: 'back', keys: 'escape', text: keys.back },
  { id: 'curl', keys: 'c', text: keys.curl },
  { id: 'palette', keys: 'mod+k', text: keys.palette },
  { id: 'help', keys: '?', text: keys.help },
  { id: 'sequence', keys: 'g s', text: keys.sequence },
  ...PAGES.map(
    ({ path, letter, title }): KeyEntry<KeyId> => ({
      id: `page:${path}`,
      keys: `g ${letter}`,
      text: fill(keys.page, { page: title }),
    }),
  ),
];

/** Keys of the browser; listed, so that the help is complete. */
export const builtInKeys: ReadonlyArray<{ keys: string; text: string }> = [
  { keys: 'Enter', text: keys.open },
];

export function useConsoleKeys(actions: KeyActions<KeyId>): void {
  useKeys(consoleKeys, actions);
}
