// Finds the token in a request. Only the Authorization header counts: RFC 6750 §2.2 and §2.3 also know form and query
// parameters, which leak into logs and are gone from OAuth 2.1.
import type { BearerRefusal } from './bearer-refusal.ts';

/** A header value, or a request that has one: Node's, Koa's `ctx.req`, Express's, Fastify's `request.raw`, or a Fetch `Request`. */
export type AuthorizationSource =
  | string
  | undefined
  | { readonly headers: { readonly authorization?: string | undefined } }
  | { readonly headers: { get(name: string): string | null } };

export type BearerCredentials =
  | { readonly found: true; readonly token: string }
  | { readonly found: false; readonly refusal: BearerRefusal };

// RFC 6750 §2.1: b64token.
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The value of the Authorization header, whatever shape the request has. */
function readHeader(source: AuthorizationSource): string | undefined {
  if (source === undefined || typeof source === 'string') return source;
  const { headers } = source;
  if ('get' in headers && typeof headers.get === 'function') return headers.get('authorization') ?? undefined;
  return 'authorization' in headers ? headers.authorization : undefined;
}

/**
 * Takes the bearer token out of a request.
 *
 * @returns the token, or why there is none: 401 without an error code when the request tries no bearer token at all
 *   (RFC 6750 §3.1, last paragraph), 400 `invalid_request` when it tries and fails to spell one
 */
export function readBearerToken(source: AuthorizationSource): BearerCredentials {
  const header = readHeader(source)?.trim();
  if (header === undefined || header === '') {
    return {
      found: false,
      refusal: { status: 401, description: 'no access token was sent; send "Authorization: Bearer TOKEN"' },
    };
  }
  const [scheme = '', ...rest] = header.split(/ +/);
  // RFC 9110 §11.1: the scheme is case-insensitive.
  if (scheme.toLowerCase() !== 'bearer') {
    return {
      found: false,
      refusal: { status: 401, description: `the scheme ${scheme} was sent; this API takes Bearer tokens` },
    };
  }
  const [token] = rest;
  if (rest.length !== 1 || token === undefined || !BEARER_TOKEN.test(token)) {
    return {
      found: false,
      refusal: {
        status: 400,
        error: 'invalid_request',
        description: 'the Authorization header must be the word Bearer, a space and one token',
      },
    };
  }
  return { found: true, token };
}
