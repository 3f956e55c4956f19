// The pages of the console in the order of the navigation: what the addresses, the palette, the letter shortcuts and their list in
// docs/reference/keys.md are made of, whose script can read no component. A new page is a new row here, and one in pages.ts.
import type { DeskIconName } from '../../desk/desk-icons.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { lessonTexts } from '../../texts/lessons.ts';

interface ListedPage {
  /** First part of the address. */
  path: string;
  title: string;
  icon: DeskIconName;
  /** Behind `g`. One letter for each page; `s` is the sequence view. */
  letter: string;
}

const { pages } = consoleTexts;

export const PAGE_LIST = [
  { path: 'requests', title: pages.requests, icon: 'list', letter: 'r' },
  { path: 'people', title: pages.people, icon: 'person', letter: 'p' },
  { path: 'clients', title: pages.clients, icon: 'window', letter: 'c' },
  { path: 'apis', title: pages.apis, icon: 'code', letter: 'a' },
  { path: 'channels', title: pages.channels, icon: 'bell', letter: 'f' },
  { path: 'mailbox', title: pages.mailbox, icon: 'mail', letter: 'm' },
  { path: 'devices', title: pages.devices, icon: 'phone', letter: 'd' },
  { path: 'events', title: pages.events, icon: 'pulse', letter: 'e' },
  { path: 'lessons', title: lessonTexts.title, icon: 'lesson', letter: 'l' },
  { path: 'settings', title: pages.settings, icon: 'sliders', letter: 't' },
] as const satisfies readonly ListedPage[];

export type PagePath = (typeof PAGE_LIST)[number]['path'];
