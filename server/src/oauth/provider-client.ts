// A client of the tenant in the words of oidc-provider (RFC 7591 metadata).
import type { JWK } from 'jose';
import type { AdapterPayload } from 'oidc-provider';
import {
  CERTIFICATE_SUBJECT_MEMBERS,
  CIBA_GRANT_TYPE,
  type ClientConfig,
  FAPI_ALGORITHMS,
  hasCertificateBoundTokens,
  IMITATED_GRANT_TYPES,
} from '../contract/index.ts';

/**
 * @param keys by which the client may prove itself
 * @param detailTypes that the provider knows; which of them this client may ask for is judged with the API at hand
 */
export function toProviderClient(
  client: ClientConfig,
  keys: readonly JWK[],
  detailTypes: readonly string[],
): AdapterPayload {
  const usesCode = client.grant_types.includes('authorization_code');
  return {
    client_id: client.client_id,
    client_name: client.name,
    ...(client.client_secret === undefined ? {} : { client_secret: client.client_secret }),
    // A key that names one algorithm would refuse the others that are advertised; `alg` is optional, RFC 7517 §4.4.
    // The provider asks nobody for keys: what a jwks_uri led to is here, too.
    ...(client.jwks === undefined && client.jwks_uri === undefined
      ? {}
      : { jwks: { keys: keys.map(({ alg: _alg, ...key }) => key) } }),
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    grant_types: grantTypes(client),
    // A code client without callbacks may exist; it only cannot log anybody in.
    redirect_uris: usesCode ? client.callbacks : [],
    response_types: usesCode && client.callbacks.length > 0 ? ['code'] : [],
    post_logout_redirect_uris: client.allowed_logout_urls,
    application_type: client.app_type === 'native' ? 'native' : 'web',
    // FAPI-CIBA §7.10.
    id_token_signed_response_alg:
      client.id_token_signed_response_alg ?? (client.fapi_ciba ? FAPI_ALGORITHMS[0] : 'RS256'),
    authorization_details_types: detailTypes,
    ...definedOf(client, PASSED_ON),
    ...(hasCertificateBoundTokens(client) ? { tls_client_certificate_bound_access_tokens: true } : {}),
    ...(client.grant_types.includes(CIBA_GRANT_TYPE) ? cibaMetadata(client) : {}),
  } as AdapterPayload;
}

/** Metadata that say the same in the provider. What a feature that is off would read is left alone by it. */
const PASSED_ON = [
  'token_endpoint_auth_signing_alg',
  ...CERTIFICATE_SUBJECT_MEMBERS,
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
] as const satisfies readonly (keyof ClientConfig)[];

/** CIBA Core §4. Which requests must be signed is not the provider's to judge: it is never shown a signed one. */
const CIBA_PASSED_ON = ['backchannel_user_code_parameter'] as const satisfies readonly (keyof ClientConfig)[];

function cibaMetadata(client: ClientConfig): Record<string, unknown> {
  // To the provider everybody polls: calling clients back is `callbacks`, and decisions/0037 says why.
  return { backchannel_token_delivery_mode: 'poll', ...definedOf(client, CIBA_PASSED_ON) };
}

function definedOf(client: ClientConfig, names: readonly (keyof ClientConfig)[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => (client[name] === undefined ? [] : [[name, client[name]]])),
  );
}

function grantTypes(client: ClientConfig): string[] {
  return client.grant_types.filter((grant) =>
    grant === 'authorization_code'
      ? client.callbacks.length > 0
      : (IMITATED_GRANT_TYPES as readonly string[]).includes(grant),
  );
}
