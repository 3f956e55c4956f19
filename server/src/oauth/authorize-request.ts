// What /authorize and /oauth/par accept beyond the provider: `audience`, `plain` PKCE, offline_access without a consent
// prompt.
import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { requestedAudience } from './access-rules.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { REQUEST_OBJECT_PARAMETERS, scopeOfRequestObject, withRequestObject } from './request-objects.ts';
import { checkTextLengths, isTooLong } from './text-lengths.ts';

/** RFC 7636 §4.1. */
const CODE_VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/;

/** The same request in the words of the provider. */
export function translateRequest(
  tenant: Tenant,
  client: ClientConfig | undefined,
  parameters: RequestParameters,
): RequestParameters {
  const named = withAudience(tenant, client, withRequestObject(tenant, client, parameters));
  return rulesOf(tenant, client).takesPlainChallenges ? withHashedChallenge(named) : named;
}

/**
 * Auth0's APIs are named by `audience`; `resource` (RFC 8707) counts only where the tenant reads it, and never reaches the
 * provider, which would take it for one of its own. auth0: Resource Parameter Compatibility Profile.
 */
function withAudience(
  tenant: Tenant,
  client: ClientConfig | undefined,
  parameters: RequestParameters,
): RequestParameters {
  const { resource, ...others } = parameters;
  if (resource === undefined) return parameters;
  const audience = requestedAudience(tenant, parameters, client);
  return audience === undefined ? others : { ...others, audience };
}

/**
 * PKCE as S256, the only method the provider knows. A `plain` challenge is the verifier itself (RFC 7636 §4.2), so its hash
 * is the S256 challenge of the same verifier and nothing is lost. No method means `plain` (§4.3).
 */
function withHashedChallenge(parameters: RequestParameters): RequestParameters {
  const { code_challenge: challenge, code_challenge_method: method = 'plain' } = parameters;
  if (typeof challenge !== 'string' || method !== 'plain' || !CODE_VERIFIER.test(challenge))
    return parameters;
  return {
    ...parameters,
    code_challenge: createHash('sha256').update(challenge).digest('base64url'),
    code_challenge_method: 'S256',
  };
}

/**
 * Parameters of Auth0 that the provider should hand on. The provider runs these validators last, after it has dropped
 * offline_access from every request without prompt=consent (OpenID Connect Core §11); Auth0's first-party clients get it
 * without, so it is put back here.
 */
const AUTHORIZE_PARAMETERS = {
  ...REQUEST_OBJECT_PARAMETERS,
  audience: readOtherParameters,
  connection: null,
  organization: null,
  screen_hint: null,
} satisfies NonNullable<Configuration['extraParams']>;

export function authorizeParameters(tenant: Tenant): NonNullable<Configuration['extraParams']> {
  return {
    ...AUTHORIZE_PARAMETERS,
    organization: (ctx: KoaContextWithOIDC, value: string | undefined): void => {
      const client = tenant.directory.client(ctx.oidc.client?.clientId ?? '');
      if (value === undefined || !rulesOf(tenant, client).refusesOrganizations) return;
      // auth0: Organizations. Its words for an application that is not set up for them, as none is here.
      throw new errors.InvalidRequest('parameter organization is not allowed for this client');
    },
  };
}

/** Called with the one parameter; what stands beside it is there by then, too. @throws Refusal */
function readOtherParameters(ctx: KoaContextWithOIDC): void {
  refuseLongTexts(ctx);
  restoreOfflineAccess(ctx);
}

/** Signed, pushed or plain: all parameters are read by now. @throws Refusal */
function refuseLongTexts(ctx: KoaContextWithOIDC): void {
  const parameters = sentParameters(ctx);
  // RFC 6749 §4.1.2.1 has an error repeat the state, which would be too long there as well.
  if (ctx.oidc.params && isTooLong(parameter(parameters, 'state'))) ctx.oidc.params['state'] = undefined;
  checkTextLengths(parameters);
}

function restoreOfflineAccess(ctx: KoaContextWithOIDC): void {
  const { params, client } = ctx.oidc;
  if (ctx.oidc.route === 'backchannel_authentication' || !params || !client) return;
  const words = (scope: unknown): string[] =>
    String(scope ?? '')
      .split(' ')
      .filter((word) => word !== '');
  const kept = words(params['scope']);
  if (!client.grantTypeAllowed('refresh_token')) return;
  const scope = words(sentScope(ctx)).filter((word) => word === 'offline_access' || kept.includes(word));
  params['scope'] = scope.length === 0 ? undefined : [...new Set(scope)].join(' ');
}

/** The scope as the client sent it: signed, pushed before, pushed now, or in the query. */
function sentScope(ctx: KoaContextWithOIDC): unknown {
  const signed = scopeOfRequestObject(ctx);
  if (signed !== undefined) return signed;
  const pushed = ctx.oidc.entities.PushedAuthorizationRequest;
  if (pushed) return decodeJwt(pushed.request)['scope'];
  return ctx.oidc.route === 'authorization' ? ctx.query['scope'] : ctx.oidc.body?.['scope'];
}

/** The parameters of an authorization request, without `resource`, which the provider has filled in itself. */
export function sentParameters(ctx: KoaContextWithOIDC): RequestParameters {
  return Object.fromEntries(
    Object.entries(ctx.oidc.params ?? {}).filter(
      (entry): entry is [string, string] => entry[0] !== 'resource' && typeof entry[1] === 'string',
    ),
  );
}
