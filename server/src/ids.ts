// Identifiers are a port too: random in life, counted in a reproducible run.
import { randomBytes } from 'node:crypto';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Makes identifiers that nobody can guess. */
export interface Ids {
  /** `prefix` and `length` letters or digits; 22 of them carry 130 bits. */
  make(prefix: string, length: number): string;
}

export function createRandomIds(): Ids {
  return {
    make(prefix, length) {
      let text = prefix;
      while (text.length < prefix.length + length) {
        for (const byte of randomBytes(length)) {
          // 248 is the largest multiple of 62 below 256: without the rest every character is equally likely.
          if (byte < 248 && text.length < prefix.length + length) text += ALPHANUMERIC[byte % 62];
        }
      }
      return text;
    },
  };
}
