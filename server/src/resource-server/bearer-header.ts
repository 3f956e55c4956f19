// Finds the token in a request. Only the Authorization header counts: RFC 6750 §2.2 and §2.3 also know form and query
// parameters, which leak into logs and are gone from OAuth 2.1.
import type { TokenScheme } from '../possession/index.ts';
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

/** Of a token that may be bound to a key. */
export type TokenCredentials =
  | { readonly found: true; readonly token: string; readonly scheme: TokenScheme }
  | { readonly found: false; readonly refusal: BearerRefusal };

// RFC 6750 §2.1: b64token; RFC 9449 §7.1 has the same syntax.
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** RFC 6750 §2.1, RFC 9449 §7.1. */
const SCHEMES: readonly TokenScheme[] = ['Bearer', 'DPoP'];

/** The value of a header, whatever shape the request has. */
export function readHeader(source: AuthorizationSource, name = 'authorization'): string | undefined {
  if (source === undefined || typeof source === 'string') {
    return name === 'authorization' ? source : undefined;
  }
  const { headers } = source;
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const value = (headers as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * Takes the bearer token out of a request.
 *
 * @returns the token, or why there is none: 401 without an error code when the request tries no bearer token at all
 *   (RFC 6750 §3.1, last paragraph), 400 `invalid_request` when it tries and fails to spell one
 */
export function readBearerToken(source: AuthorizationSource): BearerCredentials {
  const credentials = readAccessToken(source);
  if (!credentials.found) return credentials;
  if (credentials.scheme === 'Bearer') return { found: true, token: credentials.token };
  return { found: false, refusal: refuseScheme('DPoP', 'Bearer tokens') };
}

/** The same, also for a token that comes with a DPoP proof. RFC 9449 §7.1. */
export function readAccessToken(source: AuthorizationSource): TokenCredentials {
  const header = readHeader(source)?.trim();
  if (header === undefined || header === '') {
    return {
      found: false,
      refusal: { status: 401, description: 'no access token was sent; send "Authorization: Bearer TOKEN"' },
    };
  }
  const [scheme = '', ...rest] = header.split(/ +/);
  // RFC 9110 §11.1: the scheme is case-insensitive.
  const known = SCHEMES.find((one) => one.toLowerCase() === scheme.toLowerCase());
  if (known === undefined) return { found: false, refusal: refuseScheme(scheme, 'Bearer and DPoP tokens') };
  const [token] = rest;
  if (rest.length !== 1 || token === undefined || !TOKEN.test(token)) {
    return {
      found: false,
      refusal: {
        status: 400,
        error: 'invalid_request',
        description: `the Authorization header must be the word ${known}, a space and one token`,
      },
    };
  }
  return { found: true, token, scheme: known };
}

function refuseScheme(scheme: string, expected: string): BearerRefusal {
  return { status: 401, description: `the scheme ${scheme} was sent; this API takes ${expected}` };
}
