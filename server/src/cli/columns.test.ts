import { expect, test } from 'vitest';
import { alignColumns } from './columns.ts';

test('each column is as wide as its longest text, and colours count for nothing', () => {
  const rows = [
    [['quiet', 'a'], 'one', ['bad', 'x']],
    [['quiet', 'long'], 'two words', 'y'],
  ] as const;
  expect(alignColumns(rows, (style, text) => `<${style}>${text}`)).toBe(
    ['  <quiet>a     one        <bad>x', '  <quiet>long  two words  y'].join('\n'),
  );
});
