// The key of a device: RSA as the SDKs of Guardian make it, P-256 as browsers do. Keys are compared as numbers: both SDKs may
// send a modulus with a leading zero octet, which means the same and looks different.
import { decodeJwt, errors, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import type { MovableClock } from '../clock.ts';
import { GuardianError, type GuardianErrorCode } from './guardian-error.ts';

const base64url = z.string().regex(/^[\w-]+$/);
/** RFC 7518 §6.2.1.2: of a P-256 key, always all 32 octets. */
const coordinate = z.string().regex(/^[\w-]{43}$/, 'expected the 43 characters of 32 octets in base64url');

export const publicKeySchema = z.union([
  z.object({
    kty: z.literal('RSA'),
    alg: z.literal('RS256').optional(),
    use: z.literal('sig').optional(),
    n: base64url,
    e: base64url,
  }),
  z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    alg: z.literal('ES256').optional(),
    use: z.literal('sig').optional(),
    x: coordinate,
    y: coordinate,
  }),
]);

/** RFC 7518 §3.3: a key of 2048 bits or larger must be used with RS256. */
const SHORTEST_MODULUS_BITS = 2048;
const LONGEST_MODULUS_BITS = 8192;
/** More than any that is in use; RFC 7518 §6.3.1.2 sets no limit. */
const LONGEST_EXPONENT_OCTETS = 8;

/** The key without leading zeros and without members that say nothing about it; undefined where it is too small or too large. */
export function normalizeKey(key: z.output<typeof publicKeySchema>): JWK | undefined {
  if (key.kty === 'EC') return { kty: 'EC', crv: key.crv, x: key.x, y: key.y };
  const modulus = withoutLeadingZeros(key.n);
  const bits = modulus.length * 8;
  if (bits < SHORTEST_MODULUS_BITS || bits > LONGEST_MODULUS_BITS) return undefined;
  const exponent = withoutLeadingZeros(key.e);
  if (exponent.length > LONGEST_EXPONENT_OCTETS) return undefined;
  return { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') };
}

/** Whether a key out of a JOSE header is this one. */
export function isSameKey(known: JWK, received: unknown): boolean {
  const parsed = publicKeySchema.safeParse(received);
  const normal = parsed.success ? normalizeKey(parsed.data) : undefined;
  return (
    normal !== undefined &&
    (['kty', 'crv', 'n', 'e', 'x', 'y'] as const).every((member) => normal[member] === known[member])
  );
}

export interface SignatureExpectation {
  publicKey: JWK;
  /** JOSE header `typ`. RFC 8725 §3.11. */
  type: string;
  nowMs: number;
  /** What a bad signature is called. */
  errorCode: GuardianErrorCode;
}

/** Seconds that a device's clock may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * What time it is for the device that signed this. Phones go by the computer's time, whatever the tenant's is; browsers by
 * the one that they learnt from here.
 */
export function nowOfSigner(jwt: string, clock: MovableClock): number {
  try {
    const { iat } = decodeJwt(jwt);
    return iat === undefined ? clock.now() : clock.nearestNow(iat * 1000);
  } catch {
    // No JWT at all, which its verification will say.
    return clock.now();
  }
}

/** The claims of a JWT by a device's key; checks signature, algorithm, type, `exp` and `nbf`. */
export async function verifyByKey(jwt: string, expected: SignatureExpectation): Promise<JWTPayload> {
  const algorithm = expected.publicKey.kty === 'RSA' ? 'RS256' : 'ES256';
  try {
    const key = await importJWK(expected.publicKey, algorithm);
    const { payload } = await jwtVerify(jwt, key, {
      algorithms: [algorithm],
      typ: expected.type,
      currentDate: new Date(expected.nowMs),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    const reason = error instanceof errors.JOSEError ? error.message : 'the key cannot verify it';
    throw new GuardianError(401, expected.errorCode, `The signature of the device fails: ${reason}.`);
  }
}

function withoutLeadingZeros(text: string): Buffer {
  const octets = Buffer.from(text, 'base64url');
  const first = octets.findIndex((octet) => octet !== 0);
  return first < 0 ? Buffer.alloc(0) : octets.subarray(first);
}
