import { describe, expect, test } from 'vitest';
import { parseWish, toBindingMessage } from './wish.ts';

describe('a wish', () => {
  test.each([
    ['Pay 42 EUR to Grace', '42.00', 'EUR', 'Grace'],
    ['transfer 1234,5 usd to Hotel Aurora', '1234.50', 'USD', 'Hotel Aurora'],
    ['send €12.30 to Ada Lovelace ', '12.30', 'EUR', 'Ada Lovelace'],
    ['Give 5£ to charity', '5.00', 'GBP', 'charity'],
  ])('%j becomes a transfer', (wish, amount, currency, to) => {
    expect(parseWish(wish)).toEqual({ type: 'transfer_funds', amount, currency, to });
  });

  test.each(['Delete everything', 'Pay Grace', 'Pay a lot of EUR to Grace', 'Pay 1.2345 EUR to Grace', ''])(
    '%j stays a text',
    (wish) => {
      expect(parseWish(wish)).toBeUndefined();
    },
  );
});

describe('the code made from it', () => {
  test.each([
    ['Pay 42 EUR to Grace', 'Pay 42 EUR to Grace'],
    ['Pay 42€ to “Zoë & Söhne”!', 'Pay 42 EUR to Zoe Sohne'],
    ['日本', ''],
  ])('%j is %j', (wish, message) => {
    expect(toBindingMessage(wish)).toBe(message);
  });

  test('is at most 64 characters of those that Auth0 accepts', () => {
    const message = toBindingMessage(`${'word? '.repeat(40)}`);
    expect(message.length).toBeLessThanOrEqual(64);
    expect(message).toMatch(/^[A-Za-z0-9\s+\-_.,:#]+$/);
  });
});
