// How the two profiles differ, in words: what docs/reference/profiles.md is written of. One entry per member of `ProfileRules`.
import { AUTH0_DETAIL_LIMITS, type DetailLimits, STANDARD_DETAIL_LIMITS } from './detail-limits.ts';
import type { ProfileRules } from './profiles.ts';

/** What a difference is, in a sentence per profile. */
export interface Difference {
  readonly about: string;
  readonly auth0: string;
  readonly standard: string;
  readonly source: string;
}

export const DIFFERENCES: Readonly<Record<keyof ProfileRules, Difference>> = {
  discovery: {
    about: 'Discovery document',
    auth0: 'What a real tenant returns, also where nothing here answers.',
    standard: 'What works here, and nothing else. It follows `tenant.profile`.',
    source: 'RFC 8414 §2, CIBA Core §4; auth0: OpenID Connect discovery',
  },
  errors: {
    about: 'Errors of /bc-authorize and /oauth/token',
    auth0:
      'Auth0’s codes, statuses and words: wrong credentials are 401 `access_denied`, a missing grant is 403.',
    standard:
      'Wrong credentials are 401 `invalid_client`, a refusal by policy is 403 `access_denied`, all else is 400.',
    source: 'RFC 6749 §5.2, CIBA Core §11 and §13; auth0: Client-Initiated Backchannel Authentication',
  },
  refusesDetails: {
    about: 'Authorization details beyond a limit, or of a type that is not registered',
    auth0: 'As `ciba.errors.authorization_details_limits` and `ciba.errors.authorization_details_type` say.',
    standard: '400 `invalid_authorization_details`.',
    source: 'RFC 9396 §5; auth0: Configure Rich Authorization Requests',
  },
  takesJson: {
    about: 'JSON as the body of a protocol request',
    auth0: 'Understood, as SDKs of Auth0 send it.',
    standard: '400 `invalid_request`: parameters travel as a form.',
    source: 'RFC 6749 §3.2, CIBA Core §7.1; auth0: auth0-python sends JSON',
  },
  challengesBasic: {
    about: 'Failed HTTP Basic authentication',
    auth0: 'No challenge.',
    standard: '401 with `WWW-Authenticate: Basic`.',
    source: 'RFC 6749 §5.2',
  },
  deliveryModes: {
    about: 'Ways to get the answer',
    auth0: 'Polling.',
    standard: 'Polling, ping and push, as the client is registered.',
    source: 'CIBA Core §5; auth0: Client-Initiated Backchannel Authentication',
  },
  isFirstPartyOnly: {
    about: 'Who may ask people',
    auth0: 'Confidential first-party clients that are OIDC conformant.',
    standard: 'Every confidential client with the grant.',
    source: 'CIBA Core §7.1; auth0: CIBA prerequisites',
  },
  admission: {
    about: 'Parameters of a request',
    auth0:
      '`login_hint` in the `iss_sub` format alone. `binding_message` is required: 64 characters of a small set.',
    standard:
      'One of `login_hint` (e-mail address, user id, phone number or `iss_sub`), `id_token_hint` and `login_hint_token`. `binding_message` may be left out; it has at most 64 characters of any script that can all be seen, else 400 `invalid_binding_message`. An ID token that expired at most 30 days ago is a hint. `user_code` and `acr_values` count; five wrong user codes of a client, or of all that have registered themselves, within 15 minutes are 403 `access_denied` for as long. `requested_expiry` is cut at `ciba.expiry_limit`.',
    source: 'CIBA Core §7.1, §7.2 and §13; auth0: Client-Initiated Backchannel Authentication',
  },
  refusesUnknownScopes: {
    about: 'A scope that neither the API nor OpenID Connect has, or that the client may not ask for',
    auth0: 'Left out in silence.',
    standard: '400 `invalid_scope`.',
    source: 'RFC 6749 §3.3, CIBA Core §13; auth0: API scopes',
  },
  readsResource: {
    about: 'What names the API',
    auth0:
      '`audience`; `resource` as well where `tenant.resource_parameter_profile` is `compatibility`. Else `tenant.default_audience`.',
    standard:
      '`resource` or `audience`, which goes first. Else `tenant.default_audience`; without one the token is for /userinfo.',
    source: 'RFC 8707 §2, RFC 9068 §3; auth0: Resource Parameter Compatibility Profile',
  },
  holdsToTarget: {
    about: '`resource` in a token request for what was granted before',
    auth0: 'Without meaning: the token is for the API that was granted.',
    standard: 'Has to name the API that was granted, else 400 `invalid_target`, and nothing is spent.',
    source: 'RFC 8707 §2.2; auth0: Resource Parameter Compatibility Profile',
  },
  refusesUnknownAudiences: {
    about: 'An API that there is not, or that the client may not ask for',
    auth0: '403 `access_denied`.',
    standard: '400 `invalid_target`.',
    source: 'RFC 8707 §2; auth0: API access policies for applications',
  },
  redeemsLate: {
    about: 'An approved request after its end',
    auth0: 'May be redeemed for `ciba.redemption_grace` more seconds.',
    standard: 'Is over.',
    source: 'CIBA Core §7.3; auth0: observed of SDKs, whose last poll comes late',
  },
  tellsExpiry: {
    about: 'Polling for a request that is over',
    auth0: '`access_denied`, as `ciba.errors.expired` says.',
    standard: '`expired_token`.',
    source: 'CIBA Core §11; auth0: Client-Initiated Backchannel Authentication',
  },
  clientAssertionAudience: {
    about: 'Whom a client assertion is addressed to',
    auth0: 'The issuer or the endpoint that it is sent to.',
    standard:
      'The issuer, the token endpoint or the endpoint that it is sent to; the issuer alone with `tenant.client_assertion_audience: issuer`.',
    source: 'CIBA Core §7.1, RFC 10070 §3; auth0: Authenticate with Private Key JWT',
  },
  assertionAlgorithms: {
    about: 'What a client assertion may be signed with',
    auth0: 'RS256, RS384 and PS256.',
    standard:
      'RS256, RS384, PS256, ES256 and EdDSA; HS256 with a shared secret. PS256 and ES256 alone for a client with `fapi_ciba`.',
    source: 'RFC 7518 §3.1, FAPI-CIBA §7.10; auth0: Authenticate with Private Key JWT',
  },
  isStrictOnAssertions: {
    about: 'Type and end of a client assertion, and a `client_id` beside it',
    auth0: 'Any type, any end. Another `client_id` is 400 `invalid_request`.',
    standard:
      'Of the type `JWT`, `client-authentication+jwt` or none, for a day at most. Another `client_id` is 401 `invalid_client`.',
    source: 'RFC 7521 §4.2, RFC 7523 §3, RFC 10070 §3; auth0: Authenticate with Private Key JWT',
  },
  takesSignedRequests: {
    about: 'A signed authentication request, as `request`',
    auth0: 'Not understood; it counts as a parameter that nobody knows.',
    standard: 'Its claims are the parameters. PS256, ES256, EdDSA and RS256; good once.',
    source: 'CIBA Core §7.1.1',
  },
  accessTokenShape: {
    about: 'Shape of an access token',
    auth0: 'As `token_dialect` of the API says.',
    standard: '`at+jwt` in any case; `permissions` are added where `token_dialect` ends in `_authz`.',
    source: 'RFC 9068 §2; auth0: access token profiles',
  },
  tellsAuthentication: {
    about: '`acr`, `amr` and `auth_time` in ID tokens and access tokens',
    auth0: 'As the provider has them of a login; none for CIBA.',
    standard:
      'When and how the person answered: the first of `acr_values` that was reached, else the surest one that was.',
    source: 'OpenID Connect Core §2, RFC 8176 §2, RFC 9068 §2.2.1, CIBA Core §7.1',
  },
  limitsRequestsPerPerson: {
    about: 'Requests to one person within a minute',
    auth0: 'At most `ciba.requests_per_minute_per_user`.',
    standard: 'As many as the tenant takes.',
    source: 'auth0: CIBA rate limits',
  },
  idTokenAlgorithms: {
    about: 'Signature of an ID token',
    auth0: 'RS256.',
    standard:
      'RS256, PS256, ES256 or EdDSA, as `id_token_signed_response_alg` says; keys of each kind are published.',
    source: 'OpenID Connect Registration §2, RFC 7518 §3.1, RFC 8037 §3.1',
  },
  detailLimits: {
    about: 'Size of `authorization_details`',
    auth0: sizesOf(AUTH0_DETAIL_LIMITS),
    standard: sizesOf(STANDARD_DETAIL_LIMITS),
    source: 'RFC 9396 sets no limits; auth0: Configure Rich Authorization Requests',
  },
  inspectsTokens: {
    about: 'Introspection, and revocation of JWT access tokens',
    auth0: 'Neither: /oauth/introspect is 404, and a JWT is good until its time is over.',
    standard:
      'Both. A client may ask about its own tokens, and about those of the API that `resource_server_identifier` says it is.',
    source: 'RFC 7662 §2, RFC 7009 §2; auth0: Revoke Tokens',
  },
  detailsInBrowser: {
    about: 'Authorization details when a person logs in',
    auth0: 'In a pushed request alone.',
    standard: 'In a pushed request, in the query of /authorize, or in a signed request object.',
    source: 'RFC 9396 §3; auth0: Configure Rich Authorization Requests',
  },
  asksForThirdParties: {
    about: 'Logging in to a client that is not first-party',
    auth0: 'No consent page.',
    standard: 'A consent page with everything that it asks for.',
    source: 'OpenID Connect Core §3.1.2.4; auth0: User consent and third-party applications',
  },
  requiresPkce: {
    about: 'PKCE',
    auth0: 'As the client likes.',
    standard: 'A public client has to use it.',
    source: 'RFC 9700 §2.1.1; auth0: Authorization Code Flow with PKCE',
  },
  takesPlainChallenges: {
    about: 'The code challenge method `plain`',
    auth0: 'Understood.',
    standard: 'Refused: S256 is the only one.',
    source: 'RFC 9700 §2.1.1; auth0: OpenID Connect discovery',
  },
  takesRequestObjects: {
    about: 'Signed requests to log a person in',
    auth0: '`request_not_supported`.',
    standard:
      'PS256, ES256, EdDSA or RS256, at /authorize and pushed; required where the client has `require_signed_request_object`.',
    source: 'RFC 9101 §4 and §10.5; auth0: OpenID Connect discovery',
  },
  refusesOrganizations: {
    about: '`organization` when a person logs in',
    auth0: '400 `invalid_request`: organizations are not imitated, so no client is set up for them.',
    standard: 'A parameter without meaning.',
    source: 'RFC 6749 §3.1; auth0: Organizations',
  },
  rotatesRefreshTokens: {
    about: 'Refresh tokens',
    auth0: 'Rotate where the client has `refresh_token.rotation_type: rotating`.',
    standard:
      'Rotate, unless they are bound to a key or a certificate. A spent one that comes back ends all tokens of its grant.',
    source: 'RFC 9700 §4.14.2; auth0: Refresh Token Rotation',
  },
  describesDetailTypes: {
    about: 'Metadata of the types of authorization details',
    auth0: 'None.',
    standard:
      'Their names in the discovery document, and the JSON Schema of each under `authorization_details_types_metadata_endpoint`. They follow `tenant.profile`.',
    source: 'RFC 9396 §10, draft-ietf-oauth-rar-metadata-remediation',
  },
  narrowsDetails: {
    about: '`authorization_details` in a token request',
    auth0: '400 `invalid_authorization_details`.',
    standard:
      'The part of what was granted that the access token is to carry: whole objects, or the same with fewer `locations`, `actions`, `datatypes` or `privileges`. More is 400 `invalid_authorization_details`, and the grant stays as it was.',
    source: 'RFC 9396 §6 and §7',
  },
};

function sizesOf({ objects, properties, depth, bytes, text, nameRule }: DetailLimits): string {
  return `${objects} objects, ${properties} properties in each, ${depth} levels, texts of ${text} characters, ${bytes} bytes in all; ${nameRule}.`;
}
