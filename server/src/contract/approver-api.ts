// What the approver app may call, under /approver. No cookies anywhere: each call except the public ones carries
// `Authorization: Device <proof>`, a JWT signed by the device's key, so a foreign page can neither read nor decide.
import { z } from 'zod';
import { approvalViewSchema } from './approval.ts';
import { activeFaultSchema } from './faults.ts';
import { passkeyAssertionSchema } from './passkey.ts';
import { pushSubscriptionSchema } from './push.ts';

/** Base path of this API. */
export const APPROVER_API = '/approver';

/** JOSE `typ` of what a device signs for a call. */
export const DEVICE_PROOF_TYPE = 'device-proof+jwt';

/** RFC 7518 §6.2.1.2 and §6.2.1.3: the 32 octets of a P-256 coordinate, and nothing else that reads as such. */
const coordinate = z.string().regex(/^[\w-]{43}$/, {
  error: ({ input }) =>
    `received a text of ${String(input).length} characters, expected the 43 of 32 octets in base64url`,
});

/** GET /approver/people (public): who can be picked on this computer. */
export const peopleSchema = z.strictObject({
  tenant: z.strictObject({ name: z.string(), friendly_name: z.string() }),
  people: z.array(
    z.strictObject({
      user_id: z.string(),
      name: z.string(),
      email: z.string().optional(),
      picture: z.string().optional(),
      devices: z.int().describe('How many confirmed devices this person has.'),
    }),
  ),
});
export type People = z.output<typeof peopleSchema>;

/**
 * POST /approver/tickets (device): start enrolling another device of the same person. 201 with an `EnrolmentTicket`.
 * The enrolment is `pending` until a browser pairs with the ticket; a pending one makes nobody reachable.
 */
export const enrolmentTicketSchema = z.strictObject({
  ticket: z.string().describe('`gten_` and 32 letters or digits. Good once.'),
  url: z
    .string()
    .describe('Opens the app with this ticket, which stands behind "#": it never reaches a log.'),
  trust_url: z
    .string()
    .optional()
    .describe(
      'How a phone comes to trust the certificate there, over plain http. Only where the network reaches the server.',
    ),
  code: z.string().describe('Four characters that both screens show.'),
  device_id: z.string(),
  expires_at: z.iso.datetime(),
});
export type EnrolmentTicket = z.output<typeof enrolmentTicketSchema>;

/** POST /approver/tickets/lookup (public, same origin only): for whom a ticket is, without using it. 404 when it is not good. */
export const ticketLookupSchema = z.strictObject({ ticket: z.string() });
export const ticketHolderSchema = z.strictObject({
  tenant: z.string(),
  user_id: z.string(),
  user_name: z.string(),
  code: z.string(),
  pairs_at_once: z
    .boolean()
    .describe(
      'True where the control API made it, for a browser in hand: the app does not ask before it pairs.',
    ),
  expires_at: z.iso.datetime(),
});
export type TicketHolder = z.output<typeof ticketHolderSchema>;

/**
 * POST /approver/devices (public, same origin only): pair this browser, with a ticket or without.
 * `proof` is a compact JWS by the new key (header `alg: ES256`, `typ: device-proof+jwt`, `jwk`), claims
 * `{ sub: user_id, aud: <origin>/approver/devices, iat, exp }`. Answers 201 with the `Device`.
 */
export const pairDeviceRequestSchema = z.strictObject({
  user_id: z.string(),
  name: z.string().trim().min(1).max(80),
  public_key: z
    .strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: coordinate,
      y: coordinate,
    })
    .describe('Public half of a key pair that never leaves the device.'),
  proof: z.string(),
  ticket: z.string().optional().describe('Confirms the pending enrolment that it was made for.'),
});
export type PairDeviceRequest = z.output<typeof pairDeviceRequestSchema>;

export const deviceSchema = z.strictObject({
  id: z.string().describe('`dev_` and 16 letters or digits.'),
  name: z.string(),
  user_id: z.string(),
  user_name: z.string(),
  status: z.enum(['pending', 'confirmed']),
  push: z
    .enum(['none', 'web-push', 'relay', 'lost'])
    .describe(
      'How it is told of requests while its page is closed; `lost` when its push service gave it up.',
    ),
  can_answer: z.boolean().describe('False for a device of the tenant file, which has no key.'),
  has_passkey: z.boolean().describe('Whether its person registered a passkey on it.'),
  enrolled_at: z.iso.datetime(),
});
export type Device = z.output<typeof deviceSchema>;

/** GET /approver/devices: all devices of this person, oldest first. */
export const devicesSchema = z.strictObject({ devices: z.array(deviceSchema) });
export type Devices = z.output<typeof devicesSchema>;

/** PATCH /approver/devices/{id} (device): rename a device of this person. 200 with the `Device`. */
export const renameDeviceSchema = z.strictObject({ name: z.string().trim().min(1).max(80) });

/** DELETE /approver/devices/{id}: un-pair. Signed by that device or another of its person; its open pages hear `unpaired`. 204. */

/** GET /approver/push (device): what a browser needs to subscribe. RFC 8292 §4. */
export const pushSetupSchema = z.strictObject({
  vapid_public_key: z.string().describe('base64url of the uncompressed P-256 point: `applicationServerKey`.'),
});
export type PushSetup = z.output<typeof pushSetupSchema>;

/**
 * PUT /approver/devices/{id}/push (that device): how it can be reached from now on; replaces what was said before. `web-push`
 * brings what the browser's own push service gave; `relay` a subscription of POST /push/subscribe, which the page decrypts
 * by itself, and only while it is open. 200 with the `Device`.
 */
export const pushRegistrationSchema = z.strictObject({
  kind: z.enum(['web-push', 'relay']),
  subscription: pushSubscriptionSchema,
});
export type PushRegistration = z.output<typeof pushRegistrationSchema>;

/** DELETE /approver/devices/{id}/push (device): send no more. 204. */

/** GET /approver/inbox. Waiting oldest first, decided newest first. */
export const inboxSchema = z.strictObject({
  device: deviceSchema,
  now: z.iso.datetime().describe('Time of the server, for countdowns on a device whose clock is off.'),
  passkey_required: z.boolean().describe('Approving needs a passkey of this device.'),
  quick_actions: z.boolean().describe('Notifications may offer to answer at once.'),
  faults: z.array(activeFaultSchema).describe('What fails on purpose right now.'),
  waiting: z.array(approvalViewSchema),
  decided: z.array(approvalViewSchema),
});
export type Inbox = z.output<typeof inboxSchema>;

/**
 * POST /approver/requests/{id}/transaction (device): what this device needs to answer. It then answers as every device does,
 * by Guardian's protocol: POST /appliance-mfa/api/resolve-transaction with `Authorization: Bearer <transaction_token>`.
 */
export const deviceTransactionSchema = z.strictObject({
  transaction_token: z
    .string()
    .describe('Bearer of the answer. Good for this device, this request and one answer.'),
  challenge: z.string().describe('What the answer signs as `sub`.'),
  now: z.iso.datetime().describe("The server's time, by which the answer is dated."),
});
export type DeviceTransaction = z.output<typeof deviceTransactionSchema>;

/**
 * POST /appliance-mfa/api/resolve-transaction. `challenge_response` is a compact JWS by the device's key (`typ: JWT`), claims
 * as below. A browser is answered a `DecisionResult`, 200 for the first decision and 409 for every later one; a Guardian app
 * 204, or an error of its own protocol.
 */
export const resolveTransactionRequestSchema = z.object({
  challenge_response: z.string().min(1),
  passkey: passkeyAssertionSchema
    .optional()
    .describe('A browser needs it to approve where the tenant asks for a passkey. Never to deny.'),
});

export const challengeResponseClaimsSchema = z.object({
  iss: z
    .string()
    .describe('The identifier that the device chose when it enrolled; of a browser, its device id.'),
  sub: z.string().describe('The challenge.'),
  aud: z.string().describe('URL of this call.'),
  iat: z.number(),
  exp: z.number().describe('At most 30 seconds after `iat`.'),
  auth0_guardian_method: z.literal('push'),
  auth0_guardian_accepted: z.boolean(),
  auth0_guardian_reason: z.string().max(255).optional(),
  consent_hash: z
    .string()
    .optional()
    .describe(
      'What was shown, `consent_hash` of the request. A browser must name it; an app that does is held to it.',
    ),
  granted_details: z
    .array(z.unknown())
    .optional()
    .describe(
      'What is granted of the `authorization_details`, whole and in their order. Only to approve, and only what the request says its approver may change. Left out: all that was asked.',
    ),
});
export type ChallengeResponseClaims = z.output<typeof challengeResponseClaimsSchema>;

/**
 * GET /approver/events: server-sent events, resumable with `Last-Event-ID`. Event names and data:
 * `ready` `{now}` after (re)connecting; `approval` `ApprovalView`, whenever one of this person's requests appears or changes;
 * `mail` `MailboxEntry` when the built-in mailbox got a message for this person, only while it is open;
 * `clock` `{ now }` when the time of the tenant was put forward;
 * `faults` `{faults}` when what fails on purpose has changed; `unpaired` `{}` when this device was removed.
 */
export const approverEventNames = ['ready', 'approval', 'mail', 'clock', 'faults', 'unpaired'] as const;

/** Claims of the proof in `Authorization: Device <proof>`; lives at most 60 seconds. After RFC 9449 §4.2. */
export const deviceProofClaimsSchema = z.looseObject({
  iss: z.string().describe('Device id.'),
  htm: z.string().describe('HTTP method.'),
  htu: z.string().describe('URL without query and fragment.'),
  iat: z.number(),
  jti: z.string(),
});
