// As much of CBOR (RFC 8949) as authenticators write: whole numbers, texts, bytes, lists and maps.

export function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, member]) => [encodeCbor(key), encodeCbor(member)]);
    return Buffer.concat([head(5, value.size), ...entries]);
  }
  if (typeof value === 'object' && value !== null) return encodeCbor(new Map(Object.entries(value)));
  throw new TypeError(`${typeof value} is nothing that an authenticator writes`);
}

/** RFC 8949 §3: major type, and the argument in as few bytes as it takes. */
function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.from([type | argument]);
  if (argument < 0x100) return Buffer.from([type | 24, argument]);
  const bytes = Buffer.from([type | 25, 0, 0]);
  bytes.writeUInt16BE(argument, 1);
  return bytes;
}
