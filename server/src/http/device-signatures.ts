// What a device signs beside its calls when it pairs: that it holds the key. Its answers are signed too: guardian/device-key.
import { calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose';
import { DEVICE_PROOF_TYPE, type PairDeviceRequest } from '../contract/index.ts';
import { invalidProof, requireRecent, verifyByDevice } from './device-proof.ts';

/** The proof may not be good for longer than this. */
const LONGEST_LIFETIME_SECONDS = 120;

export interface PairingExpectation {
  /** URL of the call. */
  url: string;
  nowMs: number;
}

/** Possession of the private half of `public_key`, shown for this person, this server and this minute. */
export async function verifyPairing(request: PairDeviceRequest, expected: PairingExpectation): Promise<void> {
  const { proof, public_key: publicKey, user_id: userId } = request;
  const { nowMs, url } = expected;
  const claims = await verifyByDevice(proof, { publicKey, type: DEVICE_PROOF_TYPE, nowMs, status: 400 });
  const { jwk } = decodeProtectedHeader(proof);
  if (!jwk || (await thumbprint(jwk)) !== (await calculateJwkThumbprint(publicKey))) {
    throw invalidProof('names another key in its header than public_key', 400);
  }
  if (claims.sub !== userId) {
    throw invalidProof(`was made for ${showClaim(claims.sub)}, not for ${userId}`, 400);
  }
  requireAudience(claims.aud, url);
  requireShortLife(claims.iat, claims.exp, nowMs);
}

/** A header may hold anything; what has no thumbprint is no key. */
async function thumbprint(jwk: JWK): Promise<string | undefined> {
  return calculateJwkThumbprint(jwk).catch(() => undefined);
}

function requireAudience(aud: unknown, url: string): void {
  // One audience exactly: an answer that is good in two places could be used in two places.
  if (aud !== url) throw invalidProof(`was made for ${showClaim(aud)}, not for ${url}`, 400);
}

/** Texts alone: what is nested too deeply cannot be written at all. */
function showClaim(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : 'something that is no text';
}

function requireShortLife(iat: number | undefined, exp: number | undefined, nowMs: number): void {
  if (iat === undefined || exp === undefined) throw invalidProof('lacks iat or exp', 400);
  requireRecent(iat, nowMs, 400);
  if (exp - nowMs / 1000 > LONGEST_LIFETIME_SECONDS) {
    throw invalidProof(`is good for longer than ${LONGEST_LIFETIME_SECONDS} seconds`, 400);
  }
}
