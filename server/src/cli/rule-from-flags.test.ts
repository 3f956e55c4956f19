// What the words of `assent rules add` mean.
import { describe, expect, it } from 'vitest';
import { ruleFromFlags } from './rule-from-flags.ts';

describe('a rule that was typed', () => {
  it('says no more than its words', () => {
    expect(ruleFromFlags({ approve: true, upTo: '50 EUR' }, undefined)).toEqual({
      answer: 'approve',
      up_to: '50 EUR',
    });
    expect(
      ruleFromFlags({ deny: true, reason: 'no', user: 'ada', message: 'RENT-*', once: true }, 'auth0|ada'),
    ).toEqual({ answer: 'deny', reason: 'no', user_id: 'auth0|ada', binding_message: 'RENT-*', times: 1 });
  });

  it('reads conditions, those of one place together', () => {
    const where = ['/to=Grace', '/to=Ada Lovelace', '/n=42', '/n>=1', '/n<=99.5', '/note', '/a~1b='];
    expect(ruleFromFlags({ nothing: true, where }, undefined).where).toEqual({
      '/to': { one_of: ['Grace', 'Ada Lovelace'] },
      '/n': { equals: 42, at_least: 1, at_most: 99.5 },
      '/note': { exists: true },
      '/a~1b': { equals: '' },
    });
  });

  it.each([
    [{}, 'Received none, expected one of --approve, --deny, --expire, --nothing.'],
    [{ approve: true, deny: true }, 'Received --approve and --deny, expected one of'],
    [{ approve: true, once: true, times: 3 }, 'Received --once and --times 3, expected one of them.'],
    [
      { approve: true, upTo: 'fifty' },
      'Received --up-to "fifty", expected an amount such as 50 or "50 EUR".',
    ],
    [
      { approve: true, atLeast: '-1' },
      'Received --at-least "-1", expected an amount such as 50 or "50 EUR".',
    ],
    [{ approve: true, where: ['to=Grace'] }, 'Received --where "to=Grace", expected a JSON Pointer'],
    [{ approve: true, where: ['/n<=many'] }, 'Received --where "/n<=many", expected a JSON Pointer'],
  ])('is refused where it is none: %j', (flags, message) => {
    expect(() => ruleFromFlags(flags, undefined)).toThrow(message);
  });
});
