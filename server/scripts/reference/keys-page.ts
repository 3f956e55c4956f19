// docs/reference/keys.md: the shortcuts of the three pages, from the lists that drive them. The lists are read at run time: the program
// of the pages is no part of the server's.
import { z } from 'zod';
import { formatTable } from './schema-tables.ts';

const PAGES = new URL('../../../approver-app/src/', import.meta.url);

const entriesSchema = z.array(z.object({ keys: z.string(), text: z.string() }));
const sequenceSchema = z.object({ sequenceKeys: entriesSchema, guessKeys: entriesSchema });
const consoleSchema = z.object({ consoleKeys: entriesSchema, builtInKeys: entriesSchema });
const phoneEntriesSchema = z.array(z.object({ shown: z.string(), text: z.string() }));
const phoneSchema = z.object({ shortcuts: phoneEntriesSchema, builtInKeys: phoneEntriesSchema });

type Entry = z.output<typeof entriesSchema>[number];

export async function writeKeysPage(): Promise<string> {
  const sequence = sequenceSchema.parse(await read('sequence/keys.ts'));
  const desk = consoleSchema.parse(await read('console/frame/console-keys.ts'));
  const phone = phoneSchema.parse(await read('shortcut-list.ts'));
  return [
    '# Keys',
    '',
    'Everything can be done by keyboard alone. Beside Tab, Enter and the arrows there are these; `?` shows them on each page. Two',
    'letters are pressed one after the other. Letters act only where nobody types and no dialog is open; the settings of the console, and',
    'those of the approver app, turn them off.',
    '',
    '## Sequence view',
    '',
    tableOf(sequence.sequenceKeys),
    '',
    'While the class guesses what comes next, these stand over the others:',
    '',
    tableOf(sequence.guessKeys),
    '',
    '## Console',
    '',
    tableOf([...desk.consoleKeys, ...desk.builtInKeys]),
    '',
    '## Approver app',
    '',
    tableOf([...phone.shortcuts, ...phone.builtInKeys].map(({ shown, text }) => ({ keys: shown, text }))),
  ].join('\n');
}

async function read(path: string): Promise<unknown> {
  return await import(new URL(path, PAGES).href);
}

function tableOf(entries: readonly Entry[]): string {
  return formatTable(
    ['Key', 'Does'],
    entries.map(({ keys, text }) => [shownOf(keys), text]),
  );
}

/** `g c` are two keys; `mod+k` is one with Ctrl, or with the command key of a Mac. */
function shownOf(keys: string): string {
  return keys
    .split(' ')
    .map(
      (key) =>
        `<kbd>${key.replace('mod+k', 'Ctrl/⌘ K').replace(/^[a-z]/, (letter) => letter.toUpperCase())}</kbd>`,
    )
    .join(' ');
}
