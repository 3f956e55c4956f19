// Which audience a request is for, and which scopes it gets there. The same for every flow on behalf of a person.
// auth0: API access policies for applications; RBAC for APIs.
import type { ClientConfig, ClientGrantConfig, ResourceServerConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { Refusal } from './refusal.ts';
import { STANDARD_SCOPES } from './scopes.ts';

export interface GrantedAccess {
  resourceServer: ResourceServerConfig | undefined;
  clientGrant: ClientGrantConfig | undefined;
}

/** `audience`, else `resource` where the tenant reads it. auth0: Resource Parameter Compatibility Profile. */
export function requestedAudience(
  tenant: Tenant,
  parameters: RequestParameters,
  client: ClientConfig | undefined,
): string | undefined {
  const readsResource =
    rulesOf(tenant, client).readsResource ||
    tenant.config.tenant.resource_parameter_profile === 'compatibility';
  return parameter(parameters, 'audience') ?? (readsResource ? parameter(parameters, 'resource') : undefined);
}

/** The requested audience, else the tenant's default. /userinfo alone is what a token is for without any: auth0: Get Access Tokens. */
export function readAudience(
  tenant: Tenant,
  parameters: RequestParameters,
  client: ClientConfig | undefined,
): string | undefined {
  const audience = requestedAudience(tenant, parameters, client) ?? tenant.config.tenant.default_audience;
  // Making an address costs more than the rest of it.
  const isUserInfo = audience?.endsWith('/userinfo') && audience === new URL('userinfo', tenant.issuer).href;
  return isUserInfo ? undefined : audience;
}

/** 403 with Auth0's words for a client without a client grant. auth0: client credentials flow. */
function missingClientGrant(audience: string): Refusal {
  return new Refusal(
    403,
    'access_denied',
    `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`,
  );
}

/** The API behind `audience`, if this client may ask for it on behalf of a person. */
export function authorizeAudience(
  tenant: Tenant,
  client: ClientConfig,
  audience: string | undefined,
): GrantedAccess {
  if (audience === undefined) return { resourceServer: undefined, clientGrant: undefined };
  const resourceServer = tenant.directory.resourceServer(audience);
  const rules = rulesOf(tenant, client);
  const refuse = (refusal: Refusal): Refusal =>
    rules.refusesUnknownAudiences === 'invalid_target' ? invalidTarget(refusal.hint) : refusal;
  if (!resourceServer) {
    const known = tenant.directory.resourceServers().map((api) => api.identifier);
    throw refuse(
      new Refusal(
        403,
        'access_denied',
        `Service not found: ${audience}`,
        `create an API with the identifier "${audience}". This tenant has: ${known.join(', ') || 'none'}`,
      ),
    );
  }
  // RFC 9068 §2.1: a shared secret signs no such token.
  if (rules.accessTokenShape === 'RFC 9068' && resourceServer.signing_alg === 'HS256') {
    throw invalidTarget(`give "${audience}" a signing_alg other than HS256, or the client the profile auth0`);
  }
  const clientGrant = tenant.directory.clientGrant(client.client_id, audience, 'user');
  switch (resourceServer.subject_type_authorization.user.policy) {
    case 'allow_all':
      return { resourceServer, clientGrant };
    case 'require_client_grant':
      if (!clientGrant) throw refuse(missingClientGrant(audience));
      return { resourceServer, clientGrant };
    case 'deny_all':
      throw refuse(missingClientGrant(audience));
  }
}

/** RFC 8707 §2. */
export function invalidTarget(hint: string | undefined): Refusal {
  return new Refusal(
    400,
    'invalid_target',
    'The requested resource is unknown, or this client may not ask for it',
    hint,
  );
}

/**
 * The scopes that an approval or a login grants: standard ones, and those of the API, cut by the client grant and, with
 * RBAC, by what the person may do. What the API does not define is dropped in silence, as Auth0 does, or refused, by the
 * rules of the client.
 */
export function grantScopes(
  tenant: Tenant,
  client: ClientConfig,
  userId: string,
  access: GrantedAccess,
  requested: readonly string[],
): string[] {
  const { resourceServer, clientGrant } = access;
  const defined = new Set(resourceServer?.scopes.map((scope) => scope.value) ?? []);
  const permitted = resourceServer?.enforce_policies
    ? new Set(tenant.directory.permissions(userId, resourceServer.identifier))
    : defined;
  const capped =
    resourceServer?.subject_type_authorization.user.policy === 'require_client_grant'
      ? new Set(clientGrant?.scope ?? [])
      : defined;
  if (rulesOf(tenant, client).refusesUnknownScopes) {
    const isStandard = (scope: string): boolean => (STANDARD_SCOPES as readonly string[]).includes(scope);
    const lost = requested.filter(
      (scope) => !isStandard(scope) && !(defined.has(scope) && capped.has(scope)),
    );
    if (lost.length > 0) throw invalidScope(lost, [...STANDARD_SCOPES, ...defined]);
  }
  return [...new Set(requested)].filter((scope) => {
    if (scope === 'offline_access') {
      // auth0: Refresh tokens. The API must allow offline access and the client the grant.
      return client.grant_types.includes('refresh_token') && (resourceServer?.allow_offline_access ?? true);
    }
    if ((STANDARD_SCOPES as readonly string[]).includes(scope)) return true;
    return defined.has(scope) && permitted.has(scope) && capped.has(scope);
  });
}

/** RFC 6749 §5.2. */
function invalidScope(lost: readonly string[], known: readonly string[]): Refusal {
  return new Refusal(
    400,
    'invalid_scope',
    `Unknown here, or not for this client: ${lost.join(' ')}`.slice(0, 200),
    `expected some of ${known.join(', ')}`,
  );
}

/** What a machine may do at an API: everything its client grant lists, or the part it asked for. */
export function grantMachineScopes(
  tenant: Tenant,
  client: ClientConfig,
  audience: string | undefined,
  requested: readonly string[],
): { resourceServer: ResourceServerConfig; scope: string[] } {
  const rules = rulesOf(tenant, client);
  const refuse = (refusal: Refusal): Refusal =>
    rules.refusesUnknownAudiences === 'invalid_target' ? invalidTarget(refusal.hint) : refusal;
  if (audience === undefined) {
    throw refuse(
      new Refusal(
        403,
        'access_denied',
        'No audience parameter was provided, and no default audience has been configured',
      ),
    );
  }
  const resourceServer = tenant.directory.resourceServer(audience);
  if (!resourceServer) throw refuse(new Refusal(403, 'access_denied', `Service not found: ${audience}`));
  const grant = tenant.directory.clientGrant(client.client_id, audience, 'client');
  if (!grant || resourceServer.subject_type_authorization.client.policy === 'deny_all') {
    throw refuse(missingClientGrant(audience));
  }
  const missing = requested.filter((scope) => !grant.scope.includes(scope));
  if (missing.length > 0) {
    if (rules.refusesUnknownScopes) throw invalidScope(missing, grant.scope);
    throw new Refusal(403, 'access_denied', `Client has not been granted scopes: ${missing.join(', ')}`);
  }
  return { resourceServer, scope: requested.length > 0 ? [...requested] : grant.scope };
}
