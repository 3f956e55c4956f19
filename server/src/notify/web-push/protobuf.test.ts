// Vectors from protobuf.dev, "Encoding", so that both directions are not merely wrong in the same way.
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, encodeVarint, numberOf, textsOf } from './protobuf.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('the examples of the encoding guide are written as it says', () => {
  expect(encodeMessage([{ field: 1, varint: 150 }])).toEqual(hex('08 96 01'));
  expect(encodeMessage([{ field: 2, bytes: 'testing' }])).toEqual(hex('12 07 74 65 73 74 69 6e 67'));
  expect(encodeVarint(0)).toEqual(hex('00'));
  expect(encodeVarint(2n ** 64n - 1n)).toEqual(hex('ff ff ff ff ff ff ff ff ff 01'));
  expect(encodeMessage([{ field: 7, fixed64: 1n }])).toEqual(hex('39 01 00 00 00 00 00 00 00'));
  expect(encodeMessage([{ field: 21, bytes: Buffer.alloc(0) }])).toEqual(hex('aa 01 00'));
});

test('what is read has all values in order, and the last one counts', () => {
  const fields = decodeMessage(hex('08 96 01 12 01 61 12 01 62 08 05 3d 01 00 00 00'));
  expect(numberOf(fields, 1)).toBe(5n);
  expect(textsOf(fields, 2)).toEqual(['a', 'b']);
  expect(numberOf(fields, 7)).toBe(1n);
  expect(numberOf(fields, 9)).toBeUndefined();
  expect(textsOf(fields, 1)).toEqual([]);
});

test.each(['08', '08 ff', '12 05 61', '39 01', '3d 01', '0b', 'ff'.repeat(11)])(
  '%s is not protobuf',
  (text) => {
    expect(() => decodeMessage(hex(text))).toThrow(RangeError);
  },
);
