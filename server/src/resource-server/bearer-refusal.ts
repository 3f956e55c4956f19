// How an API says no. The four codes, their statuses and the challenge header, in one place.
import { toErrorText } from '../error-text.ts';
import { DPOP_ALGORITHMS, type TokenScheme } from '../possession/index.ts';
import type { DetailDifference } from './detail-differences.ts';

/**
 * Error codes of a resource server.
 *
 * `invalid_request`, `invalid_token` and `insufficient_scope` are RFC 6750 §3.1. RFC 9396 §9 asks the resource server to
 * enforce the details but names no error for it; `insufficient_authorization_details` with status 403 is the term of
 * draft-zehavi-oauth-rar-metadata-04 ("Resource Server Error Signaling"), which Auth0's sample APIs use as well.
 * `invalid_dpop_proof` and `use_dpop_nonce` are RFC 9449 §7.1 and §9.
 */
export type BearerErrorCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_authorization_details'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/** Why a request was refused. A value, not an exception: being asked with a bad token is everyday work. */
export interface BearerRefusal {
  readonly status: 400 | 401 | 403;
  /** Left out when the request brought no bearer token: RFC 6750 §3.1 asks for a challenge without a code then. */
  readonly error?: BearerErrorCode;
  /** For developers: what was received, what was expected. Not limited in characters; the header escapes it. */
  readonly description: string;
  /** Scopes that would have been enough, with `insufficient_scope`. RFC 6750 §3. */
  readonly scope?: string;
  /** Of the challenge. Default: Bearer. */
  readonly scheme?: TokenScheme;
  /** With `use_dpop_nonce`, for the header DPoP-Nonce. RFC 9449 §9. */
  readonly nonce?: string;
  /** Where the approved details and the action at hand differ, with `insufficient_authorization_details`. */
  readonly differences?: readonly DetailDifference[];
}

// Long texts would make the header a burden for proxies; the body carries the whole description.
const LONGEST_HEADER_DESCRIPTION = 400;

function toHeaderText(text: string): string {
  return toErrorText(text).slice(0, LONGEST_HEADER_DESCRIPTION);
}

/**
 * The WWW-Authenticate header that must go with a refusal, RFC 6750 §3 and RFC 9449 §7.1.
 *
 * @param realm names the protected area; characters that a quoted string cannot hold are replaced
 * @example `Bearer realm="bank", error="insufficient_scope", error_description="…", scope="create:transfer"`
 */
export function challengeOf(refusal: BearerRefusal, realm?: string): string {
  const parameters: Array<[string, string | undefined]> = [
    ['realm', realm],
    ['error', refusal.error],
    // RFC 6750 §3.1: without authentication information, no error information either.
    ['error_description', refusal.error && refusal.description],
    ['scope', refusal.scope],
    // RFC 9449 §7.1: which algorithms a proof may be signed with.
    ['algs', refusal.scheme === 'DPoP' ? DPOP_ALGORITHMS.join(' ') : undefined],
  ];
  const scheme = refusal.scheme ?? 'Bearer';
  const text = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${toHeaderText(value)}"`],
  );
  return text.length === 0 ? scheme : `${scheme} ${text.join(', ')}`;
}

export interface RefusalBody {
  readonly error: BearerErrorCode | 'unauthorized';
  readonly error_description: string;
  readonly differences?: readonly DetailDifference[];
}

/** A JSON body for people and agents that do not read headers. RFC 6750 leaves the body free. */
export function refusalBody(refusal: BearerRefusal): RefusalBody {
  return {
    error: refusal.error ?? 'unauthorized',
    error_description: refusal.description,
    ...(refusal.differences && { differences: refusal.differences }),
  };
}
