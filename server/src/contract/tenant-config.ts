// The tenant file: one schema gives the types, defaults, descriptions, editor schema and reference page.
// Member names are those of Auth0's Management API and of the OAuth specifications, so that a fragment
// can be pasted either way. Unknown members are errors: a misspelt setting must never be ignored in silence.
import { z } from 'zod';
import { emailSchema } from './email-config.ts';
import { MANAGEMENT_API } from './management.ts';

/** The CIBA grant type. CIBA Core §10.1. */
export const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba';

/** Types under this prefix follow Auth0's own consent schema. auth0: Configure Rich Authorization Requests. */
export const AUTH0_DETAIL_TYPE_PREFIX = 'urn:auth0:schemas:authorization-details:v1:';

const seconds = (description: string, fallback: number) =>
  z.int().positive().default(fallback).describe(`${description} In seconds.`);

/** The grant type of the device flow. RFC 8628 §3.4. */
export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Grant types that this server answers. */
export const IMITATED_GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  CIBA_GRANT_TYPE,
  DEVICE_GRANT_TYPE,
] as const;

/** Grant types that a client of Auth0 may have and that nothing here answers. auth0: Application Grant Types. */
const OTHER_GRANT_TYPES = [
  'implicit',
  'password',
  'urn:okta:params:oauth:grant-type:webauthn',
  'http://auth0.com/oauth/grant-type/password-realm',
  'http://auth0.com/oauth/grant-type/mfa-oob',
  'http://auth0.com/oauth/grant-type/mfa-otp',
  'http://auth0.com/oauth/grant-type/mfa-recovery-code',
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token',
] as const;

export const grantTypeSchema = z.enum([...IMITATED_GRANT_TYPES, ...OTHER_GRANT_TYPES]);

const unimitatedSchema = z
  .record(z.string(), z.unknown())
  .optional()
  .describe('Members that Auth0 knows and nothing here acts on. Kept and given back by the Management API.');

const unimitatedFactor = z.boolean().default(false);

export const notificationChannelSchema = z.enum(['guardian-push', 'email']);

const refreshTokenSettings = z
  .strictObject({
    rotation_type: z
      .enum(['rotating', 'non-rotating'])
      .default('non-rotating')
      .describe('`rotating` spends a refresh token on use and hands out its successor.'),
    expiration_type: z.enum(['expiring', 'non-expiring']).default('non-expiring'),
    leeway: z
      .int()
      .nonnegative()
      .default(0)
      .describe('How long a spent refresh token still works after rotation. In seconds.'),
    token_lifetime: seconds('Absolute lifetime when `expiring`.', 2_592_000),
  })
  .describe('How refresh tokens of this client behave.');

const clientCredentialSchema = z
  .strictObject({
    id: z.string().regex(/^cred_[A-Za-z0-9]{16}$/, 'expected "cred_" and 16 letters or digits'),
    name: z.string().optional(),
    alg: z.enum(['RS256', 'RS384', 'PS256']),
    key: z.looseObject({ kty: z.string(), kid: z.string().min(1) }).describe('Public, with its `kid`.'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    expires_at: z.iso.datetime().optional().describe('Kept; nothing acts on it.'),
  })
  .describe(
    'A public key that the Management API was given. It counts once it is among the `jwks`, which is what `client_authentication_methods` does.',
  );

export const clientSchema = z
  .strictObject({
    client_id: z.string().min(1).max(255).describe('Identifier the program sends.'),
    client_secret: z
      .string()
      .min(1)
      .optional()
      .describe('Needed for `client_secret_post` and `client_secret_basic`. Never a real secret.'),
    name: z.string().min(1).describe('Name that the approver reads.'),
    app_type: z.enum(['regular_web', 'spa', 'native', 'non_interactive']).default('regular_web'),
    grant_types: z
      .array(grantTypeSchema)
      .default(['authorization_code', 'refresh_token', 'client_credentials', CIBA_GRANT_TYPE])
      .describe('Grants that this client may use.'),
    token_endpoint_auth_method: z
      .enum(['client_secret_post', 'client_secret_basic', 'private_key_jwt', 'none'])
      .default('client_secret_post')
      .describe('Auth0 accepts post and basic alike for a client that has a secret; so do we.'),
    jwks: z
      .strictObject({ keys: z.array(z.record(z.string(), z.unknown())) })
      .optional()
      .describe('Public keys for `private_key_jwt`, as a JSON Web Key Set (RFC 7517).'),
    credentials: z.array(clientCredentialSchema).optional(),
    is_first_party: z.boolean().default(true).describe('Third-party clients may not use CIBA.'),
    oidc_conformant: z.boolean().default(true).describe('CIBA needs `true`.'),
    callbacks: z.array(z.string()).default([]).describe('Redirect URIs that /authorize accepts.'),
    allowed_logout_urls: z.array(z.string()).default([]).describe('Where logout may return to.'),
    async_approval_notification_channels: z
      .array(notificationChannelSchema)
      .optional()
      .describe('Ordered list. Left out, it counts as `guardian-push` alone.'),
    jwt_configuration: z
      .strictObject({ lifetime_in_seconds: seconds('Lifetime of an ID token.', 36_000) })
      .prefault({}),
    refresh_token: refreshTokenSettings.prefault({}),
    unimitated: unimitatedSchema,
  })
  .describe('A program that asks, usually an agent.');

const detailDisplaySchema = z
  .strictObject({
    action: z
      .string()
      .optional()
      .describe('Verb of the question: "Transfer" gives "the bAInk asks to Transfer 250.00 EUR".'),
    amount: z.string().optional().describe('JSON Pointer (RFC 6901) to the main value.'),
    currency: z.string().optional().describe('JSON Pointer to the unit or currency of the amount.'),
    to: z.string().optional().describe('JSON Pointer to whom or what it concerns.'),
    preposition: z.string().default('to').describe('Word before that value: "to", "from", "for".'),
    labels: z
      .record(z.string(), z.string())
      .default({})
      .describe('Label for a field, by JSON Pointer. Fields without one get a label from their name.'),
  })
  .describe('How the approver app words a request of this type. Every field is shown in any case.');

export const authorizationDetailTypeSchema = z
  .strictObject({
    type: z.string().min(1).describe('The `type` value, RFC 9396 §2.'),
    name: z.string().optional().describe('What the approver reads for this type.'),
    schema: z
      .union([z.boolean(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('JSON Schema (2020-12) that each object of this type must satisfy. Auth0 has none.'),
    display: detailDisplaySchema.optional(),
  })
  .describe('A type of authorization details that this API understands.');

export const resourceServerSchema = z
  .strictObject({
    identifier: z.string().min(1).describe('The audience. Any text, as in Auth0; a URL by custom.'),
    name: z.string().min(1).optional().describe('What the approver reads.'),
    scopes: z
      .array(z.strictObject({ value: z.string().min(1), description: z.string().optional() }))
      .default([])
      .describe('Permissions of this API.'),
    signing_alg: z.enum(['RS256', 'RS512', 'PS256', 'HS256']).default('RS256'),
    signing_secret: z.string().min(32).optional().describe('Shared secret when `signing_alg` is HS256.'),
    token_dialect: z
      .enum(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'])
      .default('access_token')
      .describe('Shape of the access token. `_authz` twins carry `permissions`.'),
    token_lifetime: seconds('Lifetime of an access token.', 86_400),
    token_lifetime_for_web: seconds('Lifetime when a browser flow issued it.', 7_200),
    allow_offline_access: z
      .boolean()
      .default(false)
      .describe('Whether `offline_access` yields a refresh token.'),
    enforce_policies: z
      .boolean()
      .default(false)
      .describe('RBAC: grant only the permissions that the user holds.'),
    authorization_details: z
      .array(authorizationDetailTypeSchema)
      .default([])
      .describe('Types that may be asked for at this API.'),
    consent_policy: z.enum(['transactional-authorization-with-mfa']).nullable().default(null),
    subject_type_authorization: z
      .strictObject({
        user: z
          .strictObject({
            policy: z
              .enum(['allow_all', 'require_client_grant', 'deny_all'])
              .default('allow_all')
              .describe('Who may ask for a token on behalf of a user.'),
          })
          .prefault({}),
        client: z
          .strictObject({
            policy: z
              .enum(['require_client_grant', 'deny_all'])
              .default('require_client_grant')
              .describe('Who may ask for a token for itself.'),
          })
          .prefault({}),
      })
      .prefault({}),
    id: z
      .string()
      .regex(/^[0-9a-f]{24}$/, 'expected 24 hexadecimal digits')
      .optional()
      .describe('Id in the Management API. Left out, one is derived from the identifier.'),
    unimitated: unimitatedSchema,
  })
  .describe('A protected API.');

export const clientGrantSchema = z
  .strictObject({
    client_id: z.string().min(1),
    audience: z
      .string()
      .min(1)
      .describe(`Identifier of the API; \`${MANAGEMENT_API}\` is the tenant’s own Management API.`),
    scope: z.array(z.string()).default([]).describe('Scopes that this client may ask for.'),
    allow_all_scopes: z.boolean().optional().describe('Every scope of the API, whatever `scope` says.'),
    subject_type: z
      .enum(['client', 'user'])
      .default('client')
      .describe('`client` for client_credentials, `user` for tokens on behalf of a user.'),
    authorization_details_types: z
      .array(z.string())
      .default([])
      .describe('Types this client may ask for where the API requires a client grant.'),
    id: z
      .string()
      .regex(/^cgr_[A-Za-z0-9]{16}$/, 'expected "cgr_" and 16 letters or digits')
      .optional()
      .describe('Id in the Management API. Left out, one is derived from client, API and subject type.'),
    unimitated: unimitatedSchema,
  })
  .describe('What one client may do at one API.');

export const configuredDeviceSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^dev_[A-Za-z0-9]{16}$/, 'expected "dev_" and 16 letters or digits')
      .describe('Enrolment id.'),
    name: z.string().min(1).describe('What the device is called in lists.'),
    status: z.enum(['pending', 'confirmed']).default('confirmed'),
  })
  .describe('A device that is enrolled from the start. It has no key: it counts, but cannot answer.');

export const userSchema = z
  .strictObject({
    user_id: z
      .string()
      .regex(/^[^|\s]+\|\S+$/, 'expected a provider, "|" and an id, such as "auth0|ada"')
      .describe('The `sub` of every token.'),
    name: z.string().min(1),
    nickname: z.string().optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    picture: z.string().optional(),
    email: z.string().optional(),
    email_verified: z.boolean().default(true),
    phone_number: z.string().optional(),
    blocked: z.boolean().default(false).describe('Cannot log in, and nobody can ask for their approval.'),
    password: z
      .string()
      .optional()
      .describe('For the password form of the login page. In clear, since nothing here is secret.'),
    permissions: z
      .array(z.strictObject({ audience: z.string(), scopes: z.array(z.string()) }))
      .default([])
      .describe('Permissions that RBAC intersects with.'),
    roles: z.array(z.string()).default([]).describe('Names of roles from `roles`.'),
    devices: z.array(configuredDeviceSchema).default([]),
    connection: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What the Management API shows as the source of this person. Left out, it follows from `user_id`.',
      ),
    user_metadata: z.record(z.string(), z.unknown()).optional(),
    app_metadata: z.record(z.string(), z.unknown()).optional(),
    created_at: z.iso.datetime().optional().describe('Left out: when the server started.'),
    updated_at: z.iso.datetime().optional().describe('Left out: as `created_at`.'),
    unimitated: unimitatedSchema,
  })
  .describe('A person.');

/** The connection that every tenant of Auth0 begins with. */
export const DATABASE_CONNECTION = 'Username-Password-Authentication';

export const connectionSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?$/, 'expected letters, digits and hyphens'),
    strategy: z
      .string()
      .regex(/^[a-z0-9-]+$/, 'expected a strategy of Auth0, such as "auth0" or "google-oauth2"')
      .default('auth0'),
    display_name: z.string().optional(),
    enabled_clients: z
      .array(z.string())
      .optional()
      .describe('Ids of clients. Left out, it counts as all of them.'),
    options: z.record(z.string(), z.unknown()).optional(),
    id: z
      .string()
      .regex(/^con_[A-Za-z0-9]{16}$/, 'expected "con_" and 16 letters or digits')
      .optional()
      .describe('Id in the Management API. Left out, one is derived from the name.'),
    unimitated: unimitatedSchema,
  })
  .describe(
    'A source of people. All people here are of the tenant itself, so it is kept for tools and nothing acts on it.',
  );

export const roleSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  permissions: z.array(z.strictObject({ audience: z.string(), scopes: z.array(z.string()) })),
  id: z
    .string()
    .regex(/^rol_[A-Za-z0-9]{16}$/, 'expected "rol_" and 16 letters or digits')
    .optional()
    .describe('Id in the Management API. Left out, one is derived from the name.'),
});

/** Shortest password that signing up and the Management API take. */
export const SHORTEST_PASSWORD = 8;

const cibaErrorSchema = (error: string, description: string, status = 400) =>
  z
    .strictObject({
      status: z.int().min(400).max(499).default(status),
      error: z.string().default(error),
      error_description: z.string().default(description),
    })
    .prefault({});

export const cibaSchema = z
  .strictObject({
    interval: z
      .number()
      .positive()
      .default(5)
      .describe('Seconds that a client waits between polls. May be below one for fast tests.'),
    slow_down_increment: z
      .number()
      .nonnegative()
      .default(5)
      .describe('Seconds that each too early poll adds to the interval.'),
    early_poll_tolerance_ms: z
      .int()
      .nonnegative()
      .default(250)
      .describe('A poll this early is forgiven: clocks and timers differ.'),
    default_expiry: seconds('Lifetime of a request without `requested_expiry`.', 300),
    push_expiry_limit: seconds('Up to this expiry the push channel is used, above it e-mail.', 300),
    expiry_limit: seconds('Longest `requested_expiry`.', 259_200),
    forward_denial_reason: z
      .boolean()
      .default(false)
      .describe('Put the reason of a denial into `error_description`. Auth0 does not.'),
    redemption_grace: z
      .int()
      .nonnegative()
      .default(60)
      .describe(
        'How long after its end an approved request may still be redeemed: the last poll may come late. In seconds.',
      ),
    retention: seconds('How long a finished request is remembered.', 86_400),
    requests_per_minute_per_user: z
      .int()
      .nonnegative()
      .default(5)
      .describe('Auth0 allows five. 0 turns the limit off.'),
    requests_per_minute_per_tenant: z.int().nonnegative().default(500).describe('0 turns it off.'),
    pending_requests_per_tenant: z.int().nonnegative().default(5_000).describe('0 turns it off.'),
    errors: z
      .strictObject({
        binding_message_too_long: cibaErrorSchema(
          'invalid_request',
          'binding_message must not exceed 64 characters',
        ),
        login_hint_issuer: cibaErrorSchema(
          'invalid_request',
          'login_hint parameter validation failed: iss within login_hint does not match this tenant',
        ),
        requested_expiry: cibaErrorSchema(
          'invalid_request',
          'requested_expiry must be an integer between 1 and 259200',
        ),
        authorization_details_type: cibaErrorSchema(
          'invalid_authorization_details',
          'authorization_details contains a type that is not allowed for this API',
        ),
        authorization_details_limits: cibaErrorSchema(
          'invalid_authorization_details',
          'authorization_details exceeds the allowed limits',
        ),
        consent_policy: cibaErrorSchema(
          'invalid_request',
          'The consent policy of this API is not supported with CIBA',
        ),
        user_rate_limit: cibaErrorSchema(
          'too_many_requests',
          'Too many authorization requests for this user',
          429,
        ),
        user_blocked: cibaErrorSchema('unauthorized', 'user is blocked', 403),
        tenant_rate_limit: cibaErrorSchema('too_many_requests', 'Global limit has been reached', 429),
        expired: cibaErrorSchema(
          'access_denied',
          'The end-user denied the authorization request or it has been expired',
        ),
      })
      .prefault({})
      .describe('Answers that Auth0 does not document. Change one where you know better.'),
  })
  .describe('How asynchronous authorization behaves.');

const privateJwkSchema = z
  .looseObject({ kty: z.string(), kid: z.string().min(1), alg: z.string().default('RS256') })
  .describe('A private JSON Web Key (RFC 7517).');

export const tenantConfigSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors.'),
    tenant: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens')
          .default('tenant'),
        friendly_name: z.string().optional().describe('Shown on the login page.'),
        default_audience: z.string().optional().describe('Audience of a request that names none.'),
        resource_parameter_profile: z
          .enum(['audience', 'compatibility'])
          .default('audience')
          .describe('`compatibility` also reads `resource`; `audience` wins.'),
        session_lifetime: seconds('Lifetime of a login session.', 259_200),
        allow_signup: z.boolean().default(true).describe('Offer sign-up on the login page.'),
        unimitated: unimitatedSchema,
      })
      .prefault({}),
    clients: z.array(clientSchema).default([]),
    resource_servers: z.array(resourceServerSchema).default([]),
    client_grants: z.array(clientGrantSchema).default([]),
    connections: z.array(connectionSchema).prefault([{ name: DATABASE_CONNECTION }]),
    roles: z.array(roleSchema).default([]),
    users: z.array(userSchema).default([]),
    guardian: z
      .strictObject({
        factors: z
          .strictObject({
            'push-notification': z.boolean().default(true),
            email: z.boolean().default(true),
            'webauthn-platform': z
              .boolean()
              .default(false)
              .describe(
                'Approving in the app asks for a passkey of the device itself: its screen lock, fingerprint or face.',
              ),
            'webauthn-roaming': z
              .boolean()
              .default(false)
              .describe(
                'The same by a security key or another device. With both on, any passkey will do. Needs an issuer with a host name: browsers know no passkeys for an IP address.',
              ),
            sms: unimitatedFactor,
            otp: unimitatedFactor,
            duo: unimitatedFactor,
            'recovery-code': unimitatedFactor,
          })
          .prefault({})
          .describe(
            '`push-notification` and `email` are ways to reach a person; off means that no request can use it. The two of WebAuthn verify who approves in the app. Denying never asks for one. Nor do other ways to answer: the link of an e-mail asks for a login, a Guardian app does its own verifying, and the command line and the control API are for tests. The other factors are kept, and nothing here acts on them.',
          ),
        consumer: z
          .enum(['custom-app', 'guardian-app'])
          .default('custom-app')
          .describe('`guardian-app` allows one object in Auth0’s schema; `custom-app` up to five.'),
        quick_actions: z
          .boolean()
          .default(false)
          .describe(
            'Offer Approve and Deny on the notification itself, where its words say all that is asked. Where a passkey is asked for, Deny alone. Not of Auth0.',
          ),
      })
      .prefault({}),
    ciba: cibaSchema.prefault({}),
    email: emailSchema.prefault({}),
    signing_keys: z
      .array(privateJwkSchema)
      .default([])
      .describe(
        'Fixed RSA keys. The first one signs, with RS256 or PS256; all are published, so what another one signed stays good. Empty: one is made and kept in the data folder.',
      ),
    extra_host_names: z
      .array(z.string())
      .default([])
      .describe('Further names for the certificate, such as a container’s network alias.'),
    unimitated: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'Resources of the Management API that nothing here acts on, by path, such as `prompts/customized-consent/partials`.',
      ),
  })
  .describe('One Assent tenant.');

export type TenantConfig = z.output<typeof tenantConfigSchema>;
export type TenantConfigInput = z.input<typeof tenantConfigSchema>;
export type ClientConfig = z.output<typeof clientSchema>;
export type ResourceServerConfig = z.output<typeof resourceServerSchema>;
export type ClientGrantConfig = z.output<typeof clientGrantSchema>;
export type ConnectionConfig = z.output<typeof connectionSchema>;
export type ClientCredentialConfig = z.output<typeof clientCredentialSchema>;
export type UserConfig = z.output<typeof userSchema>;
export type RoleConfig = z.output<typeof roleSchema>;
export type GuardianFactor = keyof TenantConfig['guardian']['factors'];
export type AuthorizationDetailTypeConfig = z.output<typeof authorizationDetailTypeSchema>;
export type CibaConfig = z.output<typeof cibaSchema>;
export type NotificationChannel = z.output<typeof notificationChannelSchema>;
