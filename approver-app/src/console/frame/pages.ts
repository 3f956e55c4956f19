// The one table of pages: what the navigation, the addresses, the palette and the letter shortcuts are made of. A new page is a new
// row.
import type { ComponentType } from 'react';
import type { DeskIconName } from '../../desk/desk-icons.tsx';
import { consoleTexts } from '../../texts/console.ts';
import { lessonTexts } from '../../texts/lessons.ts';
import { EventsPage } from '../events/events-page.tsx';
import { LessonsPage } from '../lessons/lessons-page.tsx';
import { MailboxPage } from '../mailbox/mailbox-page.tsx';
import { DevicesPage } from '../people/devices-page.tsx';
import { PeoplePage } from '../people/people-page.tsx';
import { RequestsPage } from '../requests/requests-page.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';
import { ApisPage } from '../tenant/apis/apis-page.tsx';
import { ChannelsPage } from '../tenant/channels/channels-page.tsx';
import { ClientsPage } from '../tenant/clients/clients-page.tsx';

export interface PageProps {
  /** What of the page is open: a request, a person. */
  item: string | undefined;
}

export interface ConsolePage {
  /** First part of the address. */
  path: string;
  title: string;
  icon: DeskIconName;
  /** Behind `g`. One letter for each page; `s` is the sequence view. */
  letter: string;
  Page: ComponentType<PageProps>;
}

const { pages } = consoleTexts;

/** In the order of the navigation. The first one is shown where the address names none. */
export const PAGES: readonly [ConsolePage, ...ConsolePage[]] = [
  { path: 'requests', title: pages.requests, icon: 'list', letter: 'r', Page: RequestsPage },
  { path: 'people', title: pages.people, icon: 'person', letter: 'p', Page: PeoplePage },
  { path: 'clients', title: pages.clients, icon: 'window', letter: 'c', Page: ClientsPage },
  { path: 'apis', title: pages.apis, icon: 'code', letter: 'a', Page: ApisPage },
  { path: 'channels', title: pages.channels, icon: 'bell', letter: 'f', Page: ChannelsPage },
  { path: 'mailbox', title: pages.mailbox, icon: 'mail', letter: 'm', Page: MailboxPage },
  { path: 'devices', title: pages.devices, icon: 'phone', letter: 'd', Page: DevicesPage },
  { path: 'events', title: pages.events, icon: 'pulse', letter: 'e', Page: EventsPage },
  { path: 'lessons', title: lessonTexts.title, icon: 'lesson', letter: 'l', Page: LessonsPage },
  { path: 'settings', title: pages.settings, icon: 'sliders', letter: 't', Page: SettingsPage },
];
