// The one list of shortcuts of the console: it drives the keys, the help and docs/reference/keys.md, whose script can read no component.
import type { KeyEntry } from '../../desk/keys.ts';
import { consoleTexts } from '../../texts/console.ts';
import { PAGE_LIST } from './page-list.ts';

const { keys } = consoleTexts;

export type ConsoleKey =
  | 'search'
  | 'next'
  | 'previous'
  | 'back'
  | 'curl'
  | 'help'
  | 'palette'
  | 'sequence'
  | `page:${string}`;

export const consoleKeys: ReadonlyArray<KeyEntry<ConsoleKey>> = [
  { id: 'search', keys: '/', text: keys.search },
  { id: 'next', keys: 'j', text: keys.next },
  { id: 'previous', keys: 'k', text: keys.previous },
  { id: 'back', keys: 'escape', text: keys.back },
  { id: 'curl', keys: 'c', text: keys.curl },
  { id: 'palette', keys: 'mod+k', text: keys.palette },
  { id: 'help', keys: '?', text: keys.help },
  { id: 'sequence', keys: 'g s', text: keys.sequence },
  ...PAGE_LIST.map(
    ({ path, letter, title }): KeyEntry<ConsoleKey> => ({
      id: `page:${path}`,
      keys: `g ${letter}`,
      text: keys.page.replace('{page}', title),
    }),
  ),
];

/** Keys of the browser; listed, so that the help is complete. */
export const builtInKeys: ReadonlyArray<{ keys: string; text: string }> = [
  { keys: 'Enter', text: keys.open },
];
