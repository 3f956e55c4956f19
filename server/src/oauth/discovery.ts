// What the server says about itself: in the profile `auth0` what a real tenant says, in `standard` what works here and nothing else.
// The same document for OpenID Connect and for OAuth. Always of the issuer, whatever Host header the caller sent.
// OpenID Connect Discovery §3, RFC 8414 §2, CIBA Core §4.
import {
  ID_TOKEN_ALGORITHMS,
  IMITATED_GRANT_TYPES,
  MUTUAL_TLS_METHODS,
  REQUEST_ALGORITHMS,
} from '../contract/index.ts';
import { DPOP_ALGORITHMS } from '../possession/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { discoveryDocument, REGISTRATION_PATH, ROUTES } from './auth0-dialect.ts';
import { acrValuesOf } from './authentication-context.ts';
import { detailTypesMetadata } from './detail-types.ts';
import { type ProfileRules, rulesOf } from './profiles.ts';
import { CLAIMS_BY_SCOPE, STANDARD_SCOPES } from './scopes.ts';

/** What the documents are made of. */
export interface DescribedTenant extends Pick<Tenant, 'issuer' | 'mtlsUrl' | 'config'> {
  readonly directory: Pick<Tenant['directory'], 'clients' | 'resourceServers'>;
}

const DOCUMENTS: Readonly<
  Record<ProfileRules['discovery'], (tenant: DescribedTenant, rules: ProfileRules) => Record<string, unknown>>
> = {
  auth0: ({ issuer }) => discoveryDocument(issuer),
  standard: (tenant, rules) => ({
    ...endpoints(tenant),
    ...abilities(tenant),
    ...clientAuthentication(rules),
    ...ciba(rules),
    ...detailTypesMetadata(tenant),
  }),
};

export function describeTenant(tenant: DescribedTenant): Record<string, unknown> {
  const rules = rulesOf(tenant, undefined);
  return withMutualTls(tenant, DOCUMENTS[rules.discovery](tenant, rules));
}

function endpoints({ issuer, config }: DescribedTenant) {
  const at = (path: string): string => new URL(path, issuer).href;
  return {
    issuer,
    authorization_endpoint: at(ROUTES.authorization),
    token_endpoint: at(ROUTES.token),
    backchannel_authentication_endpoint: at(ROUTES.backchannel_authentication),
    pushed_authorization_request_endpoint: at(ROUTES.pushed_authorization_request),
    device_authorization_endpoint: at(ROUTES.device_authorization),
    userinfo_endpoint: at(ROUTES.userinfo),
    revocation_endpoint: at(ROUTES.revocation),
    introspection_endpoint: at(ROUTES.introspection),
    ...(config.registration.enabled ? { registration_endpoint: at(REGISTRATION_PATH) } : {}),
    end_session_endpoint: at(ROUTES.end_session),
    jwks_uri: at(ROUTES.jwks),
  };
}

function abilities(tenant: DescribedTenant) {
  return {
    scopes_supported: [...STANDARD_SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: [...IMITATED_GRANT_TYPES],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...ID_TOKEN_ALGORITHMS],
    dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
    acr_values_supported: [...acrValuesOf(tenant)],
    claims_supported: [
      ...Object.values(CLAIMS_BY_SCOPE).flat(),
      ...['iss', 'aud', 'iat', 'exp', 'auth_time', 'acr', 'amr'],
    ],
    claims_parameter_supported: false,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: [...REQUEST_ALGORITHMS],
    request_uri_parameter_supported: false,
  };
}

/** Without `none`: whoever has no way to prove itself may log people in, but not ask them. */
function clientAuthentication({ assertionAlgorithms }: ProfileRules) {
  const methods = ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'];
  return {
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
  };
}

/** CIBA Core §4. */
function ciba({ deliveryModes }: ProfileRules) {
  return {
    backchannel_token_delivery_modes_supported: [...deliveryModes],
    backchannel_authentication_request_signing_alg_values_supported: [...REQUEST_ALGORITHMS],
    backchannel_user_code_parameter_supported: true,
  };
}

/** Endpoints that are also at the listener for certificates, where the document has them: all that programs call. */
const ALIASED = [
  'token_endpoint',
  'backchannel_authentication_endpoint',
  'pushed_authorization_request_endpoint',
  'device_authorization_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
  'userinfo_endpoint',
  'registration_endpoint',
];

/** The discovery document, with what a listener for certificates adds to it. RFC 8705 §3.3 and §5. */
function withMutualTls(
  { mtlsUrl }: DescribedTenant,
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (mtlsUrl === undefined) return { ...document };
  const methods = Object.entries(document).filter(([name]) =>
    name.endsWith('_endpoint_auth_methods_supported'),
  );
  return {
    ...document,
    ...Object.fromEntries(
      methods.map(([name, supported]) => [name, [...new Set([supported, MUTUAL_TLS_METHODS].flat())]]),
    ),
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: Object.fromEntries(
      ALIASED.flatMap((name) => {
        const address = document[name];
        return typeof address === 'string' ? [[name, new URL(new URL(address).pathname, mtlsUrl).href]] : [];
      }),
    ),
  };
}
