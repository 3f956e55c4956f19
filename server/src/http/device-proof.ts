// Who calls the approver API. Each call is signed anew by the device's key, which no page can extract, so nothing that
// leaks from a request (a log, a cache, a copied header) lets anybody else call. After RFC 9449 (DPoP) §4.
import { decodeJwt, errors, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type Koa from 'koa';
import { DEVICE_PROOF_TYPE, deviceProofClaimsSchema } from '../contract/index.ts';
import { ownUrl } from '../own-url.ts';
import { Problem } from '../problem.ts';
import type { EnrolledDevice, Tenant } from '../tenant/index.ts';

/** How far the instant of a proof may lie from now, in either direction. */
const PROOF_WINDOW_SECONDS = 60;
/** Longest `jti` that is remembered. */
const LONGEST_JTI = 128;

/** A device that can sign, and the person it belongs to. */
export interface CallingDevice {
  readonly device: EnrolledDevice & { publicKey: JWK };
  readonly userName: string;
}

/** The device that signed this very call; throws a 401 otherwise. */
export async function authenticateDevice(ctx: Koa.Context, tenant: Tenant): Promise<CallingDevice> {
  const proof = readProof(ctx);
  const caller = await findSigner(proof, tenant);
  const nowMs = tenant.clock.now();
  const payload = await verifyByDevice(proof, {
    publicKey: caller.device.publicKey,
    type: DEVICE_PROOF_TYPE,
    nowMs,
    status: 401,
  });
  const claims = deviceProofClaimsSchema.safeParse(payload);
  if (!claims.success) {
    throw invalidProof('lacks one of the claims iss, htm, htu, iat, jti', 401);
  }
  const { htm, htu, iat, jti } = claims.data;
  // RFC 9449 §4.3, checks 8 and 9: made for this method and this URL.
  if (htm !== ctx.method) throw invalidProof(`was made for ${htm}, not for ${ctx.method}`, 401);
  const url = ownUrl(ctx, tenant);
  if (htu !== url) throw invalidProof(`was made for ${htu}, not for ${url}`, 401);
  // RFC 9449 §4.3, check 11: made just now.
  requireRecent(iat, nowMs, 401);
  // RFC 9449 §11.1: and never used before.
  await spendOnce(tenant, `${caller.device.id} ${jti}`, jti, iat);
  return caller;
}

export interface SignatureExpectation {
  publicKey: JWK;
  /** JOSE header `typ`, so that one kind of signature never passes as another. RFC 8725 §3.11. */
  type: string;
  nowMs: number;
  /** HTTP status of the refusal: 401 where it stands for the caller, 400 where it is content. */
  status: 400 | 401;
}

/** The claims of a compact JWS by a device's key; checks signature, algorithm, type, `exp` and `nbf`. */
export async function verifyByDevice(jws: string, expected: SignatureExpectation): Promise<JWTPayload> {
  try {
    const key = await importJWK(expected.publicKey, 'ES256');
    const { payload } = await jwtVerify(jws, key, {
      algorithms: ['ES256'],
      typ: expected.type,
      currentDate: new Date(expected.nowMs),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw invalidProof('has expired', expected.status);
    if (error instanceof errors.JOSEError) throw invalidProof(`fails: ${error.message}`, expected.status);
    // WebCrypto refuses a point that is not on the curve with an error of its own.
    throw invalidProof('cannot be checked: the key is not a P-256 public key', expected.status);
  }
}

/** Refuses what was signed long ago or, by a clock that runs ahead, in the future. */
export function requireRecent(iat: number, nowMs: number, status: 400 | 401): void {
  if (Math.abs(nowMs / 1000 - iat) <= PROOF_WINDOW_SECONDS) return;
  throw new Problem(
    'proof_invalid',
    `The signature was made at ${describeInstant(iat)}; it is ${new Date(nowMs).toISOString()} here.`,
    { status, hint: 'Set the clock of the device, or reckon with the Date header of this answer.' },
  );
}

export function invalidProof(finding: string, status: 400 | 401): Problem {
  return new Problem('proof_invalid', `The signature ${finding}.`, { status });
}

function readProof(ctx: Koa.Context): string {
  const [, proof] = /^Device +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
  if (proof !== undefined) return proof;
  throw new Problem(
    'proof_invalid',
    'Received no proof, expected the header Authorization: Device <proof>.',
    {
      status: 401,
      hint: 'Only paired browsers may call this. Open /approve and pair this one.',
    },
  );
}

/** The device that the proof names. Nothing else of it is believed before the signature is checked. */
async function findSigner(proof: string, tenant: Tenant): Promise<CallingDevice> {
  let deviceId: unknown;
  try {
    deviceId = decodeJwt(proof).iss;
  } catch {
    throw invalidProof('is not a compact JWS with JSON claims', 401);
  }
  if (typeof deviceId !== 'string') throw invalidProof('names no device in iss', 401);
  const device = await tenant.devices.get(deviceId);
  const user = device && tenant.directory.user(device.userId);
  if (!device?.publicKey || !user) {
    throw new Problem('device_unknown', `No paired device is called "${deviceId.slice(0, 40)}".`, {
      status: 401,
      hint: 'It was removed, or the server was started anew. Pair this browser again.',
    });
  }
  return { device: { ...device, publicKey: device.publicKey }, userName: user.name };
}

async function spendOnce(tenant: Tenant, key: string, jti: string, iat: number): Promise<void> {
  if (jti.length > LONGEST_JTI) throw invalidProof(`has a jti of more than ${LONGEST_JTI} characters`, 401);
  const spent = tenant.store.collection<{ iat: number }>('device-proofs');
  // Remembered one second longer than it would be accepted.
  const expiresAt = (iat + PROOF_WINDOW_SECONDS + 1) * 1000;
  if (!(await spent.insert(key, { iat }, { expiresAt }))) throw invalidProof('was used before', 401);
}

function describeInstant(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
