// The questions of predict mode: four plausible answers, the right one among them, the same each time; and a story that does not give
// away what comes next.
import type { TraceEvent } from 'assent/contract';
import { readRun, STEP_KINDS, sentenceTexts } from 'assent/sequence';
import { describe, expect, test } from 'vitest';
import { ABOUT_R1, ASKED } from '../asked-event.ts';
import { choicesFor, HELD_KINDS } from './choices.ts';
import { runUpTo } from './hidden-steps.ts';

describe('the answers to a question', () => {
  test.each(STEP_KINDS)('%s is among four different ones, in its own words', (kind) => {
    const choices = choicesFor([kind], 'r1 3');
    expect(choices).toHaveLength(4);
    expect(new Set(choices.map(({ text }) => text)).size).toBe(4);
    expect(choices).toContainEqual({ kind, text: sentenceTexts.steps[kind].title });
  });

  test('stand in the same order wherever it is asked, and the right one not always at the same place', () => {
    const places = STEP_KINDS.map((kind) => {
      const choices = choicesFor([kind], 'r1 3');
      expect(choicesFor([kind], 'r1 3')).toEqual(choices);
      return choices.findIndex((choice) => choice.kind === kind);
    });
    expect(new Set(places)).toEqual(new Set([0, 1, 2, 3]));
  });

  test.each(Object.entries(HELD_KINDS))(
    'of an arrow that is held at %s have all that it can be',
    (_arrow, kinds) => {
      const choices = choicesFor(kinds, 'r1 3').map(({ kind }) => kind);
      expect(choices).toEqual(expect.arrayContaining([...kinds]));
    },
  );
});

describe('a story that is told up to a step', () => {
  const events: TraceEvent[] = [
    ASKED,
    {
      type: 'decision.made',
      number: 2,
      ...ABOUT_R1,
      outcome: 'approved',
      by: 'auth0|ada',
      from: 'approver app',
      device: 'Phone',
    },
    { type: 'token.issued', number: 3, ...ABOUT_R1, scope: 'openid', details_match: true },
  ];
  const whole = readRun(events);

  test('has neither the arrows after it nor how it ended', () => {
    if (whole === undefined) throw new TypeError('expected a run');
    const seen = runUpTo(whole, 1);
    expect(seen.steps.map(({ kind }) => kind)).toEqual(['ask']);
    expect([whole.outcome, seen.outcome]).toEqual(['redeemed', 'pending']);
    // Who answered on what is told by a later event, the reference by a later arrow.
    expect(seen.names.approver).toBe('Ada');
    expect(Object.keys(seen.values)).not.toContain('a');
    expect(JSON.stringify(seen.rows)).not.toContain('approved');
  });

  test('is the whole one at its end', () => {
    if (whole === undefined) throw new TypeError('expected a run');
    expect(runUpTo(whole, whole.steps.length)).toBe(whole);
  });
});
