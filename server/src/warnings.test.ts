import { expect, test } from 'vitest';
import { nextWarning } from '../test/next-warning.ts';
import { Problem } from './problem.ts';
import { warnOfFailure } from './warnings.ts';

test('a failure whose reason is known is told with it, and with the way out', async () => {
  const warned = nextWarning('FAILED');
  warnOfFailure(
    'the journal cannot be written',
    new Problem('store_unusable', 'It may not.', { hint: 'Let it.' }),
  );
  expect((await warned).message).toBe('the journal cannot be written: It may not. Let it.');
});

test('one that nobody foresaw is told with where it was', async () => {
  const warned = nextWarning('UNEXPECTED');
  warnOfFailure('a reader failed', new TypeError('broken'));
  expect((await warned).message).toMatch(/^a reader failed: TypeError: broken\n +at .*warnings\.test\.ts/);
});
