// What a client may be sent with: members that act, and members that are only kept. auth0: Management API, Clients.
import { z } from 'zod';
import { grantTypeSchema, notificationChannelSchema } from '../contract/index.ts';
import { clientAuthenticationMethodsSchema } from './client-credentials.ts';
import { anything, flag, text, texts, unimitatedMembers } from './entity.ts';

/** Kept and given back; nothing acts on them. */
export const UNIMITATED_CLIENT_MEMBERS = unimitatedMembers({
  description: text,
  logo_uri: text,
  web_origins: texts,
  allowed_origins: texts,
  allowed_clients: texts,
  client_aliases: texts,
  client_metadata: anything,
  sso: flag,
  sso_disabled: flag,
  cross_origin_authentication: flag,
  cross_origin_auth: flag,
  cross_origin_loc: text,
  custom_login_page: text,
  custom_login_page_on: flag,
  custom_login_page_preview: text,
  form_template: text,
  addons: anything,
  mobile: anything,
  native_social_login: anything,
  initiate_login_uri: text,
  organization_usage: text,
  organization_require_behavior: text,
  organization_discovery_methods: texts,
  default_organization: anything,
  is_token_endpoint_ip_header_trusted: flag,
  require_pushed_authorization_requests: flag,
  require_proof_of_possession: flag,
  compliance_level: text,
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  session_transfer: anything,
  token_exchange: anything,
  token_quota: anything,
  oidc_logout: anything,
  oidc_backchannel_logout: anything,
  encryption_key: anything,
  signed_request_object: anything,
  third_party_security_mode: text,
  redirection_policy: text,
});

export const KEPT_CLIENT_MEMBERS = [
  ...Object.keys(UNIMITATED_CLIENT_MEMBERS),
  ...['idle_token_lifetime', 'infinite_token_lifetime', 'infinite_idle_token_lifetime', 'policies'].map(
    (name) => `refresh_token.${name}`,
  ),
  'jwt_configuration.secret_encoded',
  'jwt_configuration.scopes',
];

const refreshTokenSchema = z.strictObject({
  rotation_type: z.enum(['rotating', 'non-rotating']).optional(),
  expiration_type: z.enum(['expiring', 'non-expiring']).optional(),
  leeway: z.int().nonnegative().optional(),
  token_lifetime: z.int().positive().optional(),
  idle_token_lifetime: z.int().positive().optional(),
  infinite_token_lifetime: z.boolean().optional(),
  infinite_idle_token_lifetime: z.boolean().optional(),
  policies: z.array(anything).nullable().optional(),
});

export const IMITATED_CLIENT_MEMBERS = {
  name: z
    .string()
    .min(1)
    .regex(/^[^<>]*$/)
    .optional(),
  client_secret: z.string().min(1).optional(),
  resource_server_identifier: text.optional(),
  app_type: z.enum(['regular_web', 'spa', 'native', 'non_interactive']).nullable().optional(),
  is_first_party: z.boolean().optional(),
  oidc_conformant: z.boolean().optional(),
  callbacks: texts.nullable().optional(),
  allowed_logout_urls: texts.nullable().optional(),
  grant_types: z.array(grantTypeSchema).nullable().optional(),
  token_endpoint_auth_method: z
    .enum(['none', 'client_secret_post', 'client_secret_basic'])
    .nullable()
    .optional(),
  client_authentication_methods: clientAuthenticationMethodsSchema.nullable().optional(),
  async_approval_notification_channels: z.array(notificationChannelSchema).min(1).nullable().optional(),
  jwt_configuration: z
    .strictObject({
      alg: z.enum(['HS256', 'RS256', 'RS512', 'PS256']).optional(),
      lifetime_in_seconds: z.int().positive().optional(),
      secret_encoded: z.boolean().optional(),
      scopes: anything.optional(),
    })
    .optional(),
  refresh_token: refreshTokenSchema.nullable().optional(),
};

export const clientPatchSchema = z.strictObject({ ...IMITATED_CLIENT_MEMBERS, ...UNIMITATED_CLIENT_MEMBERS });
export const clientCreateSchema = clientPatchSchema.extend({
  name: z
    .string()
    .min(1)
    .regex(/^[^<>]*$/),
});
export type ClientChange = z.output<typeof clientPatchSchema>;
