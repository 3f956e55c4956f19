// How asynchronous authorization behaves in a tenant, and the answers that Auth0 does not document.
import { z } from 'zod';
import { seconds } from './tenant-pieces.ts';

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
      .describe(
        'Seconds that a client waits between polls. May be a fraction for quick tests, which most SDKs take, not all.',
      ),
    held_poll: z
      .number()
      .min(0)
      .max(25)
      .default(0)
      .describe(
        'Seconds for which a poll may wait for the decision before it is answered that there is none: long polling. 0 answers at once. Stay below the time-out of the SDK; 4 suits those that were tried.',
      ),
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
    retention: seconds(
      'How long a finished request is remembered. Of those whose tokens were fetched, the last 5,000 of a process.',
      86_400,
    ),
    requests_per_minute_per_user: z
      .int()
      .nonnegative()
      .default(5)
      .describe('Auth0 allows five. 0 turns the limit off.'),
    requests_per_minute_per_tenant: z.int().nonnegative().default(500).describe('0 turns it off.'),
    pending_requests_per_tenant: z.int().nonnegative().default(5_000).describe('0 turns it off.'),
    notification_hosts: z
      .array(
        z.string().regex(/^[A-Za-z0-9.:[\]-]+$/, 'expected a host name or an IP address, without a port'),
      )
      .default([])
      .describe(
        'Hosts on this computer or in a private network that `ping`, `push` and `jwks_uri` may call, also by http: loopback names and addresses of a lab. Public hosts are called by https without being named.',
      ),
    login_hint_token_issuers: z
      .array(
        z.strictObject({
          issuer: z.string().min(1).describe('The `iss` of its tokens.'),
          jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }),
        }),
      )
      .default([])
      .describe(
        'Who may say by a signed `login_hint_token` whom a request is about, beside the client itself. Profile `standard`.',
      ),
    notification_ca: z
      .string()
      .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'expected certificates as PEM')
      .optional()
      .describe(
        'Certificate authorities of whom `ping`, `push` and `jwks_uri` call, as PEM, where those are not public ones. Those of the system and the one of this server count anyway.',
      ),
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

export type CibaConfig = z.output<typeof cibaSchema>;
