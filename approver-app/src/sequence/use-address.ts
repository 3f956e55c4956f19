// The state of the view lives in the address: going back in the browser goes back in the reading.
import { useCallback, useSyncExternalStore } from 'react';
import { readAddress, type ViewAddress, writeAddress } from './address.ts';

const CHANGED = 'assent:sequence-address';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

/** The address, and how to go elsewhere. Another request is a new entry of the history, another step is not. */
export function useAddress(): [ViewAddress, (next: ViewAddress) => void] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const go = useCallback((next: ViewAddress) => {
    const before = readAddress(window.location.search);
    const address = window.location.pathname + writeAddress(next);
    if (before.run === next.run) window.history.replaceState(null, '', address);
    else window.history.pushState(null, '', address);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [readAddress(search), go];
}
