// Identifiers are a port too: random in life, counted in a reproducible run.
import { randomFillSync } from 'node:crypto';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes identifiers that nobody can guess. */
export interface Ids {
  /** `prefix` and `length` letters or digits; 22 of them carry 130 bits. */
  make(prefix: string, length: number): string;
}

/** Asking for random bytes costs the same for many as for a few. */
const BYTES_AT_ONCE = 4_096;

export function createRandomIds(): Ids {
  const bytes = new Uint8Array(BYTES_AT_ONCE);
  let used = bytes.length;
  const nextByte = (): number => {
    if (used === bytes.length) {
      randomFillSync(bytes);
      used = 0;
    }
    const byte = bytes[used] ?? 0;
    // What an id is made of is nowhere else.
    bytes[used] = 0;
    used += 1;
    return byte;
  };
  return {
    make(prefix, length) {
      let text = prefix;
      while (text.length < prefix.length + length) {
        const byte = nextByte();
        // 248 is the largest multiple of 62 below 256: without the rest every character is equally likely.
        if (byte < 248) text += ALPHANUMERIC[byte % 62];
      }
      return text;
    },
  };
}
