import { expect, it } from 'vitest';
import { appendToPointer, namesInPointer } from './json-pointer.ts';

it('names come back from a pointer as they went in, whatever they contain', () => {
  const names = ['', 'a/b', 'm~n', '~1', '~01', '/', 'ü', '0'];
  const pointer = names.reduce(appendToPointer, '');
  expect(pointer).toBe('//a~1b/m~0n/~01/~001/~1/ü/0');
  expect(namesInPointer(pointer)).toEqual(names);
});

it('the empty pointer is the whole value', () => {
  expect(namesInPointer('')).toEqual([]);
});
