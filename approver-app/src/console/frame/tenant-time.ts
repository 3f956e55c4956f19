// The tenant's time as a React value, and ages in the words of a list.
import { useEffect, useState } from 'react';
import { countdownText } from '../../ui/time-text.ts';
import { useSession } from '../session/session-context.tsx';

/** Changes every second, and at once when the time leaps. */
export function useTenantTime(): number {
  const { clock } = useSession().trace;
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => {
    const tick = (): void => setNowMs(clock.nowMs());
    const timer = setInterval(tick, 1000);
    const stop = clock.watch(tick);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [clock]);
  return nowMs;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 0:28, 12 min, 19 h, 3 d. */
export function ageText(sinceMs: number, nowMs: number): string {
  const age = Math.max(0, nowMs - sinceMs);
  if (age < 10 * MINUTE) return countdownText(Math.floor(age / 1000) * 1000);
  if (age < HOUR) return unit(age / MINUTE, 'minute');
  return age < DAY ? unit(age / HOUR, 'hour') : unit(age / DAY, 'day');
}

function unit(amount: number, name: 'minute' | 'hour' | 'day'): string {
  return new Intl.NumberFormat('en', { style: 'unit', unit: name, unitDisplay: 'short' }).format(
    Math.floor(amount),
  );
}
