// Decisions ignore taps and keys for half a second after the screen appears or changes, so that a tap meant for what was
// there before cannot decide what is there now.
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

export interface Guard {
  /** Whether input that arrives now must be ignored. Reads the clock, not the last paint. */
  ignoresInput(): boolean;
  /** The same, as of the last paint. */
  isUp: boolean;
}

/** `--guard` of the design tokens; reduced motion leaves it alone, since it is safety and not motion. */
function guardMs(): number {
  const value = getComputedStyle(document.documentElement).getPropertyValue('--guard').trim();
  // A minifier may write 500ms as .5s. A guard that cannot be read stays up for ever rather than never.
  const [, amount = 'NaN', unit] = /^([\d.]+)(ms|s)$/.exec(value) ?? [];
  return Number(amount) * (unit === 's' ? 1_000 : 1);
}

/** @param appearance describes what the reader has before them; any change starts the half second again */
export function useGuard(appearance: string): Guard {
  const changedAtMs = useRef(Number.POSITIVE_INFINITY);
  const [settled, setSettled] = useState<string>();

  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const raise = (): void => {
      clearTimeout(timer);
      changedAtMs.current = performance.now();
      setSettled(undefined);
      timer = setTimeout(() => setSettled(appearance), guardMs());
    };
    // Coming back from another window is an arrival as well.
    const onVisibilityChange = (): void => {
      if (document.visibilityState === 'visible') raise();
    };
    raise();
    document.addEventListener('visibilitychange', onVisibilityChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibilityChange);
    };
  }, [appearance]);

  const ignoresInput = useCallback(() => !(performance.now() - changedAtMs.current >= guardMs()), []);
  return { ignoresInput, isUp: settled !== appearance };
}
