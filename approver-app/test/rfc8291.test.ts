// The browser's decryption against the vector of the standard and against two independent implementations.
import { createECDH, randomBytes } from 'node:crypto';
import ece from 'http_ece';
import { expect, test } from 'vitest';
import webPush from 'web-push';
import { createPushKeys, decryptPush, type PushKeys } from '../src/api/rfc8291.ts';

const octets = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(base64url, 'base64url'));
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Encrypts with http_ece, which can do what web-push does not offer: padding and record sizes. */
function encrypt(keys: PushKeys, plaintext: Buffer, options: { pad?: number; rs?: number } = {}) {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  return Uint8Array.from(
    ece.encrypt(plaintext, {
      version: 'aes128gcm',
      dh: base64url(keys.publicKey),
      privateKey: sender,
      authSecret: base64url(keys.authSecret),
      ...options,
    }),
  );
}

test('the example of RFC 8291 appendix A is understood', async () => {
  const publicKey = octets(
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  );
  const keys: PushKeys = {
    publicKey,
    privateKey: await crypto.subtle.importKey(
      'jwk',
      {
        kty: 'EC',
        crv: 'P-256',
        x: base64url(publicKey.subarray(1, 33)),
        y: base64url(publicKey.subarray(33)),
        d: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
      },
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      ['deriveBits'],
    ),
    authSecret: octets('BTBZMqHH6r4Tts7J_aSIgg'),
  };
  const body = octets(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
  expect(new TextDecoder().decode(await decryptPush(keys, body))).toBe(
    'When I grow up, I want to be a watermelon',
  );
});

test('what web-push encrypts is understood at every length up to 3,900 octets', async () => {
  const keys = await createPushKeys();
  for (const length of [0, 1, 15, 16, 17, 41, 255, 256, 1_000, 2_048, 3_899, 3_900]) {
    const plaintext = randomBytes(length);
    const { cipherText } = webPush.encrypt(
      base64url(keys.publicKey),
      base64url(keys.authSecret),
      plaintext,
      'aes128gcm',
    );
    expect(base64url(await decryptPush(keys, Uint8Array.from(cipherText))), `${length} octets`).toBe(
      base64url(plaintext),
    );
  }
});

test('padding is removed, also from content that ends in zeros or looks like a delimiter', async () => {
  const keys = await createPushKeys();
  for (const plaintext of [
    Buffer.alloc(0),
    Buffer.from('one'),
    Buffer.from([1, 0, 0]),
    Buffer.from([2, 2, 0]),
  ]) {
    for (const pad of [0, 1, 300, 3_000]) {
      const body = encrypt(keys, plaintext, { pad });
      expect(base64url(await decryptPush(keys, body)), `${pad} octets of padding`).toBe(base64url(plaintext));
    }
  }
});

test('a message that was changed in any octet is refused', async () => {
  const keys = await createPushKeys();
  const body = encrypt(keys, Buffer.from('approve nothing'));
  for (let index = 0; index < body.length; index += 1) {
    // The record size is not part of what is encrypted; any that the record fits into means the same.
    if (index >= 16 && index < 20) continue;
    const changed = body.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    await expect(decryptPush(keys, changed), `octet ${index}`).rejects.toThrow();
  }
});

test('a message that is cut off, has several records or is for somebody else is refused', async () => {
  const keys = await createPushKeys();
  const body = encrypt(keys, Buffer.from('a message'));
  for (const length of [0, 20, 86, 102, body.length - 1]) {
    await expect(decryptPush(keys, body.slice(0, length)), `${length} octets`).rejects.toThrow();
  }
  await expect(decryptPush(keys, encrypt(keys, randomBytes(500), { rs: 100 }))).rejects.toThrow(
    'more than one record',
  );
  await expect(decryptPush(await createPushKeys(), body)).rejects.toThrow();
});

test('the private key cannot be taken out of the browser', async () => {
  const { privateKey } = await createPushKeys();
  await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
});
