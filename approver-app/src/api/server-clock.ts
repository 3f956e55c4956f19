// The server's time. Countdowns and signatures use it, so a device whose clock is wrong can still answer in time.

export interface ServerClock {
  /** Milliseconds since the epoch, as the server counts them. */
  nowMs(): number;
  /** Learns from a body that states the server's time: `now` of the inbox and of the `ready` event. */
  learn(now: string): void;
  /** Learns from a `Date` header, which has whole seconds only and therefore never replaces a better reading. */
  learnFromHeader(response: Response): void;
}

/** @param deviceNowMs the device's clock; right or wrong, it must only run evenly */
export function createServerClock(deviceNowMs: () => number = Date.now): ServerClock {
  let offsetMs = 0;
  let isExact = false;
  return {
    nowMs: () => deviceNowMs() + offsetMs,
    learn(now) {
      offsetMs = Date.parse(now) - deviceNowMs();
      isExact = true;
    },
    learnFromHeader(response) {
      const date = response.headers.get('date');
      if (isExact || date === null) return;
      offsetMs = Date.parse(date) + 500 - deviceNowMs();
    },
  };
}
