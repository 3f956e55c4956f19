// Signs what this device says: a compact JWS, RFC 7515 §3.1, with ES256. WebCrypto's signature over P-256 is already in the
// form that RFC 7518 §3.4 asks for, so nothing else is needed. Works in pages and in the service worker.
import { encodeBase64url } from './base64url.ts';

interface JwsHeader {
  typ: string;
  /** The public half of the key, where the reader does not know it yet. */
  jwk?: object;
}

export async function signJws(
  header: JwsHeader,
  claims: Readonly<Record<string, unknown>>,
  privateKey: CryptoKey,
): Promise<string> {
  const signed = `${encodeJson({ alg: 'ES256', ...header })}.${encodeJson(claims)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(signed));
  return `${signed}.${encodeBase64url(new Uint8Array(signature))}`;
}

function encodeJson(value: object): string {
  return encodeBase64url(new TextEncoder().encode(JSON.stringify(value)));
}
