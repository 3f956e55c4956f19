// Time is a port: the system's, one that a test moves by hand, or one that runs and can be put forward. Whoever sets an alarm
// owns it and cancels it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { warnOfFailure } from './warnings.ts';

/**
 * A timer keeps what was going on when it was set, until it rings: within a request that is the request, its answer and all that was
 * made for them. An alarm belongs to nobody's request.
 */
const outsideOfRequests = AsyncLocalStorage.snapshot();

/** A source of time and alarms. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Calls `ring` once `now()` has reached `atMs`, never before. The returned function cancels. A promise that `ring` gives
   * never rejects; whoever puts the clock forward waits for it.
   */
  setAlarm(atMs: number, ring: () => unknown): () => void;
}

// setTimeout takes a signed 32-bit delay; a longer one would ring at once.
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The computer's clock. Its alarms never keep the process alive. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    setAlarm(atMs, ring) {
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        const delayMs = Math.max(0, atMs - Date.now());
        timer = setTimeout(
          () => (Date.now() >= atMs ? ring() : wait()),
          Math.min(delayMs, LONGEST_TIMEOUT_MS),
        );
        timer.unref();
      };
      outsideOfRequests(wait);
      return () => clearTimeout(timer);
    },
  };
}

/** A clock that stands still until `advance` or `moveTo` is called; alarms ring in order of their time. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** @param startMs first instant, in milliseconds since the epoch */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const alarms = new Set<{ atMs: number; ring: () => unknown }>();
  return {
    now: () => nowMs,
    setAlarm(atMs, ring) {
      const alarm = { atMs, ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    advance(ms) {
      const targetMs = nowMs + ms;
      for (;;) {
        const [next] = [...alarms].filter((a) => a.atMs <= targetMs).sort((a, b) => a.atMs - b.atMs);
        if (!next) break;
        alarms.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.ring();
      }
      nowMs = targetMs;
    },
  };
}

/** A clock that runs, or stands, as the one underneath does, and can be put forward. */
export interface MovableClock extends Clock {
  /** The clock underneath. Sockets, callers who wait and other programs go by it. */
  readonly base: Clock;
  /** How far this clock has been put ahead of `base`, in milliseconds. */
  readonly offsetMs: number;
  /** Whole seconds by which this clock is ahead of the computer's. */
  leadSeconds(): number;
  /** Of the times that this clock and `base` show, the one nearer to `atMs`: by which of the two somebody goes. */
  nearestNow(atMs: number): number;
  /** Takes an offset up again. Before the first alarm is set. */
  startAhead(offsetMs: number): void;
  /**
   * Puts the clock forward by exactly so much. Every alarm that falls due rings at its own instant, in order, and what it
   * gave has settled before the next one rings. Moves that overlap follow one another.
   */
  putForward(byMs: number): Promise<void>;
}

interface MovableAlarm {
  atMs: number;
  ring: () => unknown;
  cancel: () => void;
}

/** @param base undefined: the computer's clock */
export function createMovableClock(base?: Clock): MovableClock {
  const underneath = base ?? createSystemClock();
  const alarms = new Set<MovableAlarm>();
  let offsetMs = 0;
  let moving = Promise.resolve();
  const now = (): number => underneath.now() + offsetMs;

  const schedule = (alarm: MovableAlarm): void => {
    alarm.cancel = underneath.setAlarm(alarm.atMs - offsetMs, () => {
      alarms.delete(alarm);
      return alarm.ring();
    });
  };
  /** During a leap, all alarms: the first to ring stands last. Those that were cancelled meanwhile may still be among them. */
  let waiting: MovableAlarm[] | undefined;
  const takeFirstUntil = (toMs: number): MovableAlarm | undefined => {
    for (let first = waiting?.at(-1); first !== undefined; first = waiting?.at(-1)) {
      if (alarms.has(first) && first.atMs > toMs) return undefined;
      waiting?.pop();
      if (alarms.delete(first)) return first;
    }
    return undefined;
  };
  const leap = async (byMs: number): Promise<void> => {
    const targetMs = offsetMs + byMs;
    // Meanwhile the clock underneath goes on.
    const takeFirstDue = () => takeFirstUntil(underneath.now() + targetMs);
    // Of several at one instant the one that was set first.
    waiting = [...alarms].sort((a, b) => a.atMs - b.atMs).reverse();
    for (let alarm = takeFirstDue(); alarm !== undefined; alarm = takeFirstDue()) {
      alarm.cancel();
      offsetMs = Math.min(targetMs, Math.max(offsetMs, alarm.atMs - underneath.now()));
      try {
        await alarm.ring();
      } catch (cause) {
        // Time goes on, whatever becomes of one alarm.
        warnOfFailure(`an alarm of ${new Date(alarm.atMs).toISOString()} failed`, cause);
      }
    }
    waiting = undefined;
    offsetMs = targetMs;
    for (const alarm of alarms) {
      alarm.cancel();
      schedule(alarm);
    }
  };

  return {
    base: underneath,
    now,
    setAlarm(atMs, ring) {
      const alarm: MovableAlarm = { atMs, ring, cancel: () => {} };
      alarms.add(alarm);
      if (waiting) insertInOrder(waiting, alarm);
      schedule(alarm);
      return () => {
        alarm.cancel();
        alarms.delete(alarm);
      };
    },
    get offsetMs() {
      return offsetMs;
    },
    leadSeconds() {
      // Exact for the computer's own clock; between any two, as many seconds as their faces differ by.
      if (base === undefined) return Math.floor(offsetMs / 1000);
      return Math.floor(now() / 1000) - Math.floor(Date.now() / 1000);
    },
    nearestNow(atMs) {
      const [own, other] = [now(), underneath.now()];
      return Math.abs(own - atMs) <= Math.abs(other - atMs) ? own : other;
    },
    startAhead(ms) {
      offsetMs = ms;
    },
    putForward(byMs) {
      moving = moving.then(() => leap(byMs));
      return moving;
    },
  };
}

/** Keeps the first to ring last; behind those of the same instant, which were set before. */
function insertInOrder(alarms: MovableAlarm[], alarm: MovableAlarm): void {
  let [low, high] = [0, alarms.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((alarms[middle]?.atMs ?? 0) > alarm.atMs) low = middle + 1;
    else high = middle;
  }
  alarms.splice(low, 0, alarm);
}
