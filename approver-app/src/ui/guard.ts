// Decisions ignore taps and keys for half a second after the screen appears or changes, so that a tap meant for what was
// there before cannot decide what is there now.
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';

/** `--guard` of the design tokens; reduced motion leaves it alone, since it is safety and not motion. */
function guardMs(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--guard'));
}

/**
 * @param appearance describes what the reader has before them; any change starts the half second again
 * @returns whether input must still be ignored
 */
export function useGuard(appearance: string): () => boolean {
  const changedAtMs = useRef(Number.POSITIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the appearance is the trigger, not an input
  useLayoutEffect(() => {
    changedAtMs.current = performance.now();
  }, [appearance]);
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') changedAtMs.current = performance.now();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, []);
  return useCallback(() => performance.now() - changedAtMs.current < guardMs(), []);
}
