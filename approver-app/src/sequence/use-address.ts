// The state of the view lives in the address: going back in the browser goes back in the reading. A story from a file has no address
// that would lead to it, so what is shown of it is remembered by the page alone.
import { useCallback, useState, useSyncExternalStore } from 'react';
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
export function useAddress(isInAddress: boolean): [ViewAddress, (next: ViewAddress) => void] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const [own, setOwn] = useState<ViewAddress>({ run: undefined, selection: undefined });
  const go = useCallback(
    (next: ViewAddress) => {
      if (!isInAddress) {
        setOwn(next);
        return;
      }
      const before = readAddress(window.location.search);
      const address = window.location.pathname + writeAddress(next);
      if (before.run === next.run) window.history.replaceState(null, '', address);
      else window.history.pushState(null, '', address);
      window.dispatchEvent(new Event(CHANGED));
    },
    [isInAddress],
  );
  return [isInAddress ? readAddress(search) : own, go];
}
