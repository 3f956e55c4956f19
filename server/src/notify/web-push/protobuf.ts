// The protobuf wire format (protobuf.dev: Encoding), as much as Chromium's push messages need: varint, 64-bit and
// length-delimited fields. Messages are flat lists of fields; their numbers are named where they are used.

/** A field to write: its number and a value, whose type says how it is written. */
export type OutgoingField =
  | { field: number; varint: number | bigint }
  | { field: number; fixed64: bigint }
  | { field: number; bytes: string | Uint8Array };

/** Values of a message by field number, in the order in which they came. */
export type IncomingFields = ReadonlyMap<number, ReadonlyArray<bigint | Buffer>>;

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export function encodeMessage(fields: readonly OutgoingField[]): Buffer {
  return Buffer.concat(fields.flatMap(encodeField));
}

export function encodeVarint(value: number | bigint): Buffer {
  const octets: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    octets.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(octets);
}

/** The varint at `offset` and where it ends; undefined if it is not complete yet. */
export function decodeVarint(buffer: Buffer, offset: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) {
    const octet = buffer[offset + index];
    if (octet === undefined) return undefined;
    value |= BigInt(octet & 0x7f) << BigInt(7 * index);
    if (octet < 0x80) return { value, end: offset + index + 1 };
  }
  throw new RangeError('a varint of more than ten octets');
}

/** @throws RangeError for what is not protobuf */
export function decodeMessage(buffer: Buffer): IncomingFields {
  const fields = new Map<number, Array<bigint | Buffer>>();
  let offset = 0;
  while (offset < buffer.length) {
    const tag = requireVarint(buffer, offset);
    const { value, end } = decodeValue(buffer, tag.end, Number(tag.value & 7n));
    const field = Number(tag.value >> 3n);
    fields.set(field, [...(fields.get(field) ?? []), value]);
    offset = end;
  }
  return fields;
}

/** The last value of a number, as protobuf has it for fields that occur once. */
export function numberOf(fields: IncomingFields, field: number): bigint | undefined {
  const value = fields.get(field)?.at(-1);
  return typeof value === 'bigint' ? value : undefined;
}

/** All values of a text, in order. */
export function textsOf(fields: IncomingFields, field: number): string[] {
  return (fields.get(field) ?? []).flatMap((value) =>
    typeof value === 'bigint' ? [] : [value.toString('utf8')],
  );
}

function encodeField(field: OutgoingField): Buffer[] {
  if ('varint' in field) return [encodeTag(field.field, WIRE.varint), encodeVarint(field.varint)];
  if ('fixed64' in field) {
    const octets = Buffer.alloc(8);
    octets.writeBigUInt64LE(field.fixed64);
    return [encodeTag(field.field, WIRE.fixed64), octets];
  }
  const octets = Buffer.from(field.bytes);
  return [encodeTag(field.field, WIRE.bytes), encodeVarint(octets.length), octets];
}

function encodeTag(field: number, wireType: number): Buffer {
  return encodeVarint((field << 3) | wireType);
}

function decodeValue(
  buffer: Buffer,
  start: number,
  wireType: number,
): { value: bigint | Buffer; end: number } {
  switch (wireType) {
    case WIRE.varint:
      return requireVarint(buffer, start);
    case WIRE.fixed64:
      return { value: buffer.readBigUInt64LE(start), end: start + 8 };
    case WIRE.fixed32:
      return { value: BigInt(buffer.readUInt32LE(start)), end: start + 4 };
    case WIRE.bytes: {
      const length = requireVarint(buffer, start);
      const end = length.end + Number(length.value);
      if (end > buffer.length) throw new RangeError('a field that is longer than its message');
      return { value: buffer.subarray(length.end, end), end };
    }
    default:
      throw new RangeError(`wire type ${wireType}`);
  }
}

function requireVarint(buffer: Buffer, offset: number): { value: bigint; end: number } {
  const varint = decodeVarint(buffer, offset);
  if (!varint) throw new RangeError('a varint that is cut off');
  return varint;
}
