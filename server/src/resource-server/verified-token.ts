// What is known about a token once its signature and claims hold.
import type { JWTPayload } from 'jose';
import type { AuthorizationDetail } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { tokenIdOf } from '../token-id.ts';

/** `access_token`: header type `JWT`, client in `azp`. `rfc9068_profile`: `at+jwt`, client in `client_id`. auth0: Access Token Profiles. */
export type TokenDialect = 'access_token' | 'rfc9068_profile';

export interface VerifiedToken {
  /** `jti`, or a digest of the signed part: the default dialect has no `jti`. Names the token, opens nothing. */
  readonly id: string;
  readonly dialect: TokenDialect;
  /** `user_id` of the approver, or `CLIENT@clients` for a token that a program got for itself. */
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Empty when the token carries none. */
  readonly details: readonly AuthorizationDetail[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** `expiresAt` and the tolerance of the verifier: from then on it refuses the token. Milliseconds since the epoch. */
  readonly acceptedUntil: number;
  /** All claims, as signed. */
  readonly claims: JWTPayload;
}

/** Why a token whose signature is good is still not an access token that we take. */
export interface UnusableToken {
  readonly unusable: string;
}

function readDialect(type: string | undefined, claims: JWTPayload): TokenDialect | undefined {
  // RFC 9068 §4: "at+jwt" or "application/at+jwt", as media types without regard to case.
  const lower = type?.toLowerCase();
  if (lower === 'at+jwt' || lower === 'application/at+jwt') return 'rfc9068_profile';
  if (lower === 'jwt' && isForAnApi(claims)) return 'access_token';
  return undefined;
}

/**
 * The default dialect shares its header type with ID tokens. Those are for their client, OpenID Connect Core §2 (`aud`),
 * and carry neither a scope nor the grant type `gty`. An access token without a scope is genuine all the same: the client
 * grant of a program may list none. auth0: Access Token Profiles.
 */
function isForAnApi({ scope, gty, azp, aud }: JWTPayload): boolean {
  if (typeof scope === 'string' || typeof gty === 'string') return true;
  return typeof azp === 'string' && aud !== undefined && ![aud].flat().includes(azp);
}

function isAuthorizationDetail(value: unknown): value is AuthorizationDetail {
  return isJsonObject(value) && typeof value['type'] === 'string';
}

/**
 * Reads the claims of a token whose signature, `iss`, `aud` and times hold already.
 *
 * @param token the compact serialization
 * @param type `typ` of the protected header
 * @param clockToleranceSeconds how long after its end the token was still accepted
 */
export function readVerifiedToken(
  token: string,
  type: string | undefined,
  claims: JWTPayload,
  clockToleranceSeconds: number,
): VerifiedToken | UnusableToken {
  const dialect = readDialect(type, claims);
  if (!dialect) {
    return {
      unusable: `it is not an access token: its type is ${type ?? 'missing'}, expected at+jwt, or JWT with a scope, a gty, or an audience other than its client`,
    };
  }
  const clientClaim = dialect === 'rfc9068_profile' ? 'client_id' : 'azp';
  const clientId = claims[clientClaim];
  if (typeof clientId !== 'string')
    return { unusable: `it lacks the claim ${clientClaim} of its dialect ${dialect}` };
  // RFC 9068 §2.2: jti is required there.
  if (dialect === 'rfc9068_profile' && typeof claims.jti !== 'string')
    return { unusable: 'it lacks the claim jti' };
  if (typeof claims.sub !== 'string' || typeof claims.exp !== 'number') {
    return { unusable: 'it lacks the claim sub or exp' };
  }
  const scope = claims['scope'] ?? '';
  if (typeof scope !== 'string') return { unusable: 'its claim scope is not text' };
  // RFC 9396 §9.1: the claim is an array of objects that each have a type.
  const details = claims['authorization_details'] ?? [];
  if (!Array.isArray(details) || !details.every(isAuthorizationDetail)) {
    return { unusable: 'its claim authorization_details is not a list of objects with a type' };
  }
  return {
    id: tokenIdOf(token, claims.jti),
    dialect,
    sub: claims.sub,
    clientId,
    scopes: new Set(scope.split(' ').filter(Boolean)),
    details,
    expiresAt: claims.exp * 1000,
    acceptedUntil: (claims.exp + clockToleranceSeconds) * 1000,
    claims,
  };
}
