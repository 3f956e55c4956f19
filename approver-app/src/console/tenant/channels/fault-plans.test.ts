import { type Fault, faultInputSchema } from 'assent/contract';
import { expect, test } from 'vitest';
import { FAULT_SWITCHES, findActive, planOf, settingsOf, switchOf, USUAL_SETTINGS } from './fault-plans.ts';

const faultOf = (plan: object): Fault => ({
  ...faultInputSchema.parse(plan),
  id: 'f1',
  text: '',
  matched: 0,
  applied: 0,
});

test('every switch makes a fault that the control API takes, and is found again by it with its settings', () => {
  for (const name of FAULT_SWITCHES) {
    for (const on of ['push', 'email'] as const) {
      const settings = {
        on: name === 'slow' ? 'push' : on,
        seconds: '1.5',
        chance: '12.5',
        clientId: 'aiya',
      } as const;
      const fault = faultOf(planOf(name, settings));
      expect(switchOf(fault)).toBe(name);
      const usesSeconds = name === 'late' || name === 'slow';
      expect(settingsOf(fault)).toEqual({
        ...settings,
        seconds: usesSeconds ? '1.5' : USUAL_SETTINGS.seconds,
      });
    }
  }
});

test('a certain fault names no probability, and one for everybody no client', () => {
  expect(planOf('lose', USUAL_SETTINGS)).toEqual({ on: 'push', does: { kind: 'lose' } });
});

test('what is no number is left for the server to refuse', () => {
  for (const chance of ['often', '', '0', '101'])
    expect(faultInputSchema.safeParse(planOf('lose', { ...USUAL_SETTINGS, chance })).success).toBe(false);
});

test('a fault that says more than a switch can belongs to none', () => {
  const faults = [
    faultOf({ on: 'push', does: { kind: 'lose' }, times: 1 }),
    faultOf({ on: 'token', does: { kind: 'delay', ms: 5, when: 'after' } }),
    faultOf({ on: 'push', does: { kind: 'answer', status: 503 } }),
    faultOf({ on: 'decision', does: { kind: 'race_expiry', first: 'decision' } }),
  ];
  expect(faults.map(switchOf)).toEqual([undefined, undefined, undefined, undefined]);
  expect(findActive('lose', faults)).toBeUndefined();
});
