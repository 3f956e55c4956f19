// The server's time as a React value that changes once a second, and at once when that time leaps.
import { useEffect, useState } from 'react';
import type { ServerClock } from '../api/server-clock.ts';

/** @param untilMs nothing changes after this instant, so nothing ticks */
export function useTicking(clock: ServerClock, untilMs: number): number {
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = (): void => {
      clearTimeout(timer);
      const current = clock.nowMs();
      setNowMs(current);
      const leftMs = untilMs - current;
      // Wakes just after the displayed second changes, so that the number and the decision agree.
      if (leftMs > 0) timer = setTimeout(tick, leftMs % 1000 || 1000);
    };
    tick();
    const stopWatching = clock.watch(tick);
    return () => {
      stopWatching();
      clearTimeout(timer);
    };
  }, [clock, untilMs]);
  return nowMs;
}
