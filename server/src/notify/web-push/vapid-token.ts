// RFC 8292: who sends. A token is signed by the key that the subscription names, for this push service, for at most a day.
import { errors, importJWK, type JWK, jwtVerify } from 'jose';

export interface VapidExpectation {
  /** Origins that the endpoint may have, RFC 8292 §2. */
  audiences: readonly string[];
  /** Key of the subscription, RFC 8292 §4. */
  applicationServerKey: string;
  nowMs: number;
}

export interface VapidRefusal {
  status: 401 | 403;
  reason: string;
}

const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** Why `authorization` does not allow to send; undefined when it does. */
export async function findVapidFault(
  authorization: string | undefined,
  { audiences, applicationServerKey, nowMs }: VapidExpectation,
): Promise<VapidRefusal | undefined> {
  // RFC 8292 §4.2: 401 for missing authentication, 403 for one that is not valid.
  if (authorization === undefined) {
    return { status: 401, reason: 'Received no Authorization, expected "vapid t=<token>, k=<key>".' };
  }
  const parameters = readVapidParameters(authorization);
  if (parameters === undefined) {
    return { status: 401, reason: 'The Authorization is not of the form "vapid t=<token>, k=<key>".' };
  }
  const { token, key } = parameters;
  if (normalizePublicKey(key) !== applicationServerKey) {
    return { status: 403, reason: 'The key k is not the applicationServerKey of this subscription.' };
  }
  const nowSeconds = Math.floor(nowMs / 1000);
  try {
    const { payload } = await jwtVerify(token, await importJWK(toJwk(applicationServerKey), 'ES256'), {
      algorithms: ['ES256'],
      audience: [...audiences],
      currentDate: new Date(nowMs),
    });
    // RFC 8292 §2: not more than 24 hours from the time of the request.
    if ((payload.exp ?? Number.POSITIVE_INFINITY) > nowSeconds + LONGEST_LIFE_SECONDS) {
      return { status: 403, reason: 'Expected a claim exp that lies at most 24 hours ahead.' };
    }
    return undefined;
  } catch (error) {
    const reason = error instanceof errors.JOSEError ? error.message : 'the key is not a point of P-256';
    return { status: 403, reason: `The token is not valid for ${audiences.join(' or ')}: ${reason}.` };
  }
}

/** The key without padding; undefined if it is not an uncompressed P-256 point in base64url. RFC 8292 §3.2. */
export function normalizePublicKey(text: string): string | undefined {
  const point = Buffer.from(text, 'base64url');
  return /^[\w-]+={0,2}$/.test(text) && point.length === 65 && point[0] === 4
    ? point.toString('base64url')
    : undefined;
}

/** RFC 8292 §3: auth-params of RFC 9110 §11.2, in any order, with or without quotes. */
function readVapidParameters(authorization: string): { token: string; key: string } | undefined {
  const [, list] = /^vapid +(.+)$/i.exec(authorization) ?? [];
  if (list === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (const part of list.split(',')) {
    const [, name, quoted, plain] = /^\s*(\w+)\s*=\s*(?:"([^"]*)"|(\S*))\s*$/.exec(part) ?? [];
    if (name === undefined || parameters.has(name.toLowerCase())) return undefined;
    parameters.set(name.toLowerCase(), quoted ?? plain ?? '');
  }
  const token = parameters.get('t');
  const key = parameters.get('k');
  return token && key ? { token, key } : undefined;
}

function toJwk(applicationServerKey: string): JWK {
  const point = Buffer.from(applicationServerKey, 'base64url');
  return {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
}
