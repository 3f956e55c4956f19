// Filters as they are typed, and what they let through.
import { expect, test } from 'vitest';
import { matchesFilter, readFilter, unknownFields, withoutTerm, writeTerm } from './filter.ts';

const row = { state: ['pending'], client: ['demo-agent', 'Travel agent'], summary: ['Pay 42.00 EUR to Ada'] };
const lets = (text: string): boolean => matchesFilter(readFilter(text), row);

test('a named field is compared with that field alone, and everything else is looked for everywhere', () => {
  expect(lets('state:pending client:travel')).toBe(true);
  expect(lets('client:pay')).toBe(false);
  expect(lets('PAY ada')).toBe(true);
  expect(lets('pay grace')).toBe(false);
});

test('a state is the whole word, so that one is not taken for another', () => {
  expect(lets('state:pend')).toBe(false);
});

test('a value with a space stands in quotes, also while the second one is still to come', () => {
  expect(lets('client:"travel agent"')).toBe(true);
  expect(lets('client:"travel ag')).toBe(true);
  expect(readFilter(writeTerm('client', 'Travel agent'))).toEqual([
    { text: 'client:"Travel agent"', field: 'client', value: 'travel agent' },
  ]);
  expect(writeTerm('client', 'demo')).toBe('client:demo');
});

test('names that no row has are told, and hide nothing', () => {
  expect(unknownFields(readFilter('colour:red state:pending x'), Object.keys(row))).toEqual(['colour']);
  expect(lets('colour:red')).toBe(true);
});

test('what is taken away leaves the others as they were typed', () => {
  const terms = readFilter('state:pending  "rent may" client:x');
  expect(terms[1] && withoutTerm(terms, terms[1])).toBe('state:pending client:x');
});
