// What each page of the console shows.
import type { ComponentType } from 'react';
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
import { PAGE_LIST, type PagePath } from './page-list.ts';

export interface PageProps {
  /** What of the page is open: a request, a person. */
  item: string | undefined;
}

const SHOWN: Readonly<Record<PagePath, ComponentType<PageProps>>> = {
  requests: RequestsPage,
  people: PeoplePage,
  clients: ClientsPage,
  apis: ApisPage,
  channels: ChannelsPage,
  mailbox: MailboxPage,
  devices: DevicesPage,
  events: EventsPage,
  lessons: LessonsPage,
  settings: SettingsPage,
};

const [first, ...others] = PAGE_LIST.map((page) => ({ ...page, Page: SHOWN[page.path] }));
if (first === undefined) throw new Error('The console has no page.');

/** In the order of the navigation. The first one is shown where the address names none. */
export const PAGES = [first, ...others] as const;
