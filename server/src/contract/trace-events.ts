// Every event of the story of a request: one discriminated union, appended in order, one per arrow of the flow; those of the
// tenant as a whole are in `tenant-events`.
// Secrets and tokens are redacted before an event is made; what is here may be shown, exported and logged.
import { z } from 'zod';
import {
  authorizationDetailSchema,
  consentViewSchema,
  grantChangeSchema,
  grantedDetailsSchema,
  verifiedBySchema,
} from './approval.ts';
import { apiCheckSchema, exchangeSchema, readTokenSchema } from './exchange.ts';
import { eventMembers, tenantEventSchemas } from './tenant-events.ts';

const aboutApproval = { ...eventMembers, approval: z.string().describe('Approval id.'), name: z.string() };

export const traceEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request.received'),
    ...aboutApproval,
    client_id: z.string(),
    client_name: z.string(),
    user_id: z.string(),
    user_name: z.string(),
    binding_message: z.string(),
    audience: z.string().optional(),
    scope: z.array(z.string()),
    authorization_details: z.array(authorizationDetailSchema).optional(),
    consent: consentViewSchema,
    expires_in: z.int(),
    interval: z
      .number()
      .optional()
      .describe('Seconds between polls. Absent for a client that does not poll.'),
    channel: z.string(),
    consent_id: z
      .string()
      .optional()
      .describe('Auth0’s name of the request: its log and its devices use it.'),
    exchange: exchangeSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('request.refused'),
    ...eventMembers,
    client_id: z.string().optional(),
    error: z.string(),
    error_description: z.string().optional(),
    hint: z.string().optional().describe('What to change, in our words.'),
    exchange: exchangeSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('notification.delivered'),
    ...aboutApproval,
    channel: z.string().describe('`inbox` while a paired browser watches, else how it was sent.'),
    device: z.string().optional(),
    to: z.string().optional().describe('Address of an e-mail.'),
    push: z
      .strictObject({
        host: z.string().describe('Of its push service. The whole address is a secret of the device.'),
        status: z.int().describe('Of the answer of the push service.'),
        topic: z.string().optional().describe('RFC 8030 §5.4: the same for all messages about a request.'),
        ttl: z.int().optional().describe('Seconds that the push service may keep it.'),
      })
      .optional()
      .describe('The push service took it; `notification.received` tells that the device has it.'),
    link: z
      .string()
      .optional()
      .describe('Only of a message in the built-in mailbox. It opens nothing without the approver’s login.'),
  }),
  z
    .strictObject({
      type: z.literal('notification.received'),
      ...aboutApproval,
      channel: z.string(),
      device: z.string().optional(),
    })
    .describe('The device has taken a push. Told by the push service of Assent; others do not tell.'),
  z.strictObject({
    type: z.literal('notification.failed'),
    ...aboutApproval,
    channel: z.string(),
    to: z.string().optional().describe('Address of an e-mail.'),
    why: z.string(),
    retry_at: z.iso.datetime().optional().describe('Absent: it is not tried again.'),
  }),
  z.strictObject({
    type: z.literal('notification.waiting'),
    ...aboutApproval,
    channel: z.string(),
    why: z.string().describe('Why nobody has been reached yet.'),
  }),
  z
    .strictObject({
      type: z.literal('request.read'),
      ...aboutApproval,
      device: z.string(),
      from: z.string().describe('`approver app` or `Guardian app`.'),
      exchange: exchangeSchema.optional(),
    })
    .describe('A device of the approver fetched what is asked. Told once for each device.'),
  z
    .strictObject({ type: z.literal('poll.held'), ...aboutApproval })
    .describe('A poll waits for the decision, as `ciba.held_poll` says.'),
  z.strictObject({
    type: z.literal('poll.answered'),
    ...aboutApproval,
    answer: z.enum(['authorization_pending', 'slow_down']),
    interval: z.number(),
    held: z
      .strictObject({
        seconds: z.number(),
        end: z.enum(['time_over', 'caller_left']).describe('`caller_left`: nobody read this answer.'),
      })
      .optional()
      .describe('The poll waited for a decision before it was answered, and none came.'),
    exchange: exchangeSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('decision.made'),
    ...aboutApproval,
    outcome: z.enum(['approved', 'denied']),
    by: z.string(),
    from: z.string(),
    rule: z.string().optional().describe('Id of the rule that answered.'),
    device: z.string().optional(),
    verified_by: verifiedBySchema.optional(),
    reason: z.string().optional(),
    granted_details: grantedDetailsSchema.optional(),
    changes: z.array(grantChangeSchema).optional().describe('How they differ from what was asked.'),
    answer: readTokenSchema.optional().describe('What the device signed. Its challenge is shortened.'),
    exchange: exchangeSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('decision.refused'),
    ...aboutApproval,
    why: z
      .enum(['already_decided', 'expired', 'changed', 'not_verified'])
      .describe('`not_verified`: the passkey that the tenant asks for was missing or wrong.'),
    from: z.string(),
    rule: z.string().optional().describe('Id of the rule that answered.'),
    device: z.string().optional(),
  }),
  z
    .strictObject({
      type: z.literal('rule.fired'),
      ...aboutApproval,
      rule: z.string().describe('Id of the rule.'),
      says: z.string().describe('The rule in words.'),
    })
    .describe('A rule took this request. Its answer comes at once, later, or never, as it says.'),
  z.strictObject({
    type: z.literal('request.expired'),
    ...aboutApproval,
    rule: z.string().optional().describe('Id of the rule that ended it before its time.'),
  }),
  z.strictObject({ type: z.literal('request.settled'), ...aboutApproval }),
  z.strictObject({
    type: z.literal('token.issued'),
    ...aboutApproval,
    audience: z.string().optional(),
    scope: z.string(),
    details_match: z
      .boolean()
      .describe('The token carries what was granted, or the part of it that its client asked for.'),
    delivery: z
      .literal('push')
      .optional()
      .describe('The client does not fetch it: `callback.sent` tells of its way.'),
    access_token: readTokenSchema.optional().describe('Absent where it is opaque.'),
    exchange: exchangeSchema.optional(),
  }),
  z
    .strictObject({
      type: z.literal('callback.sent'),
      ...aboutApproval,
      client_id: z.string(),
      says: z
        .enum(['ping', 'tokens', 'access_denied', 'expired_token', 'transaction_failed'])
        .describe('`ping`: there is an answer to fetch. Else the answer itself: `tokens`, or an error.'),
      to: z.string().describe('The notification endpoint, without its query.'),
      attempt: z.int().positive(),
      outcome: z
        .enum(['taken', 'refused', 'failed'])
        .describe('`refused`: sending it again would not help. `failed`: nobody answered, or not properly.'),
      why: z.string().optional().describe('Why it was not taken.'),
      retry_at: z.iso.datetime().optional().describe('Absent: it is not tried again.'),
      exchange: exchangeSchema.optional().describe('Absent where there was no answer.'),
    })
    .describe('A client with the mode `ping` or `push` was called back: one attempt and its outcome.'),
  z.strictObject({
    type: z.literal('token.refused'),
    ...eventMembers,
    approval: z.string().optional(),
    name: z.string().optional(),
    client_id: z.string().optional(),
    grant_type: z.string().optional(),
    error: z.string(),
    error_description: z.string().optional(),
    exchange: exchangeSchema.optional(),
  }),
  z
    .strictObject({
      type: z.literal('api.called'),
      ...eventMembers,
      approval: z.string().optional().describe('Absent where the token is of no request that is known here.'),
      name: z.string().optional(),
      api: z.string().describe('Identifier of the API, its audience.'),
      method: z.string(),
      path: z.string(),
      status: z
        .int()
        .describe('What the API answered; for a call that passed, what its gate let through: 200.'),
      checks: z.array(apiCheckSchema),
      asked: z
        .strictObject({
          scope: z.array(z.string()).optional(),
          authorization_details: z.array(z.unknown()).optional(),
        })
        .optional()
        .describe('What the call needs to be allowed, as the API made it of the request.'),
      access_token: readTokenSchema.optional().describe('Absent where none came or none could be read.'),
    })
    .describe('An API was called with or without a token and reported its verdict (`report` of its gate).'),
  z
    .strictObject({
      type: z.literal('attack.attempted'),
      ...eventMembers,
      approval: z.string().optional(),
      name: z.string().optional(),
      attack: z.string().describe('Its id, as `GET /control/scenes` lists them.'),
      told: z.string().describe('What the agent was told to do.'),
      did: z.string().describe('What it did.'),
      stopped_by: z
        .strictObject({
          at: z.enum(['agent', 'server', 'push', 'approver', 'api']),
          check: z.string(),
          why: z.string(),
        })
        .optional()
        .describe('Absent: nothing stopped it.'),
      without: z.string().optional().describe('The check that was turned off for this attempt.'),
      tried: z
        .array(z.strictObject({ method: z.string(), path: z.string(), status: z.int() }))
        .optional()
        .describe('Calls of the attempt that no other event tells of.'),
    })
    .describe(
      'Somebody tried to pass the gate without approval. This event stands where the attempt begins; the events after it tell what became of it.',
    ),
  z
    .strictObject({
      type: z.literal('consent.answered'),
      ...eventMembers,
      client_id: z.string(),
      client_name: z.string(),
      user_id: z.string(),
      user_name: z.string(),
      audience: z.string().optional(),
      scope: z.array(z.string()),
      authorization_details: z.array(authorizationDetailSchema).optional(),
      outcome: z.enum(['approved', 'denied']),
    })
    .describe('Somebody who logged in to an application answered its consent page. No request of CIBA.'),
  ...tenantEventSchemas,
]);
export const traceEventsSchema = z.array(traceEventSchema);
export type TraceEvent = z.output<typeof traceEventSchema>;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** An event before the log has numbered and dated it. */
export type NewTraceEvent = DistributiveOmit<TraceEvent, 'number' | 'at'>;
