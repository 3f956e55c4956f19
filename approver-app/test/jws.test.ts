// What a device signs, read by an implementation that is not ours.
import { base64url, type CryptoKey, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../src/api/base64url.ts';
import { signJws } from '../src/api/jws.ts';

test('what is signed here verifies there, letters of every script and all', async () => {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign', 'verify'],
  );
  const claims = { sub: 'auth0|ada', reason: 'Überweisung „nicht von mir“ 😀', accepted: false };
  const jwk = { kty: 'EC', crv: 'P-256' };
  const jws = await signJws({ typ: 'device-proof+jwt', jwk }, claims, privateKey);
  const { payload, protectedHeader } = await jwtVerify(jws, publicKey as CryptoKey);
  expect(payload).toEqual(claims);
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'device-proof+jwt', jwk });
});

test('octets become the same text as elsewhere, and the same octets again', () => {
  for (let length = 0; length < 70; length += 1) {
    const octets = crypto.getRandomValues(new Uint8Array(length));
    expect(encodeBase64url(octets)).toBe(base64url.encode(octets));
    expect(decodeBase64url(encodeBase64url(octets))).toEqual(octets);
  }
});

test.each(['a+b', 'a/b', 'ab==', 'a b', 'ä', 'a'])('"%s" is not taken for base64url', (text) => {
  expect(() => decodeBase64url(text)).toThrow();
});
