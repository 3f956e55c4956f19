// Clients in the tenant file: programs that ask, and the connections that their people come by.
import { z } from 'zod';
import { seconds, unimitatedSchema } from './tenant-pieces.ts';
import { standardClientMembers } from './tenant-standard.ts';
import { CIBA_GRANT_TYPE, CLIENT_AUTHENTICATION_METHODS, IMITATED_GRANT_TYPES } from './tenant-words.ts';

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
      .enum(CLIENT_AUTHENTICATION_METHODS)
      .default('client_secret_post')
      .describe(
        'Post and basic count alike for a client that has a secret, in both profiles. `client_secret_jwt` needs the profile `standard`. The two of mutual TLS open a listener that asks for certificates.',
      ),
    jwks: z
      .strictObject({ keys: z.array(z.record(z.string(), z.unknown())) })
      .optional()
      .describe('Public keys of the client, as a JSON Web Key Set (RFC 7517).'),
    credentials: z.array(clientCredentialSchema).optional(),
    is_first_party: z
      .boolean()
      .default(true)
      .describe(
        'Third-party clients may not use CIBA in the profile `auth0`. In `standard` they may, and whoever logs in is asked for consent.',
      ),
    oidc_conformant: z.boolean().default(true).describe('CIBA needs `true` in the profile `auth0`.'),
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
    ...standardClientMembers,
    unimitated: unimitatedSchema,
  })
  .describe('A program that asks, usually an agent.');

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

export type ClientConfig = z.output<typeof clientSchema>;
export type ConnectionConfig = z.output<typeof connectionSchema>;
export type ClientCredentialConfig = z.output<typeof clientCredentialSchema>;
export type NotificationChannel = z.output<typeof notificationChannelSchema>;
