// What tests and the command line may call, under /control. JSON in and out; refused to browsers of other origins.
import { z } from 'zod';
import { approvalStateSchema, approvalViewSchema } from './approval.ts';
import { enrolmentTicketSchema } from './approver-api.ts';
import { clockReadingSchema } from './clock.ts';
import { activeFaultSchema } from './faults.ts';
import { quickAnswersSchema } from './quick-answers.ts';
import { rulesHealthSchema } from './rules.ts';
import { stepsHealthSchema } from './steps.ts';
import { traceEventSchema } from './trace-events.ts';

/**
 * What our own client calls itself in the handshake, beside `http/1.1`, so that it is not met by faults of connections. RFC 7301
 * §3.1; a name of ours, which no server chooses.
 */
export const CONTROL_PROTOCOL = 'assent-control';

/** Base path of this API. */
export const CONTROL_API = '/control';

/** GET /control/live: whether the process answers at all. */
export const liveSchema = z.strictObject({ status: z.literal('alive') });

/** GET /control/health: 200 once the server would answer a request. */
export const healthSchema = z.strictObject({
  status: z.literal('ready'),
  version: z.string(),
  issuer: z.string(),
  tenant: z.string(),
  started_at: z.iso.datetime(),
  clock: clockReadingSchema,
  quick_answers: quickAnswersSchema,
  rules: rulesHealthSchema,
  faults: z.array(activeFaultSchema).describe('What fails on purpose right now.'),
  steps: stepsHealthSchema.describe('What is held on purpose, and where.'),
  instances: z.int().positive().describe('How many processes serve this tenant together, with this one.'),
});
export type Health = z.output<typeof healthSchema>;

/** GET /control/requests?state=&user_id=&client_id=&limit=&before= — newest first. */
export const requestsQuerySchema = z.strictObject({
  state: approvalStateSchema.optional(),
  user_id: z.string().optional(),
  client_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  before: z
    .string()
    .optional()
    .describe(
      'Only requests that were opened before this one: an id or a short name. Whoever wants all asks again with the last one of each answer, until one has fewer than `limit`.',
    ),
});
export const requestsSchema = z.strictObject({ requests: z.array(approvalViewSchema) });

/**
 * GET /control/requests/next?after=&user_id=&client_id=&timeout= — waits until a pending request exists that is newer
 * than the request named by `after` (an id or short name), at most `timeout` seconds (default 30, up to 60). 204 when none came.
 * GET /control/requests/{ref} — `ref` is an id, a short name (`r7`), an `auth_req_id`, or `latest`.
 */
export const nextQuerySchema = z.strictObject({
  after: z.string().optional(),
  user_id: z.string().optional(),
  client_id: z.string().optional(),
  timeout: z.coerce.number().min(0).max(60).default(30),
});

/** GET /control/requests/{ref}/trace */
export const traceSchema = z.strictObject({ events: z.array(traceEventSchema) });

/** POST /control/requests/{ref}/decision. Answers `DecisionResult`; 409 unless this was the first decision. */
export const controlDecisionSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  reason: z.string().max(255).optional(),
  granted_details: z
    .array(z.unknown())
    .optional()
    .describe(
      'To approve with: what is granted of the `authorization_details`, whole and in their order, as far as `approver_may` of their types allows it. Left out: all that was asked.',
    ),
  from: z.enum(['command line', 'control API']).default('control API'),
});
export type ControlDecision = z.input<typeof controlDecisionSchema>;

/** POST /control/automated-approval?auth_req_id=&action= — in the words of the OpenID conformance suite, without a body. */
export const automatedApprovalQuerySchema = z.strictObject({
  auth_req_id: z.string(),
  action: z.enum(['allow', 'deny']),
  control_token: z.string().optional().describe('In place of the header, which the suite cannot send.'),
});

/**
 * POST /control/tickets: enrol a browser that whoever calls this has in hand. It pairs as soon as it opens the address.
 * 201 with a `ControlTicket`, good for five minutes. 404 for somebody who is not here.
 */
export const controlTicketSchema = z.strictObject({ user_id: z.string() });
export const controlTicketAnswerSchema = enrolmentTicketSchema.extend({
  barcode_uri: z
    .string()
    .describe('What the QR code for a Guardian app says, an otpauth URI: the other way to use this ticket.'),
});
export type ControlTicket = z.output<typeof controlTicketAnswerSchema>;

/** GET /control/devices?user_id=: the devices of one person, oldest first; without `user_id`, those of everybody. */
export const devicesQuerySchema = z.strictObject({ user_id: z.string().optional() });

/**
 * POST /control/chromium-push: imitates Chromium's push service from now on. A Chromium that is started with these switches,
 * and trusts the certificate, then receives real pushes without the internet. 409 on plain http.
 */
export const chromiumPushSchema = z.strictObject({
  switches: z.array(z.string()).describe('For the command line of Chromium.'),
});
export type ChromiumPush = z.output<typeof chromiumPushSchema>;

/**
 * GET /control/tenant?format=&secrets=: the tenant as it is now, as a tenant file without what holds anyway. As YAML, things
 * that are not as at the start carry a comment.
 * PUT /control/tenant: a whole tenant file (JSON) in its place. PATCH: a part, laid over it; clients, APIs, client grants,
 * roles, people and connections of the same name are replaced member by member. Both answer with a `TenantChange`, or
 * with 400 and every finding, and then nothing has changed. What only a start can change is refused.
 */
export const tenantExportQuerySchema = z.strictObject({
  format: z.enum(['json', 'yaml']).default('json'),
  of: z
    .enum(['now', 'start', 'file'])
    .default('now')
    .describe(
      '`start`: what the server was started with. `file`: what its file has, as far as the server knows: the tenant file that was put in place last, else what it was started with.',
    ),
  secrets: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true'),
});
/** Checked as a whole, like any tenant file. */
export const tenantFileSchema = z.record(z.string(), z.unknown());
export const tenantChangeSchema = z.strictObject({
  tenant: z.string(),
  clients: z.int(),
  resource_servers: z.int(),
  client_grants: z.int(),
  users: z.int(),
});
export type TenantChange = z.output<typeof tenantChangeSchema>;

/** GET /control/events: server-sent events. `id` is the event's number, `event` its type, `data` a `TraceEvent`. Resumable. */

/** GET /control/openapi.json */
export const openApiSchema = z.looseObject({ openapi: z.string() });

/** One thing that a start decided, and who decided it: nobody, an option of the command, or a variable. */
export const startSettingSchema = z.strictObject({
  name: z.string().describe('As the option: `data-folder`.'),
  value: z.union([z.string(), z.number(), z.boolean()]),
  origin: z.enum(['default', 'flag', 'environment']),
  by: z.string().optional().describe('The option or the variable.'),
});
export type StartSetting = z.output<typeof startSettingSchema>;

/**
 * What `assent start` writes into the data folder, so that the other commands find the running server.
 * File `server.json`, readable by its owner only.
 */
export const runFileSchema = z.strictObject({
  version: z.string(),
  pid: z.int(),
  issuer: z.string(),
  url: z.string().describe('Where it listens; differs from the issuer behind a host name.'),
  mtls_url: z
    .string()
    .optional()
    .describe('Where it asks callers for a certificate; absent where it does not.'),
  ca_file: z.string().optional().describe('Certificate authority to trust; absent on plain http.'),
  tenant: z.string(),
  control_token: z.string().optional().describe('For the control API, where that needs one.'),
  env: z.record(z.string(), z.string()).describe('Variables for an agent, as the SDKs spell them.'),
  settings: z.array(startSettingSchema).optional().describe('How it was started; for `assent doctor`.'),
});
export type RunFile = z.output<typeof runFileSchema>;
