import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import { createManualClock, createMovableClock, createSystemClock } from './clock.ts';

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

it('putting a clock forward rings what falls due, each at its own instant and after what the one before led to', async () => {
  const base = createManualClock(1_000);
  const clock = createMovableClock(base);
  const story: Array<[string, number]> = [];
  const tell = (what: string): void => void story.push([what, clock.now()]);
  clock.setAlarm(5_000, () => tell('third'));
  clock.setAlarm(2_000, async () => {
    tell('first');
    clock.setAlarm(4_000, () => tell('second, set by the first'));
    await new Promise(setImmediate);
    tell('first has settled');
  });
  clock.setAlarm(9_000, () => tell('not yet'));
  await clock.putForward(5_000);
  expect(story).toEqual([
    ['first', 2_000],
    ['first has settled', 2_000],
    ['second, set by the first', 4_000],
    ['third', 5_000],
  ]);
  expect([clock.now(), clock.offsetMs, base.now()]).toEqual([6_000, 5_000, 1_000]);
  base.advance(3_000);
  expect(story.at(-1)).toEqual(['not yet', 9_000]);
});

it('an alarm that fails does not stop the clock, and neither does another move meanwhile', async () => {
  const warnings: string[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', listen);
  const clock = createMovableClock(createManualClock(0));
  clock.setAlarm(10, () => Promise.reject(new Error('broken')));
  let rung = 0;
  clock.setAlarm(20, () => {
    rung += 1;
  });
  await Promise.all([clock.putForward(15), clock.putForward(15)]);
  await new Promise(setImmediate);
  process.off('warning', listen);
  expect([clock.now(), rung]).toEqual([30, 1]);
  expect(warnings).toEqual([
    expect.stringMatching(/^an alarm of 1970-01-01T00:00:00\.010Z failed: Error: broken\n +at /),
  ]);
});

it('a cancelled alarm does not ring, however far the clock is put forward', async () => {
  const clock = createMovableClock(createManualClock(0));
  let rung = false;
  const cancel = clock.setAlarm(10, () => {
    rung = true;
  });
  clock.setAlarm(5, cancel);
  await clock.putForward(100);
  expect(rung).toBe(false);
});

it('many alarms ring in order, those of one instant as they were set, and those that a ringing one sets among them', async () => {
  const clock = createMovableClock(createManualClock(0));
  const expected: string[] = [];
  const rung: string[] = [];
  for (let index = 0; index < 2_000; index += 1) {
    const atMs = 1_000 + ((index * 7_919) % 500);
    expected.push(`${atMs} ${String(index).padStart(5, '0')}`);
    clock.setAlarm(atMs, () => {
      rung.push(`${atMs} ${String(index).padStart(5, '0')}`);
      if (index % 100 > 0) return;
      const late = `${atMs + 3} 9${String(index).padStart(4, '0')}`;
      expected.push(late);
      clock.setAlarm(atMs + 3, () => rung.push(late));
    });
  }
  const cancel = clock.setAlarm(1_200, () => rung.push('cancelled'));
  clock.setAlarm(1_199, () => cancel());
  await clock.putForward(10_000);
  expect(rung).toEqual(expected.sort());
});

it('an alarm rings outside of whatever was going on when it was set, and keeps nothing of that', async () => {
  const requests = new AsyncLocalStorage<string>();
  const clock = createSystemClock();
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  requests.run('a request', () => clock.setAlarm(clock.now(), () => resolve(requests.getStore())));
  expect(await promise).toBeUndefined();
});
