// Where the reader is. The address is the only state: every screen can be reloaded, shared and gone back from.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

export type Route = { screen: 'inbox' } | { screen: 'request'; id: string } | { screen: 'settings' };

const BASE = import.meta.env.BASE_URL;

function pathOf(route: Route): string {
  switch (route.screen) {
    case 'inbox':
      return BASE;
    case 'request':
      return `${BASE}requests/${encodeURIComponent(route.id)}`;
    case 'settings':
      return `${BASE}settings`;
  }
}

/** An unknown address shows the inbox: nothing is lost there, and nothing is decided. */
function routeOf(pathname: string): Route {
  const rest = pathname.slice(BASE.length);
  const id = /^requests\/([\w-]+)$/.exec(rest)?.[1];
  if (id !== undefined) return { screen: 'request', id };
  if (rest === 'settings') return { screen: 'settings' };
  return { screen: 'inbox' };
}

export function navigate(route: Route): void {
  window.history.pushState(null, '', pathOf(route));
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
