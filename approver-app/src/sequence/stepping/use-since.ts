// Milliseconds since an instant of this page's clock, as a React value that changes once a second while something waits.
import { useEffect, useState } from 'react';

export function useSince(atMs: number, isRunning: boolean): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    setNowMs(performance.now());
    if (!isRunning) return;
    const timer = setInterval(() => setNowMs(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return Math.max(0, nowMs - atMs);
}
