// Tokens of an approved request, made of the models of the provider from what its token endpoint would be shown. For those who do
// not go through that: a client that has them pushed, and a poll that is plain. Nothing here reaches into the provider.
import type { BackchannelAuthenticationRequest, Client, Grant, Provider } from 'oidc-provider';
import { CIBA_GRANT_TYPE } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { describeResource } from './provider-resources.ts';

/** As the provider calls the grant in what it keeps. */
export const GRANT_KIND = 'ciba';

export interface TokenSource {
  provider: Provider;
  client: Client;
  grant: Grant;
  request: Pick<
    BackchannelAuthenticationRequest,
    'acr' | 'amr' | 'authTime' | 'claims' | 'nonce' | 'rar' | 'resource' | 'scopes'
  >;
}

/** Not signed before it is saved. @throws Refusal where the client may not have one for this API any more */
export function makeAccessToken(
  tenant: Tenant,
  { provider, client, grant, request }: TokenSource,
  accountId: string,
): InstanceType<Provider['AccessToken']> {
  const token = new provider.AccessToken({
    client,
    accountId,
    grantId: grant.jti,
    gty: GRANT_KIND,
    ...(request.rar === undefined ? {} : { rar: request.rar }),
  });
  const { acr, amr, authTime } = request;
  Object.assign(token, { acr, amr, authTime });
  const [resource] = [request.resource].flat();
  if (resource === undefined) {
    token.claims = request.claims;
    token.scope = grant.getOIDCScopeFiltered(request.scopes);
    return token;
  }
  const api = describeResource(tenant, { clientId: client.clientId, grantType: CIBA_GRANT_TYPE }, resource);
  const scopes = new Set(api.scope.split(' '));
  token.resourceServer = { ...api, scopes, identifier: () => resource };
  token.scope = grant.getResourceScopeFiltered(
    resource,
    [...request.scopes].filter((scope) => scopes.has(scope)),
  );
  return token;
}

/** @param pinned claims beside those about the person and the login; the provider leaves out what is undefined */
export async function makeIdToken(
  { provider, client, grant, request }: TokenSource,
  claims: Record<string, unknown>,
  pinned: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { acr, amr, authTime } = request;
  const token = new provider.IdToken({ ...claims, acr, amr, auth_time: authTime }, { client });
  // As the provider's own token endpoint does: the granted scopes choose the claims.
  Object.assign(token, {
    scope: grant.getOIDCScopeFiltered(request.scopes),
    mask: { ...request.claims?.id_token },
    rejected: grant.getRejectedOIDCClaims(),
  });
  for (const [name, value] of Object.entries(pinned)) token.set(name, value);
  return token.issue({ use: 'idtoken' });
}
