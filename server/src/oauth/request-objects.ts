// Signed requests to log a person in (RFC 9101), at /authorize and pushed. The provider verifies them by the client's keys; what is
// here is who may send them, who must, and what it would misread in them. Signed requests to /bc-authorize are not the
// provider's: see signed-request.
import { decodeJwt, decodeProtectedHeader, errors as joseErrors } from 'jose';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { type ClientConfig, REQUEST_ALGORITHMS } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { ClientKeys } from './client-keys.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';

/** Stands in for `request` where the profile has none: the provider cannot turn it off for single clients. */
const UNSUPPORTED_REQUEST = 'request_of_another_profile';

/** RFC 8037 and RFC 9864 call the same algorithm by two names. */
export const REQUEST_OBJECT_ALGORITHMS: readonly string[] = [...REQUEST_ALGORITHMS, 'Ed25519'];

export const REQUEST_OBJECT_PARAMETERS = {
  [UNSUPPORTED_REQUEST]: (_ctx: KoaContextWithOIDC, value: string | undefined): void => {
    if (value !== undefined) throw new errors.RequestNotSupported();
  },
} satisfies NonNullable<Configuration['extraParams']>;

/** The same request, in which the provider finds a signed one only where the client may send one. */
export function withRequestObject(
  tenant: Tenant,
  client: ClientConfig | undefined,
  parameters: RequestParameters,
): RequestParameters {
  const { request, ...others } = parameters;
  if (request === undefined || rulesOf(tenant, client).takesRequestObjects) return parameters;
  return { ...others, [UNSUPPORTED_REQUEST]: request };
}

/** Has the keys at hand by which the provider will verify, also those that the client publishes. */
export async function learnRequestKeys(
  keys: ClientKeys,
  client: ClientConfig | undefined,
  parameters: RequestParameters,
): Promise<void> {
  const jwt = parameter(parameters, 'request');
  if (jwt === undefined || client === undefined) return;
  try {
    const { kid } = decodeProtectedHeader(jwt);
    await keys.learn(client, { kid });
  } catch (error) {
    // Not a JWT: the provider says so.
    if (!(error instanceof TypeError) && !(error instanceof joseErrors.JOSEError)) throw error;
  }
}

/** The provider's `assertJwtClaimsAndHeader`. It also reads what was pushed before, which was judged then. */
export function judgeRequestObject(ctx: KoaContextWithOIDC, claims: Readonly<Record<string, unknown>>): void {
  if (ctx.oidc.entities.PushedAuthorizationRequest || claims['resource'] === undefined) return;
  throw new errors.InvalidRequestObject('a signed request names its API by "audience", not by "resource"');
}

/** RFC 9101 §10.5: a client that has said so is taken at its word. */
export function requireRequestObject(client: ClientConfig, ctx: KoaContextWithOIDC): void {
  if (!client.require_signed_request_object || signedRequest(ctx) !== undefined) return;
  throw new errors.InvalidRequest('This client must send a signed request object, as the parameter request');
}

/** The scope within a signed request; undefined for any other. */
export function scopeOfRequestObject(ctx: KoaContextWithOIDC): unknown {
  const jwt = signedRequest(ctx);
  return jwt === undefined ? undefined : decodeJwt(jwt)['scope'];
}

function signedRequest(ctx: KoaContextWithOIDC): string | undefined {
  const pushed = ctx.oidc.entities.PushedAuthorizationRequest?.request;
  // The provider keeps what was pushed as a JWT, too, but as one without a signature.
  if (pushed !== undefined) return decodeProtectedHeader(pushed).alg === 'none' ? undefined : pushed;
  const sent = ctx.oidc.route === 'authorization' ? ctx.query['request'] : ctx.oidc.body?.['request'];
  return typeof sent === 'string' && sent !== '' ? sent : undefined;
}
