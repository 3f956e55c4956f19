// A tenant as far as it can be read: the outline keeps what can be checked beyond the schema (`config-references`) and drops the rest;
// a member of the wrong type is the schema's finding.
import { z } from 'zod';

const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const bound = z.union([z.string(), z.number()]).optional().catch(undefined);
const record = z.record(z.string(), z.unknown()).optional().catch(undefined);
const texts = z.array(z.string().catch('')).catch([]);
const listOf = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.object(shape).optional().catch(undefined)).catch([]);
const permissions = listOf({ audience: text, scopes: texts });

const issuers = listOf({
  issuer: text,
  jwks: z
    .object({ keys: z.array(record) })
    .optional()
    .catch(undefined),
});

export const outlineSchema = z.object({
  tenant: z.object({ default_audience: text, profile: text }).catch({}),
  ciba: z
    .object({ notification_hosts: texts, login_hint_token_issuers: issuers })
    .catch({ notification_hosts: [], login_hint_token_issuers: [] }),
  clients: listOf({
    client_id: text,
    client_secret: z.unknown().optional(),
    token_endpoint_auth_method: z.string().catch('client_secret_post'),
    app_type: z.string().catch('regular_web'),
    callbacks: z.array(text).catch([]),
    allowed_logout_urls: z.array(text).catch([]),
    jwks: z
      .object({ keys: z.array(record) })
      .optional()
      .catch(undefined),
    profile: text,
    fapi_ciba: flag,
    jwks_uri: text,
    id_token_signed_response_alg: text,
    token_endpoint_auth_signing_alg: text,
    backchannel_token_delivery_mode: text,
    backchannel_client_notification_endpoint: text,
    backchannel_authentication_request_signing_alg: text,
    dpop_bound_access_tokens: flag,
    tls_client_certificate_bound_access_tokens: flag,
    tls_client_auth_subject_dn: text,
    tls_client_auth_san_dns: text,
    tls_client_auth_san_uri: text,
    tls_client_auth_san_ip: text,
    tls_client_auth_san_email: text,
  }),
  resource_servers: listOf({
    identifier: text,
    scopes: listOf({ value: text }),
    signing_alg: text,
    signing_secret: z.unknown().optional(),
    authorization_details: listOf({
      type: text,
      schema: record,
      display: z
        .object({
          amount: text,
          currency: text,
          to: text,
          labels: z.record(z.string(), z.unknown()).catch({}),
        })
        .optional()
        .catch(undefined),
    }),
  }),
  client_grants: listOf({
    client_id: text,
    audience: text,
    scope: texts,
    subject_type: z.string().catch('client'),
    authorization_details_types: texts,
  }),
  roles: listOf({ name: text, permissions }),
  users: listOf({ user_id: text, email: text, roles: texts, permissions, devices: listOf({ id: text }) }),
  rules: listOf({
    id: text,
    answer: text,
    reason: text,
    user_id: text,
    client_id: text,
    audience: text,
    scope: text,
    type: text,
    where: record,
    up_to: bound,
    at_least: bound,
    after_polls: z.unknown().optional(),
    after_seconds: z.unknown().optional(),
    late: z.unknown().optional(),
  }),
  signing_keys: z.array(record).catch([]),
  email: z
    .object({
      provider: z.object({ user: text, password: text }).optional().catch(undefined),
      template: z.object({ subject: text, body: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type Outline = z.output<typeof outlineSchema>;

/** Undefined for what is nothing like a tenant. */
export function readOutline(input: unknown): Outline | undefined {
  return outlineSchema.safeParse(input, { jitless: true }).data;
}
