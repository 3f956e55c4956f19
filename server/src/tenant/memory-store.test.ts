import { expect, it } from 'vitest';
import { createSystemClock } from '../clock.ts';
import { EventLog, TRACE_BOUNDS, type TraceEntry } from '../trace/index.ts';
import { createMemoryStore } from './memory-store.ts';
import { describeStore } from './store.suite.ts';

describeStore('the store in memory', async (clock) => createMemoryStore(clock));
describeStore('the store in memory, most of it as JSON', async (clock) => createMemoryStore(clock, 1));

it('a story is whole for whoever reads it, however much of it is not written yet', async () => {
  const clock = createSystemClock();
  const journal = createMemoryStore(clock).journal<TraceEntry>('trace', TRACE_BOUNDS);
  const log = await EventLog.open({ clock, journal });
  for (let number = 1; number <= 100; number += 1) {
    log.append({ type: 'request.settled', approval: `apr_${number}`, name: `r${number}` });
    expect(log.of(`apr_${number}`)).toMatchObject([{ number, name: `r${number}` }]);
  }
  for (let number = 101; number <= 200; number += 1) {
    log.append({ type: 'request.settled', approval: `apr_${number}`, name: `r${number}` });
  }
  const whole = Array.from({ length: 200 }, (_, at) => ({ number: at + 1, name: `r${at + 1}` }));
  const late = await EventLog.open({ clock, journal });
  expect(late.after(0)).toMatchObject(whole);
  expect(log.after(0)).toEqual(late.after(0));
});
