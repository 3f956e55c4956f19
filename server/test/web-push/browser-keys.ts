// What a browser keeps of a push subscription, and how it opens a message: RFC 8291 with node:crypto, independent both of
// the package that encrypts and of the module that decrypts in pages.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { PushSubscription } from '../../src/contract/index.ts';

/** The parts of an encrypted message, RFC 8291 §4. */
export interface OpenedMessage {
  salt: Buffer;
  recordSize: number;
  senderKey: Buffer;
  /** The one record before encryption, delimiter and padding included. */
  record: Buffer;
  text: string;
}

export class BrowserKeys {
  readonly #ecdh = createECDH('prime256v1');
  readonly #publicKey = this.#ecdh.generateKeys();
  readonly #authSecret = randomBytes(16);

  /** As `PushSubscription.toJSON()` shows it. */
  toSubscription(endpoint: string): PushSubscription {
    return {
      endpoint,
      keys: {
        p256dh: this.#publicKey.toString('base64url'),
        auth: this.#authSecret.toString('base64url'),
      },
    };
  }

  open(body: Buffer): OpenedMessage {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    if (body[20] !== 65) throw new Error(`a key identifier of ${body[20]} octets, expected 65`);
    const senderKey = body.subarray(21, 86);
    const sealed = body.subarray(86);
    if (sealed.length > recordSize) throw new Error('more than one record');
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#publicKey, senderKey]);
    const input = hkdf(this.#ecdh.computeSecret(senderKey), this.#authSecret, info, 32);
    const key = hkdf(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = hkdf(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    const end = record.lastIndexOf(2);
    return { salt, recordSize, senderKey, record, text: record.subarray(0, end).toString('utf8') };
  }
}

function hkdf(input: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length));
}
