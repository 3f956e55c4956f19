// Reads one DPoP proof: a JWT by which a caller shows that it holds a key, made for one request. RFC 9449 §4.2 and §4.3. Whoever
// calls this says what the request was; that a proof is good only once is `possession` and `oauth/dpop-requests`.

import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTPayload, jwtVerify } from 'jose';
import { toErrorText } from '../error-text.ts';
import { digestOf } from './digest.ts';

/** Asymmetric all of them, RFC 9449 §4.2; in the order in which they are told. */
export const DPOP_ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
] as const;

/** How far `iat` may be from now, either way: the clocks of two computers, and the time of a retry. In seconds. */
export const DPOP_WINDOW_SECONDS = 300;

export interface ProvenRequest {
  readonly method: string;
  /** Every address under which this request may have been sent. A query is not looked at, RFC 9449 §4.3. */
  readonly urls: readonly string[];
  /** What may count as now: a client may go by the computer's time or by the tenant's. Milliseconds since the epoch. */
  readonly nowsMs: readonly number[];
  readonly algorithms?: readonly string[];
  /** At an API: the token that the proof goes with. */
  readonly accessToken?: string;
}

export interface DpopProof {
  /** Of the key, RFC 7638: what `cnf.jkt` of a token names. */
  readonly thumbprint: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly nonce: string | undefined;
  /** Which of `urls` it was made for. */
  readonly url: string;
}

export type ReadProof = { readonly proof: DpopProof } | { readonly wrong: string };

/** Of what came in as the header: there must be exactly one. RFC 9449 §4.3, check 1. */
export async function readDpopProof(headers: readonly string[], request: ProvenRequest): Promise<ReadProof> {
  const [text] = headers;
  if (text === undefined) return { wrong: 'no DPoP proof was sent; send the header DPoP' };
  if (headers.length > 1) return { wrong: `${headers.length} DPoP headers were sent, expected one` };
  const verified = await verify(text, request);
  if ('wrong' in verified) return { wrong: toErrorText(verified.wrong) };
  const { payload, thumbprint } = verified;
  const wrong = findWrongClaim(payload, request);
  if (wrong !== undefined) return { wrong: toErrorText(wrong) };
  const { jti, iat, nonce } = payload as { jti: string; iat: number; nonce?: string };
  const url = request.urls.find((one) => normalizeUrl(one) === normalizeUrl(payload['htu'])) ?? '';
  return { proof: { thumbprint, jti, iat, nonce, url } };
}

async function verify(
  text: string,
  { algorithms = DPOP_ALGORITHMS, nowsMs }: ProvenRequest,
): Promise<{ payload: JWTPayload; thumbprint: string } | { wrong: string }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(text, EmbeddedJWK, {
      algorithms: [...algorithms],
      typ: 'dpop+jwt',
      // `exp` and `nbf` have no say here; `iat` is judged apart, by either clock.
      currentDate: new Date(nowsMs[0] ?? 0),
    });
    // EmbeddedJWK has made sure that there is a public key.
    return { payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk ?? {}) };
  } catch (error) {
    // Keys that are none, or too short, are no error of jose's: they come from the platform, in various kinds.
    return {
      wrong:
        error instanceof errors.JOSEError
          ? explain(error)
          : `the key of the DPoP proof cannot be used: ${String(error)}`,
    };
  }
}

function findWrongClaim(payload: JWTPayload, request: ProvenRequest): string | undefined {
  const { jti, iat, htm, htu, nonce, ath } = payload;
  if (typeof jti !== 'string' || jti === '') return 'the DPoP proof has no jti';
  if (typeof iat !== 'number') return 'the DPoP proof has no iat';
  if (htm !== request.method)
    return `the DPoP proof is for the method ${show(htm)}, expected ${request.method}`;
  const sentTo = normalizeUrl(htu);
  if (sentTo === undefined || !request.urls.some((url) => normalizeUrl(url) === sentTo)) {
    return `the DPoP proof is for ${show(htu)}, expected ${request.urls.join(' or ')}`;
  }
  const isRecent = request.nowsMs.some((nowMs) => Math.abs(nowMs / 1000 - iat) <= DPOP_WINDOW_SECONDS);
  if (!isRecent) return `iat of the DPoP proof is more than ${DPOP_WINDOW_SECONDS} seconds from now`;
  if (nonce !== undefined && typeof nonce !== 'string') return 'nonce of the DPoP proof is no text';
  if (request.accessToken !== undefined && ath !== digestOf(request.accessToken)) {
    return ath === undefined
      ? 'the DPoP proof has no ath, the digest of the access token'
      : 'the DPoP proof goes with another access token: its ath differs';
  }
  return undefined;
}

/** RFC 3986 §6.2.2 and §6.2.3, as RFC 9449 §4.3 asks; without query and fragment. */
function normalizeUrl(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url) return undefined;
  url.search = '';
  url.hash = '';
  return url.href;
}

function explain(error: errors.JOSEError): string {
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the signature of the DPoP proof is wrong';
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'the DPoP proof is signed with an algorithm that is not accepted here';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'typ') {
    return 'the type of the DPoP proof is not dpop+jwt';
  }
  return `the DPoP proof cannot be read: ${error.message}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
