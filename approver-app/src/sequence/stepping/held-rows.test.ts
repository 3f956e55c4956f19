// What is held, as it stands in the drawing.
import type { HeldExchange, TraceEvent } from 'assent/contract';
import { readRun } from 'assent/sequence';
import { expect, test } from 'vitest';
import { ABOUT_R1, ASKED, STORY_AT } from '../asked-event.ts';
import { heldRow, holdsOf, withoutHeldAnswer } from './held-rows.ts';

const events: TraceEvent[] = [
  ASKED,
  { type: 'notification.delivered', number: 2, ...ABOUT_R1, channel: 'inbox', device: 'Phone' },
];

const holdOf = (arrow: HeldExchange['arrow'], approval?: string): HeldExchange => ({
  id: 'h1',
  arrow,
  text: '',
  ...(approval === undefined ? {} : { approval, name: 'r1' }),
  because: 'break_point',
  since: STORY_AT,
  held_ms: 0,
});

test('an answer that has not gone back yet is not drawn, and what came after the question is', () => {
  const run = readRun(events);
  if (run === undefined) throw new TypeError('expected a run');
  const held = withoutHeldAnswer(run, [holdOf('request_answered', 'apr_1')]);
  expect(held.steps.map(({ kind, number }) => `${number} ${kind}`)).toEqual(['1 ask', '2 inbox-told']);
  expect(withoutHeldAnswer(run, [holdOf('poll_received', 'apr_1')])).toBe(run);
});

test('the bar says before which step something is held, and belongs to its own request alone', () => {
  const run = readRun(events);
  if (run === undefined) throw new TypeError('expected a run');
  const holds = [holdOf('request_received'), holdOf('decision_received', 'apr_1')];
  const own = holdsOf(run, holds);
  expect(own.map(({ arrow }) => arrow)).toEqual(['decision_received']);
  expect(heldRow(run, own)).toMatchObject([
    {
      type: 'mark',
      mark: { tone: 'pending', text: expect.stringMatching(/^Held before step 4: the decision/) },
    },
  ]);
  expect(heldRow(run, [])).toEqual([]);
});
