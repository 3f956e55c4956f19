import { expect, it } from 'vitest';
import { createManualClock, createSystemClock } from './clock.ts';

it('a manual clock rings alarms in order of their time, each at its own instant', () => {
  const clock = createManualClock(0);
  const rung: Array<[string, number]> = [];
  clock.setAlarm(200, () => rung.push(['second', clock.now()]));
  clock.setAlarm(100, () => {
    rung.push(['first', clock.now()]);
    clock.setAlarm(150, () => rung.push(['between', clock.now()]));
  });
  clock.advance(1_000);
  expect(rung).toEqual([
    ['first', 100],
    ['between', 150],
    ['second', 200],
  ]);
  expect(clock.now()).toBe(1_000);
});

it('a cancelled alarm does not ring', () => {
  const clock = createManualClock(0);
  let rung = false;
  const cancel = clock.setAlarm(10, () => {
    rung = true;
  });
  cancel();
  clock.advance(20);
  expect(rung).toBe(false);
});

it('the system clock never rings early', async () => {
  const clock = createSystemClock();
  const atMs = clock.now() + 20;
  const rangAtMs = await new Promise<number>((resolve) => {
    clock.setAlarm(atMs, () => resolve(clock.now()));
    // Its alarms do not keep a process alive; this does, as long as the test lasts.
    const alive = setInterval(() => {}, 1_000);
    clock.setAlarm(atMs, () => clearInterval(alive));
  });
  expect(rangAtMs).toBeGreaterThanOrEqual(atMs);
});

it('the system clock takes an alarm beyond the longest timeout of the platform', () => {
  const clock = createSystemClock();
  let rung = false;
  const cancel = clock.setAlarm(clock.now() + 2 ** 40, () => {
    rung = true;
  });
  cancel();
  expect(rung).toBe(false);
});
