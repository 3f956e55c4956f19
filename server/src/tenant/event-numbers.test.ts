import { expect, test } from 'vitest';
import { createManualClock } from '../clock.ts';
import { EventLog } from '../trace/index.ts';
import { EventNumbers } from './event-numbers.ts';
import { createMemoryStore } from './memory-store.ts';

test('a later process begins above every number of an earlier one, however many that used', async () => {
  const clock = createManualClock(0);
  const store = createMemoryStore(clock);
  let last = 0;
  for (const events of [0, 1, 499, 500, 501, 1_000, 3_700]) {
    const numbers = await EventNumbers.open(store);
    expect(numbers.first).toBeGreaterThan(last);
    const log = new EventLog({ clock, firstNumber: numbers.first });
    numbers.follow(log);
    for (let n = 0; n < events; n++) {
      log.append({ type: 'request.expired', approval: 'apr_1', name: 'r1' });
      // Reserving is asynchronous, as are the requests that events are about.
      if (n % 400 === 0) await new Promise(setImmediate);
    }
    last = Math.max(last, log.lastNumber);
  }
});

test('a reader is told whether it has missed something', () => {
  const log = new EventLog({ clock: createManualClock(0), firstNumber: 1_001, mostEvents: 2 });
  expect([5, 999, 1_000, 1_001].map((number) => log.isCompleteAfter(number))).toEqual([
    false,
    false,
    true,
    false,
  ]);
  for (const _ of [1, 2, 3]) log.append({ type: 'request.expired', approval: 'apr_1', name: 'r1' });
  expect([1_000, 1_001, 1_003, 1_004].map((number) => log.isCompleteAfter(number))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
