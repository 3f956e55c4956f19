// How much room there is, in units of the text: larger text is less room, as on a smaller screen.
import { useSyncExternalStore } from 'react';

export type Layout = 'list' | 'stacked' | 'beside';

/** Below 700 px of ordinary text the list replaces the diagram; from 1200 px the panel stands beside it. */
const LIST_BELOW_REM = 43.75;
const BESIDE_FROM_REM = 75;

function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

function readLayout(): Layout {
  const rem = window.innerWidth / rootFontSize();
  if (rem < LIST_BELOW_REM) return 'list';
  return rem < BESIDE_FROM_REM ? 'stacked' : 'beside';
}

/** The size of the root's text tells of itself only by the size of something that is measured in it. */
function subscribe(listener: () => void): () => void {
  const probe = document.createElement('div');
  probe.className = 'rem-probe';
  document.body.append(probe);
  const observer = new ResizeObserver(listener);
  observer.observe(probe);
  window.addEventListener('resize', listener);
  return () => {
    observer.disconnect();
    probe.remove();
    window.removeEventListener('resize', listener);
  };
}

export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, readLayout);
}

export function useRootFontSize(): number {
  return useSyncExternalStore(subscribe, rootFontSize);
}
