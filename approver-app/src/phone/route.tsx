// Where the reader is. The address is the only state: every screen can be reloaded, shared and gone back from.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

/** Screens with an address of their own, beside the inbox and the requests. */
const PLACES = {
  settings: 'settings',
  notifications: 'notifications',
  devices: 'devices',
  'pair-phone': 'devices/pair',
  mailbox: 'mailbox',
} as const;
type Place = keyof typeof PLACES;

export type Route =
  | { screen: 'inbox' }
  | { screen: 'request'; id: string }
  | { screen: 'mail'; id: string }
  | { screen: Place };

const BASE = import.meta.env.BASE_URL;

function pathOf(route: Route): string {
  switch (route.screen) {
    case 'inbox':
      return BASE;
    case 'request':
      return `${BASE}requests/${encodeURIComponent(route.id)}`;
    case 'mail':
      return `${BASE}mailbox/${encodeURIComponent(route.id)}`;
    default:
      return BASE + PLACES[route.screen];
  }
}

/** An unknown address shows the inbox: nothing is lost there, and nothing is decided. */
function routeOf(pathname: string): Route {
  const rest = pathname.slice(BASE.length);
  const [, kind, id] = /^(requests|mailbox)\/([\w-]+)$/.exec(rest) ?? [];
  if (id !== undefined) return { screen: kind === 'mailbox' ? 'mail' : 'request', id };
  const place = Object.entries(PLACES).find(([, path]) => path === rest)?.[0];
  return { screen: isPlace(place) ? place : 'inbox' };
}

function isPlace(name: string | undefined): name is Place {
  return name !== undefined && Object.hasOwn(PLACES, name);
}

export function navigate(route: Route): void {
  openPath(pathOf(route));
}

/** For an address that comes from elsewhere, such as a notification. */
export function openPath(path: string): void {
  if (path !== window.location.pathname) window.history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => window.location.pathname));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { to: Route };

/** A real link: it opens in a new tab, and shows its address. */
export function Link({ to, children, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a {...rest} href={pathOf(to)} onClick={onClick}>
      {children}
    </a>
  );
}
