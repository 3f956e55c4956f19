// Where Auth0 differs from the provider: paths, discovery, and the words of errors. Each with its source.
import { CIBA_GRANT_TYPE, DEVICE_GRANT_TYPE } from '../contract/index.ts';

/** auth0: Authentication API reference. Introspection is in the standard profile alone; its address is in the style of the others. */
export const ROUTES = {
  authorization: '/authorize',
  token: '/oauth/token',
  backchannel_authentication: '/bc-authorize',
  pushed_authorization_request: '/oauth/par',
  jwks: '/.well-known/jwks.json',
  userinfo: '/userinfo',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  end_session: '/oidc/logout',
  device_authorization: '/oauth/device/code',
} as const;

/** Endpoints that programs call: form or JSON in, JSON out, nothing to cache, no challenge headers. */
export const API_PATHS: readonly string[] = [
  ROUTES.token,
  ROUTES.backchannel_authentication,
  ROUTES.pushed_authorization_request,
  ROUTES.revocation,
  ROUTES.introspection,
  ROUTES.device_authorization,
];

/** Where clients register themselves, if the tenant lets them. */
export const REGISTRATION_PATH = '/oidc/register';

/** Endpoints that Auth0 advertises and this server does not imitate. They answer 404 and say so. */
export const ABSENT_PATHS: readonly string[] = [REGISTRATION_PATH, '/mfa/challenge'];

/**
 * The discovery document, always of the issuer, whatever Host header the caller sent. OpenID Connect Discovery §3;
 * members and values as a real tenant returns them.
 */
export function discoveryDocument(issuer: string): Record<string, unknown> {
  const at = (path: string): string => new URL(path, issuer).href;
  return {
    issuer,
    authorization_endpoint: at(ROUTES.authorization),
    token_endpoint: at(ROUTES.token),
    device_authorization_endpoint: at(ROUTES.device_authorization),
    userinfo_endpoint: at(ROUTES.userinfo),
    mfa_challenge_endpoint: at('/mfa/challenge'),
    jwks_uri: at(ROUTES.jwks),
    registration_endpoint: at(REGISTRATION_PATH),
    revocation_endpoint: at(ROUTES.revocation),
    scopes_supported: [
      'openid',
      'profile',
      'offline_access',
      'name',
      'given_name',
      'family_name',
      'nickname',
      'email',
      'email_verified',
      'picture',
      'created_at',
      'identities',
      'phone',
      'address',
    ],
    response_types_supported: [
      'code',
      'token',
      'id_token',
      'code token',
      'code id_token',
      'token id_token',
      'code token id_token',
    ],
    code_challenge_methods_supported: ['S256', 'plain'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    claims_supported: [
      'aud',
      'auth_time',
      'created_at',
      'email',
      'email_verified',
      'exp',
      'family_name',
      'given_name',
      'iat',
      'identities',
      'iss',
      'name',
      'nickname',
      'phone_number',
      'picture',
      'sub',
    ],
    request_uri_parameter_supported: false,
    request_parameter_supported: false,
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256'],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    end_session_endpoint: at(ROUTES.end_session),
    pushed_authorization_request_endpoint: at(ROUTES.pushed_authorization_request),
    backchannel_token_delivery_modes_supported: ['poll'],
    backchannel_authentication_endpoint: at(ROUTES.backchannel_authentication),
  };
}

export interface OAuthErrorBody {
  status: number;
  body: {
    error: string;
    error_description?: string | undefined;
    error_uri?: string;
    interval?: number;
  };
}

export interface ProviderError {
  error: string;
  error_description?: string | undefined;
  error_detail?: string | undefined;
  status: number;
}

/** auth0: application grant types. */
const GRANT_TYPES_PAGE = 'https://auth0.com/docs/clients/client-grant-types';

/** The provider's error in Auth0's words; unchanged where it has none. */
export function toAuth0Error(error: ProviderError, grantType: string | undefined): OAuthErrorBody {
  const unchanged: OAuthErrorBody = {
    status: error.status,
    body: { error: error.error, error_description: error.error_description },
  };
  if (error.error === 'invalid_client') {
    // auth0, recorded: one answer for an unknown client and for wrong credentials.
    return { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } };
  }
  if (grantType === DEVICE_GRANT_TYPE) return deviceError(error);
  if (error.error === 'authorization_pending') {
    return {
      status: 400,
      body: { error: error.error, error_description: 'The end-user authorization is pending' },
    };
  }
  if (error.error === 'invalid_grant' && grantType === CIBA_GRANT_TYPE) {
    return { status: 400, body: { error: error.error, error_description: 'Invalid or expired auth_req_id' } };
  }
  if (error.error === 'invalid_grant') return invalidGrant(error, grantType);
  if (error.error === 'unauthorized_client') {
    return { ...unchanged, body: { ...unchanged.body, error_uri: GRANT_TYPES_PAGE } };
  }
  if (error.error !== 'invalid_request') return unchanged;

  const description = error.error_description ?? '';
  if (description === 'no client authentication mechanism provided') {
    return { status: 401, body: { error: 'invalid_client', error_description: 'Missing client_id' } };
  }
  if (description.endsWith('is not allowed for this client')) {
    return {
      status: 403,
      body: {
        error: 'unauthorized_client',
        error_description: `Grant type '${grantType ?? CIBA_GRANT_TYPE}' not allowed for the client.`,
        error_uri: GRANT_TYPES_PAGE,
      },
    };
  }
  const missing = /^missing required parameter(?:\(s\)|s)? (.+)$/.exec(description)?.[1];
  if (missing !== undefined) {
    const [first = missing] = missing.replaceAll("'", '').split(/ and |, /);
    return {
      status: 400,
      body: {
        error: 'invalid_request',
        error_description: `Missing required parameter: ${first}`,
      },
    };
  }
  return unchanged;
}

/** auth0: Device Authorization Flow, token responses. */
function deviceError(error: ProviderError): OAuthErrorBody {
  const words: Readonly<Record<string, string>> = {
    authorization_pending: 'User has yet to authorize device code.',
    expired_token: 'The device code has expired.',
    access_denied: 'User cancelled the confirmation prompt.',
    invalid_grant: 'Invalid or expired device code.',
  };
  const description = words[error.error] ?? error.error_description;
  return { status: 403, body: { error: error.error, error_description: description } };
}

/** auth0, recorded: a bad code answers 403; a bad refresh token too. */
function invalidGrant(error: ProviderError, grantType: string | undefined): OAuthErrorBody {
  const description =
    grantType === 'refresh_token' ? 'Unknown or invalid refresh token.' : 'Invalid authorization code';
  return { status: 403, body: { error: error.error, error_description: description } };
}

/** auth0: CIBA, polling too fast. `Retry-After` carries the same number. */
export function slowDown(intervalSeconds: number): OAuthErrorBody {
  return {
    status: 400,
    body: {
      error: 'slow_down',
      error_description: `You are polling faster than allowed. Try again in ${Math.ceil(intervalSeconds)} seconds.`,
      interval: Math.ceil(intervalSeconds),
    },
  };
}
