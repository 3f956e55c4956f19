// Compares two JSON values and names the places that differ. The order of members has no meaning (RFC 8259 §4), the order of
// entries has; numbers are equal if their digits say the same number, however they are spelt. Pure.
import type { JsonNode } from './json-text.ts';

export interface JsonDifference {
  pointer: string;
  /** As received; absent where only the other side has it. */
  before?: string;
  after?: string;
}

export function compareJson(before: JsonNode, after: JsonNode): JsonDifference[] {
  if (before.kind === 'object' && after.kind === 'object') {
    const earlier = new Map(before.members.map(({ name, value }) => [name, value]));
    const later = new Map(after.members.map(({ name, value }) => [name, value]));
    return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((name) =>
      compareParts(earlier.get(name), later.get(name)),
    );
  }
  if (before.kind === 'array' && after.kind === 'array') {
    const length = Math.max(before.items.length, after.items.length);
    return Array.from({ length }, (_, index) => compareParts(before.items[index], after.items[index])).flat();
  }
  return saysTheSame(before, after)
    ? []
    : [{ pointer: before.pointer, before: before.source, after: after.source }];
}

function compareParts(before: JsonNode | undefined, after: JsonNode | undefined): JsonDifference[] {
  if (before !== undefined && after !== undefined) return compareJson(before, after);
  if (before !== undefined) return [{ pointer: before.pointer, before: before.source }];
  return after === undefined ? [] : [{ pointer: after.pointer, after: after.source }];
}

function saysTheSame(one: JsonNode, other: JsonNode): boolean {
  if (one.kind === 'string' && other.kind === 'string') return one.text === other.text;
  if (one.kind === 'number' && other.kind === 'number')
    return decimalOf(one.source) === decimalOf(other.source);
  return one.kind === other.kind && one.source === other.source;
}

/** Sign, digits without surrounding zeros, and exponent: equal for equal decimal numbers. */
function decimalOf(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0';
  const trimmed = digits.replace(/0+$/, '');
  return `${sign}${trimmed}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - trimmed.length)}`;
}
