import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { matchDetail } from './detail-matcher.ts';

const detail = { type: 'transfer_funds', to: 'grace', amount: '25.00', currency: 'EUR' };
const schema = z.object({
  type: z.string(),
  to: z.string(),
  amount: z.coerce.number(),
  currency: z.literal('EUR'),
  fees: z.array(z.object({ name: z.string() })).optional(),
});
const upTo50 = matchDetail({
  type: 'transfer_funds',
  schema,
  // The amount is a number here: the schema made it one.
  judge: ({ amount }) => amount <= 50 || `${amount} EUR is more than 50`,
});

describe('a matcher for one detail', () => {
  it('judges what the schema made of it', () => {
    expect(upTo50([detail])).toBe(true);
    expect(upTo50([{ ...detail, amount: '90' }])).toBe('90 EUR is more than 50');
  });

  it('says what does not fit the schema, and where', () => {
    expect(upTo50([{ ...detail, currency: 'USD' }])).toContain('/0/currency: ');
  });

  it('refuses another type, none, and more than one', () => {
    expect(upTo50([{ ...detail, type: 'stock_order' }])).toBe(
      'stock_order was approved, expected transfer_funds',
    );
    expect(upTo50([])).toBe('0 were approved, expected exactly one of transfer_funds');
    expect(upTo50([detail, detail])).toBe('2 were approved, expected exactly one of transfer_funds');
  });

  it('refuses a member that the schema ignores, however deep', () => {
    expect(upTo50([{ ...detail, urgent: true }])).toBe('nobody looks at /0/urgent');
    expect(upTo50([{ ...detail, fees: [{ name: 'a', 'to/whom': 'b' }] }])).toBe(
      'nobody looks at /0/fees/0/to~1whom',
    );
  });

  it('does not wait for a schema that answers later', () => {
    const later = matchDetail({
      type: 'transfer_funds',
      schema: schema.refine(async () => true),
      judge: () => true,
    });
    expect(() => later([detail])).toThrow(/asynchronous/);
  });
});
