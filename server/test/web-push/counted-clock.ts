// A clock that is moved by hand and knows which alarms are still set.
import { createManualClock, type ManualClock } from '../../src/clock.ts';

export interface CountedClock extends ManualClock {
  /** Alarms that have neither rung nor been cancelled. */
  readonly alarms: number;
}

export function createCountedClock(startMs: number): CountedClock {
  const clock = createManualClock(startMs);
  const alarms = new Set<symbol>();
  return {
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    get alarms() {
      return alarms.size;
    },
    setAlarm(atMs, ring) {
      const alarm = Symbol('alarm');
      alarms.add(alarm);
      const cancel = clock.setAlarm(atMs, () => {
        alarms.delete(alarm);
        ring();
      });
      return () => {
        alarms.delete(alarm);
        cancel();
      };
    },
  };
}
