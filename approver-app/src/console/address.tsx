// Where the reader is: /console/{page}/{item}?q=… The address is the only state, so that every view can be reloaded, shared and
// gone back from. What an item is, its page knows; it may hold any character.
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from 'react';

const BASE = '/console';

export interface Address {
  /** Path of a page, as the table of pages has it. Empty: the first one. */
  page: string;
  item?: string | undefined;
  query?: Readonly<Record<string, string>> | undefined;
}

export function pathOf({ page, item, query = {} }: Address): string {
  const parameters = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const path = [BASE, page, ...(item === undefined ? [] : [encodeURIComponent(item)])].join('/');
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

export function addressOf(pathname: string, search: string): Address {
  const [, page = '', item] = /^\/console\/?([^/]*)\/?([^/]*)$/.exec(pathname) ?? [];
  return {
    page,
    item: item === undefined || item === '' ? undefined : decode(item),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
}

/** An address that somebody cut short is still an address. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function navigate(address: Address, options: { replace?: boolean } = {}): void {
  const path = pathOf(withLesson(address));
  if (path === window.location.pathname + window.location.search) return;
  if (options.replace) window.history.replaceState(null, '', path);
  else window.history.pushState(null, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** The way back to a lesson goes along, until the reader is there. */
function withLesson(address: Address): Address {
  const { lesson } = currentAddress().query ?? {};
  if (lesson === undefined || address.page === 'lessons') return address;
  return { ...address, query: { lesson, ...address.query } };
}

export function useAddress(): Address {
  const text = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  return useMemo(() => {
    const { pathname, search } = new URL(text, window.location.origin);
    return addressOf(pathname, search);
  }, [text]);
}

/** Where the reader is right now, for what runs later than a drawing of the page. */
export function currentAddress(): Address {
  return addressOf(window.location.pathname, window.location.search);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & { to: Address };

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
