// What the palette finds, in which order.
import { expect, test } from 'vitest';
import { findEntries, type PaletteEntry } from './palette.tsx';

const entry = (text: string, note?: string): PaletteEntry => ({
  key: text,
  icon: 'list',
  text,
  note,
  act: () => undefined,
});
const entries = [entry('Open requests'), entry('Requests'), entry('r7 Pay 42 EUR', 'Travel agent')];
const find = (typed: string): string[] => findEntries(entries, typed).map(({ text }) => text);

test('what begins with the typed word stands before what only has it', () => {
  expect(find('req')).toEqual(['Requests', 'Open requests']);
});

test('every word must be there, in the text or in the note', () => {
  expect(find('travel 42')).toEqual(['r7 Pay 42 EUR']);
  expect(find('travel 43')).toEqual([]);
});

test('nothing typed shows the first ones', () => {
  expect(find(' ')).toEqual(['Open requests', 'Requests', 'r7 Pay 42 EUR']);
});
