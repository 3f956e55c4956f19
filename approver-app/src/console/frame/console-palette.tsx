// What the palette of the console offers: every page, the other two apps, the newest requests, the people, and a few commands.
import { peopleSchema } from 'assent/contract';
import { Palette, type PaletteEntry } from '../../desk/palette.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { THEMES, useTheme } from '../../ui/preferences.ts';
import { fill } from '../../ui/prose.tsx';
import { navigate } from '../address.tsx';
import { useRequests, useResource } from '../session/session-context.tsx';
import { PAGES } from './pages.ts';

const { palette, settings } = consoleTexts;
/** Older ones are found by the filter of their page. */
const MOST_REQUESTS = 300;

export function ConsolePalette({ onClose, onHelp }: { onClose(): void; onHelp(): void }) {
  const { all = [] } = useRequests();
  const people = useResource('/approver/people', peopleSchema).value?.people ?? [];
  const [, setTheme] = useTheme();
  const entries: PaletteEntry[] = [
    ...PAGES.map(({ path, title, icon }) => ({
      key: `page ${path}`,
      icon,
      text: title,
      act: () => navigate({ page: path }),
    })),
    {
      key: 'sequence',
      icon: 'sequence',
      text: palette.sequence,
      act: () => window.location.assign('/sequence'),
    },
    {
      key: 'approver',
      icon: 'phone',
      text: palette.approver,
      act: () => window.location.assign('/approve/'),
    },
    { key: 'keys', icon: 'terminal', text: palette.keys, act: onHelp },
    ...THEMES.map(
      (theme): PaletteEntry => ({
        key: `theme ${theme}`,
        icon: 'sliders',
        text: fill(palette.theme, { theme: settings.themes[theme] }),
        act: () => setTheme(theme),
      }),
    ),
    ...all.slice(0, MOST_REQUESTS).map(
      ({ name, client, consent }): PaletteEntry => ({
        key: `request ${name}`,
        icon: 'list',
        text: `${name} ${consent.summary}`,
        note: client.name,
        act: () => navigate({ page: 'requests', item: name }),
      }),
    ),
    ...people.map(
      ({ user_id: id, name, email }): PaletteEntry => ({
        key: `person ${id}`,
        icon: 'person',
        text: name,
        note: email ?? id,
        act: () => navigate({ page: 'people', item: id }),
      }),
    ),
  ];
  return <Palette entries={entries} onClose={onClose} />;
}
