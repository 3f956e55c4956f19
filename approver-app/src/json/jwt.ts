// A token in three parts, RFC 7519 and RFC 7515 §7.1: split and decoded, which is not the same as verified. Pure.
import { type JsonNode, readJson } from './json-text.ts';

export interface DecodedJwt {
  header: JsonNode;
  claims: JsonNode;
  /** As on the wire; absent where only what it says is known. */
  parts?: { header: string; claims: string; signature: string };
  /** False where the signature was taken out, so that nobody can use the token: then nothing can be verified. */
  isWhole: boolean;
}

/** Nothing for what is not a JWT: an opaque token, or one that is encrypted (five parts). */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, signature, ...more] = token.trim().split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0)
    return undefined;
  const decodedHeader = decodePart(header);
  const decodedClaims = decodePart(claims);
  if (decodedHeader?.kind !== 'object' || decodedClaims?.kind !== 'object') return undefined;
  return {
    header: decodedHeader,
    claims: decodedClaims,
    parts: { header, claims, signature },
    isWhole: /^[A-Za-z0-9_-]+$/.test(signature),
  };
}

/** The same of a token that was read before, and of which only what it says was kept. */
export function fromReadToken(token: { header: object; claims: object }): DecodedJwt | undefined {
  const header = readJson(JSON.stringify(token.header));
  const claims = readJson(JSON.stringify(token.claims));
  return header.ok && claims.ok ? { header: header.root, claims: claims.root, isWhole: false } : undefined;
}

/** A long text with its middle left out. The ends are what people compare. */
export function withoutMiddle(text: string, startLength = 18, endLength = 5): string {
  return text.length <= startLength + endLength + 1
    ? text
    : `${text.slice(0, startLength)}…${text.slice(-endLength)}`;
}

/** A JWT with the middle of each part left out; any other text as it is. */
export function shortenToken(text: string): string {
  const isToken = /^ey[\w-]+\.[\w-]+\.(?:[\w-]+|\[signature removed\])$/.test(text);
  return isToken
    ? text
        .split('.')
        .map((part) => withoutMiddle(part))
        .join('.')
    : text;
}

function decodePart(part: string): JsonNode | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (each) =>
      each.charCodeAt(0),
    );
    const reading = readJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return reading.ok ? reading.root : undefined;
  } catch {
    // Not base64url, or not UTF-8: not a JWT.
    return undefined;
  }
}
