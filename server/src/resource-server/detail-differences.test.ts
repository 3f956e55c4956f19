import { describe, expect, it } from 'vitest';
import { describeDifference, findDetailDifferences } from './detail-differences.ts';

const transfer = {
  type: 'transfer_funds',
  from: 'checking',
  to: { name: 'Grace Hopper', account: 'grace' },
  amount: '25.00',
  currency: 'EUR',
};

/** As a token carries it: through JSON text. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

describe('details are the same when', () => {
  it('every member is equal', () => {
    expect(findDetailDifferences([transfer], overTheWire([transfer]))).toEqual([]);
  });

  it('only the order of members differs, at any depth', () => {
    const reordered = {
      currency: 'EUR',
      to: { account: 'grace', name: 'Grace Hopper' },
      amount: '25.00',
      from: 'checking',
      type: 'transfer_funds',
    };
    expect(findDetailDifferences([transfer], [reordered])).toEqual([]);
  });

  it('both are empty', () => {
    expect(findDetailDifferences([], [])).toEqual([]);
  });
});

describe('details differ when', () => {
  const cases: Array<[name: string, approved: unknown[], requested: unknown[], paths: string[]]> = [
    ['a value differs', [transfer], [{ ...transfer, amount: '250.00' }], ['/0/amount']],
    ['a number became text', [{ type: 'a', quantity: 3 }], [{ type: 'a', quantity: '3' }], ['/0/quantity']],
    ['letter case differs', [transfer], [{ ...transfer, currency: 'eur' }], ['/0/currency']],
    ['the request has a member more', [transfer], [{ ...transfer, urgent: true }], ['/0/urgent']],
    ['the token has a member more', [{ ...transfer, limit: 9 }], [transfer], ['/0/limit']],
    ['the token has a detail more', [transfer, transfer], [transfer], ['/1']],
    ['the request has a detail more', [transfer], [transfer, { type: 'other' }], ['/1']],
    ['nothing was approved', [], [transfer], ['/0']],
    ['null stands for absent', [{ type: 'a', note: null }], [{ type: 'a' }], ['/0/note']],
    ['null stands for an object', [{ type: 'a', to: null }], [{ type: 'a', to: {} }], ['/0/to']],
    ['an array stands for an object', [{ type: 'a', to: [] }], [{ type: 'a', to: {} }], ['/0/to']],
    ['array order differs', [{ type: 'a', n: [1, 2] }], [{ type: 'a', n: [2, 1] }], ['/0/n/0', '/0/n/1']],
    ['an array is longer', [{ type: 'a', n: [1] }], [{ type: 'a', n: [1, 2] }], ['/0/n/1']],
    [
      'the order of details differs',
      [{ type: 'a' }, { type: 'b' }],
      [{ type: 'b' }, { type: 'a' }],
      ['/0/type', '/1/type'],
    ],
    [
      'several places differ',
      [transfer],
      [{ ...transfer, from: 'savings', to: { ...transfer.to, account: 'eve' } }],
      ['/0/from', '/0/to/account'],
    ],
  ];
  it.each(cases)('%s', (_name, approved, requested, paths) => {
    expect(findDetailDifferences(approved, requested).map(({ path }) => path)).toEqual(paths);
  });

  it('a member is inherited on one side only', () => {
    const approved = JSON.parse('[{"type":"a","__proto__":{"amount":"1"}}]');
    expect(findDetailDifferences(approved, [{ type: 'a', amount: '1' }]).map(({ path }) => path)).toEqual([
      '/0/__proto__',
      '/0/amount',
    ]);
  });

  it('a number has lost digits on its way through JSON', () => {
    const approved = JSON.parse('[{"type":"a","amount":9007199254740993}]');
    const requested = JSON.parse('[{"type":"a","amount":9007199254740992}]');
    expect(findDetailDifferences(approved, requested)).toHaveLength(1);
  });
});

it('what is nested too deeply to be told is a difference, and can be told', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level += 1) deep = [deep];
  const detail = { ...transfer, amount: deep };
  const found = [findDetailDifferences([transfer], [detail]), findDetailDifferences([detail], [detail])];
  for (const differences of found) {
    expect(differences.map(describeDifference)).toEqual([
      expect.stringContaining('nested more than 100 deep'),
    ]);
    expect(JSON.stringify(differences).length).toBeLessThan(200);
  }
});

it('a difference names its path as a JSON Pointer and shows both sides', () => {
  const [difference] = findDetailDifferences(
    [{ type: 'a', 'to/from~': { x: 1 } }],
    [{ type: 'a', 'to/from~': { x: 2 } }],
  );
  expect(difference).toEqual({ path: '/0/to~1from~0/x', approved: 1, requested: 2 });
  expect(difference && describeDifference(difference)).toBe('/0/to~1from~0/x: approved 1, requested 2');
});

it('a one-sided difference says which side is silent', () => {
  const [missing, extra] = findDetailDifferences([{ type: 'a', x: 1 }], [{ type: 'a', y: 'z' }]);
  expect(missing && describeDifference(missing)).toBe('/0/x: approved 1, not requested');
  expect(extra && describeDifference(extra)).toBe('/0/y: not approved, requested "z"');
});
