// Compact JWTs in any state: right ones, and those that no library would make.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { type CompactJWSHeaderParameters, CompactSign, type CryptoKey } from 'jose';
import type { SigningKey } from './keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface Falsified {
  /** Put over the right header; undefined takes a member away. */
  header?: Readonly<Record<string, unknown>>;
  /** In place of the client's own. */
  key?: CryptoKey;
}

/** Signs with the key; a claim that is undefined is left out. */
export function signClaims(
  key: SigningKey,
  claims: Claims,
  { header = {}, ...with_ }: Falsified = {},
): Promise<string> {
  const protectedHeader = withoutUndefined({ alg: key.alg, kid: key.kid, ...header });
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader(protectedHeader as unknown as CompactJWSHeaderParameters)
    .sign(with_.key ?? key.privateKey);
}

/** RFC 7515 with HS256, which jose only makes for secrets that are long enough. */
export function signWithSecret(secret: string, claims: Claims, header: Claims = {}): string {
  const input = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Unsecured: RFC 7519 §6. */
export function unsecured(claims: Claims, header: Claims = {}): string {
  return `${encode({ alg: 'none', ...header })}.${encode(claims)}.`;
}

/** The same token with one character of its signature changed to another one. */
export function breakSignature(token: string): string {
  const at = token.lastIndexOf('.') + 10;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

/** The same token with other claims under the old signature. */
export function tamper(token: string, changes: Claims): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  return [header, encode({ ...claims, ...changes }), signature].join('.');
}

export function newJti(): string {
  return randomUUID();
}

/** OpenID Connect Core §3.1.3.6, CIBA Core §10.3.1: left half of the hash that the algorithm of the ID token uses. */
export function leftHalfHash(value: string, alg: string): string {
  const name = alg === 'EdDSA' || alg === 'Ed25519' ? 'sha512' : `sha${alg.slice(-3)}`;
  const digest = createHash(name).update(value, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

export function sha256(value: string | Buffer): string {
  return createHash('sha256').update(value).digest('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function withoutUndefined(value: Claims): Claims {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
