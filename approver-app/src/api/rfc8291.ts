// Decrypts a push message (RFC 8291) with what a browser has: WebCrypto. For the relay, where the page and not the
// browser's push client receives the message. Works in pages and in service workers; the private key stays inside.

/** What a subscription is encrypted for. All members survive structured cloning, so they can be kept in IndexedDB. */
export interface PushKeys {
  privateKey: CryptoKey;
  /** The public half, an uncompressed P-256 point. RFC 8291 §3.1. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** RFC 8291 §3.2. */
  authSecret: Uint8Array<ArrayBuffer>;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const POINT_LENGTH = 65;
const SALT_LENGTH = 16;
/** Salt, record size (4), length of the key identifier (1): RFC 8188 §2.1. */
const FIXED_HEADER_LENGTH = SALT_LENGTH + 4 + 1;
const TAG_LENGTH = 16;
/** RFC 8188 §2: ends the content of the last record; zeros may follow. */
const LAST_RECORD_DELIMITER = 2;

export async function createPushKeys(): Promise<PushKeys> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  return {
    privateKey,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    authSecret: crypto.getRandomValues(new Uint8Array(16)),
  };
}

/** @throws if the message is not one for these keys, or was changed on its way */
export async function decryptPush(keys: PushKeys, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { salt, senderKey, ciphertext } = readHeader(body);
  const { contentKey, nonce } = await deriveKeys(keys, salt, senderKey);
  const record = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, contentKey, ciphertext);
  return removePadding(new Uint8Array(record));
}

/** RFC 8291 §4: the header of RFC 8188 §2.1, whose key identifier is the sender's key, and exactly one record. */
function readHeader(body: Uint8Array<ArrayBuffer>) {
  if (body.length < FIXED_HEADER_LENGTH + POINT_LENGTH + 1 + TAG_LENGTH)
    throw new Error('The push is cut off.');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const recordSize = view.getUint32(SALT_LENGTH);
  if (view.getUint8(SALT_LENGTH + 4) !== POINT_LENGTH) throw new Error('The push names no P-256 key.');
  const ciphertext = body.slice(FIXED_HEADER_LENGTH + POINT_LENGTH);
  if (ciphertext.length > recordSize) throw new Error('The push has more than one record.');
  return {
    salt: body.slice(0, SALT_LENGTH),
    senderKey: body.slice(FIXED_HEADER_LENGTH, FIXED_HEADER_LENGTH + POINT_LENGTH),
    ciphertext,
  };
}

/** RFC 8291 §3.3 and §3.4. */
async function deriveKeys(
  keys: PushKeys,
  salt: Uint8Array<ArrayBuffer>,
  senderKey: Uint8Array<ArrayBuffer>,
): Promise<{ contentKey: CryptoKey; nonce: ArrayBuffer }> {
  const sender = await crypto.subtle.importKey('raw', senderKey, CURVE, false, []);
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: sender }, keys.privateKey, 256);
  const info = concatenate(text('WebPush: info\0'), keys.publicKey, senderKey);
  const inputKey = await stretch(secret, { salt: keys.authSecret, info, length: 32 });
  const contentKey = await stretch(inputKey, {
    salt,
    info: text('Content-Encoding: aes128gcm\0'),
    length: 16,
  });
  return {
    contentKey: await crypto.subtle.importKey('raw', contentKey, 'AES-GCM', false, ['decrypt']),
    nonce: await stretch(inputKey, { salt, info: text('Content-Encoding: nonce\0'), length: 12 }),
  };
}

interface Stretch {
  salt: Uint8Array<ArrayBuffer>;
  info: Uint8Array<ArrayBuffer>;
  /** In octets. */
  length: number;
}

/** HKDF with SHA-256, RFC 5869. */
async function stretch(input: ArrayBuffer, { salt, info, length }: Stretch): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey('raw', input, 'HKDF', false, ['deriveBits']);
  return crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8);
}

function removePadding(record: Uint8Array): Uint8Array {
  const end = record.findLastIndex((octet) => octet !== 0);
  if (record[end] !== LAST_RECORD_DELIMITER) throw new Error('The push has no end.');
  return record.slice(0, end);
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

function concatenate(...parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
