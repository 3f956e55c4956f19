// Instants and durations as text, dates in the order of the device. Hours are counted to 24 everywhere: beside each other stand the
// times of the trace, of terminals and of other devices. Pure.
import { language } from '../texts/shared.ts';

const HOURS = { hourCycle: 'h23' } as const;

/** 12:04. */
export function clockTime(instant: string | number): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', ...HOURS }).format(
    new Date(instant),
  );
}

/** 12:04:38. */
export function exactTime(instant: string | number): string {
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...HOURS,
  }).format(new Date(instant));
}

/** 12:04 on the same day, otherwise with the date. */
export function dayTime(instant: string, nowMs: number): string {
  const isToday = new Date(instant).toDateString() === new Date(nowMs).toDateString();
  return isToday
    ? clockTime(instant)
    : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', ...HOURS }).format(
        new Date(instant),
      );
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "6 seconds ago", "now". */
export function ago(instant: string, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(instant)) / 1000));
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? UNITS[3];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
}

/** "in 4 minutes", "2 hours ago", "now". Rounded down, so that nothing is further away than it is. */
export function distanceFrom(instantMs: number, nowMs: number): string {
  const seconds = Math.round((instantMs - nowMs) / 1000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS[3];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

/** "5 minutes", "2 hours 30 minutes"; nothing is shorter than a second. */
export function duration(ms: number): string {
  let rest = Math.max(1, Math.round(ms / 1000));
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) {
      parts.push(
        new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(amount),
      );
    }
  }
  return parts.slice(0, 2).join(' ');
}

/** 4:34, or 1:04:34 from an hour on. Rounded up, so that 0:00 means that the time is over. */
export function countdownText(leftMs: number): string {
  const total = Math.max(0, Math.ceil(leftMs / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}
