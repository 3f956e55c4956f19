import { expect, it } from 'vitest';
import { nextWarning } from '../test/next-warning.ts';
import { Batch } from './batch.ts';

it('what is put off is done when there is enough of it, in its order', () => {
  const done: number[] = [];
  const batch = new Batch<number>(3, (one) => done.push(one));
  for (const one of [1, 2]) batch.add(one);
  expect(done).toEqual([]);
  batch.add(3);
  batch.add(4);
  expect(done).toEqual([1, 2, 3]);
});

it('what is put off is done at once where somebody asks for it, and once', () => {
  const done: number[] = [];
  const batch = new Batch<number>(3, (one) => done.push(one));
  batch.add(1);
  batch.finish();
  batch.finish();
  expect(done).toEqual([1]);
});

it('what is put off while it is being done comes with the next of it', () => {
  const done: number[] = [];
  const batch = new Batch<number>(2, (one) => {
    done.push(one);
    if (one === 1) batch.add(3);
  });
  for (const one of [1, 2]) batch.add(one);
  expect(done).toEqual([1, 2]);
  batch.add(4);
  expect(done).toEqual([1, 2, 3, 4]);
});

it('one that fails takes no other along, fails nobody who adds another, and is told of', async () => {
  const done: number[] = [];
  const batch = new Batch<number>(3, (one) => {
    if (one === 2) throw new Error('two is odd');
    done.push(one);
  });
  const warned = nextWarning('UNEXPECTED');
  for (const one of [1, 2, 3]) batch.add(one);
  expect(done).toEqual([1, 3]);
  expect((await warned).message).toContain('two is odd');
});
