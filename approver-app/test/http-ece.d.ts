// The part of http_ece that the tests call; the package has no types of its own.
declare module 'http_ece' {
  import type { ECDH } from 'node:crypto';

  export interface EncryptOptions {
    version: 'aes128gcm';
    /** Public key of the receiver, base64url. */
    dh: string;
    privateKey: ECDH;
    /** base64url */
    authSecret: string;
    rs?: number;
    pad?: number;
  }
  export function encrypt(plaintext: Buffer, options: EncryptOptions): Buffer;
}
