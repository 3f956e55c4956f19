// What the plan checks of every answer that lets a client go on, and of every set of tokens.
import { expect } from 'vitest';
import type { Answer } from '../client/exchange.ts';
import { leftHalfHash } from '../client/jwt.ts';
import type { Participant } from './participant.ts';

const AUTH_REQ_ID_CLAIM = 'urn:openid:params:jwt:claim:auth_req_id';
const RT_HASH_CLAIM = 'urn:openid:params:jwt:claim:rt_hash';
/** FAPI 1.0 Baseline §5.2.2: more than a guess can reach. */
const LEAST_ENTROPY_BITS = 96;

/** CIBA Core §7.3. Gives the auth_req_id. */
export function readAcceptance(answer: Answer): { authReqId: string; expiresInSeconds: number } {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  const { auth_req_id: authReqId, expires_in: expiresInSeconds, interval } = answer.json();
  expect(authReqId).toMatch(/^[A-Za-z0-9._-]+$/);
  expect(entropyBits(authReqId)).toBeGreaterThan(LEAST_ENTROPY_BITS);
  expect(Number.isInteger(expiresInSeconds) && expiresInSeconds > 0).toBe(true);
  if (interval !== undefined) expect(interval).toBeGreaterThan(0);
  return { authReqId, expiresInSeconds };
}

export interface ReadTokens {
  accessToken: string;
  refreshToken: string | undefined;
  idToken: Readonly<Record<string, unknown>>;
}

/** RFC 6749 §5.1, CIBA Core §10.1.1 and §10.3.1, FAPI-CIBA §7.10, OpenID Connect Core §3.1.3.7. */
export async function readTokens(
  client: Participant,
  answer: Answer,
  authReqId?: string,
): Promise<ReadTokens> {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['cache-control']).toContain('no-store');
  const tokens = answer.json();
  expect(tokens.token_type).toMatch(/^bearer$/i);
  expect(tokens.expires_in).toBeGreaterThan(0);
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    if (token === undefined) continue;
    expect(token.length).toBeGreaterThanOrEqual(16);
    expect(entropyBits(token)).toBeGreaterThan(LEAST_ENTROPY_BITS);
  }
  const { header, claims } = await client.provider.verify(tokens.id_token);
  expect(['PS256', 'ES256']).toContain(header.alg);
  expect(header.kid).toEqual(expect.any(String));
  expect(claims.iss).toBe(client.provider.issuer);
  expect([claims.aud].flat()).toContain(client.clientId);
  expect(claims.sub).toEqual(expect.any(String));
  expect(claims.iat).toEqual(expect.any(Number));
  expect(claims.exp).toBeGreaterThan(client.seconds());
  // There is no code and no state that they could be hashes of.
  expect(claims).not.toHaveProperty('c_hash');
  expect(claims).not.toHaveProperty('s_hash');
  if (claims['at_hash'] !== undefined) {
    expect(claims['at_hash']).toBe(leftHalfHash(tokens.access_token, header.alg));
  }
  if (claims[RT_HASH_CLAIM] !== undefined) {
    expect(claims[RT_HASH_CLAIM]).toBe(leftHalfHash(tokens.refresh_token, header.alg));
  }
  if (claims[AUTH_REQ_ID_CLAIM] !== undefined && authReqId !== undefined) {
    expect(claims[AUTH_REQ_ID_CLAIM]).toBe(authReqId);
  }
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token, idToken: claims };
}

/** Shannon's, over the characters as they are distributed in the text. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits;
}
