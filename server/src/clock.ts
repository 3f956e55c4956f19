// Time is a port: the system's, or one that a test moves by hand. Whoever sets an alarm owns it and cancels it.

/** A source of time and alarms. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `ring` once `now()` has reached `atMs`, never before. The returned function cancels. */
  setAlarm(atMs: number, ring: () => void): () => void;
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
      wait();
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
  const alarms = new Set<{ atMs: number; ring: () => void }>();
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
