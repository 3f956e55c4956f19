// What a text costs is counted by what it makes the processor do.
import { expect, test } from 'vitest';
import { findLiquidMistakes, renderText } from './liquid.ts';

test('a text is rendered on a computer that had other work for longer than a text may take', () => {
  let reads = 0;
  const user = {
    /** The first time, this thread stands still. */
    get name() {
      reads += 1;
      if (reads === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      return 'Ada';
    },
  };
  expect(renderText('{{ user.name }} and {{ user.name }}', { user })).toBe('Ada and Ada');
});

test('a text that works for too long is refused', () => {
  const text = '{% for i in (1..30000) %}{% for j in (1..30000) %}{{ user.name }}{% endfor %}{% endfor %}';
  expect(findLiquidMistakes(text)).toEqual([
    { kind: 'broken', why: expect.stringContaining('limit exceeded') },
  ]);
});
