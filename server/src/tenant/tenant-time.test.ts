import { expect, it } from 'vitest';
import { createMovableClock } from '../clock.ts';
import { createMemoryStore } from './memory-store.ts';
import { TenantTime } from './tenant-time.ts';

it('moves by exactly what was asked for, also while the clock underneath runs', async () => {
  let nowMs = 0;
  const clock = createMovableClock({
    now: () => {
      nowMs += 1;
      return nowMs;
    },
    setAlarm: () => () => undefined,
  });
  const time = await TenantTime.open(clock, createMemoryStore(clock));
  await time.advance(60_000);
  expect(time.offsetMs).toBe(60_000);
  await time.advance(0);
  expect(time.offsetMs).toBe(60_000);
});
