// The server's time. Countdowns and signatures use it, so a device whose clock is wrong can still answer in time. It may be
// put forward on purpose, and this device's may be set, so whoever shows it is told of leaps.

export interface ServerClock {
  /** Milliseconds since the epoch, as the server counts them. */
  nowMs(): number;
  /** Learns from a body that states the server's time: `now` of the inbox, and of the events `ready` and `clock`. */
  learn(now: string): void;
  /** Learns from a `Date` header, which has whole seconds only and so replaces a better reading only if that is wrong. */
  learnFromHeader(response: Response): void;
  /** Calls `listener` when the time has leapt. The returned function stops that. */
  watch(listener: () => void): () => void;
}

/** A header may be so much older than its arrival. */
const HEADER_TOLERANCE_MS = 5_000;
/** What people would notice. */
const LEAP_MS = 500;

/** @param deviceNowMs the device's clock; right or wrong, it must only run evenly */
export function createServerClock(deviceNowMs: () => number = Date.now): ServerClock {
  const listeners = new Set<() => void>();
  let offsetMs = 0;
  let isExact = false;

  function set(serverNowMs: number): void {
    const formerMs = offsetMs;
    offsetMs = serverNowMs - deviceNowMs();
    if (Math.abs(offsetMs - formerMs) >= LEAP_MS) for (const listener of listeners) listener();
  }

  return {
    nowMs: () => deviceNowMs() + offsetMs,
    learn(now) {
      isExact = true;
      set(Date.parse(now));
    },
    learnFromHeader(response) {
      const date = response.headers.get('date');
      if (date === null) return;
      // Between two whole seconds.
      const serverNowMs = Date.parse(date) + 500;
      if (isExact && Math.abs(serverNowMs - deviceNowMs() - offsetMs) < HEADER_TOLERANCE_MS) return;
      isExact = false;
      set(serverNowMs);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
