// Verifies the signature of a whole token with the keys that its issuer publishes. Says nothing about the claims: an expired
// token of ours still has a good signature, and the view shows its times beside the verdict.
import { type CompactJWSHeaderParameters, compactVerify, errors, importJWK, type JWK } from 'jose';

export type JwtVerdict =
  | { verdict: 'verified'; keyId: string; algorithm: string }
  | { verdict: 'wrong'; why: 'signature' | 'no_key' | 'algorithm' }
  | { verdict: 'unknown'; why: 'keys_unreachable' };

/** Signatures with a public key only: what is signed with a secret cannot be checked with published keys. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];

/** @param fetchKeys the issuer's JWKS, RFC 7517 §5 */
export async function verifyJwt(
  token: string,
  fetchKeys: () => Promise<readonly JWK[]>,
): Promise<JwtVerdict> {
  let keys: readonly JWK[];
  try {
    keys = await fetchKeys();
  } catch {
    return { verdict: 'unknown', why: 'keys_unreachable' };
  }
  const findKey = (header: CompactJWSHeaderParameters) => {
    const key = keys.find(({ kid }) => kid === header.kid);
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    return importJWK(key, header.alg);
  };
  try {
    const { protectedHeader } = await compactVerify(token, findKey, { algorithms: ALGORITHMS });
    return { verdict: 'verified', keyId: protectedHeader.kid ?? '', algorithm: protectedHeader.alg };
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return { verdict: 'wrong', why: 'no_key' };
    if (error instanceof errors.JOSEAlgNotAllowed) return { verdict: 'wrong', why: 'algorithm' };
    return { verdict: 'wrong', why: 'signature' };
  }
}
