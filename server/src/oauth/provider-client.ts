// A client of the tenant in the words of oidc-provider (RFC 7591 metadata).
import type { AdapterPayload } from 'oidc-provider';
import { CIBA_GRANT_TYPE, type ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';

export function toProviderClient(client: ClientConfig, tenant: Tenant): AdapterPayload {
  const usesCode = client.grant_types.includes('authorization_code');
  const types = tenant.directory
    .resourceServers()
    .flatMap((api) => api.authorization_details.map((known) => known.type));
  return {
    client_id: client.client_id,
    client_name: client.name,
    ...(client.client_secret === undefined ? {} : { client_secret: client.client_secret }),
    ...(client.jwks === undefined ? {} : { jwks: client.jwks }),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    grant_types: grantTypes(client),
    // A code client without callbacks may exist; it only cannot log anybody in.
    redirect_uris: usesCode ? client.callbacks : [],
    response_types: usesCode && client.callbacks.length > 0 ? ['code'] : [],
    post_logout_redirect_uris: client.allowed_logout_urls,
    application_type: client.app_type === 'native' ? 'native' : 'web',
    id_token_signed_response_alg: 'RS256',
    authorization_details_types: [...new Set(types)],
    ...(client.grant_types.includes(CIBA_GRANT_TYPE) ? { backchannel_token_delivery_mode: 'poll' } : {}),
  } as AdapterPayload;
}

function grantTypes(client: ClientConfig): string[] {
  return client.grant_types.filter((grant) => grant !== 'authorization_code' || client.callbacks.length > 0);
}
