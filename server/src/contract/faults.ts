// Failures that a test injects while the server runs, under /control/faults: where, for whom, how often, and what happens.
// None of them is ever in the tenant file, so that nobody commits one by accident.
import { z } from 'zod';

/** What a fault can meet, beside a path: routes that agents call, and what the server does by itself. */
export const FAULT_PLACES = [
  'backchannel_authentication',
  'token',
  'jwks',
  'discovery',
  'userinfo',
  'management',
  'guardian',
  'push',
  'email',
  'decision',
  'callback',
  'connection',
] as const;
export type FaultPlace = (typeof FAULT_PLACES)[number];

const retryAfterSchema = z.int().min(0).max(3600).optional().describe('Seconds, as Retry-After says them.');
const whenSchema = z
  .enum(['before', 'after'])
  .describe('`before` the request is processed, or `after`: then it has happened, and nobody was told.');

/** What happens. */
export const faultEffectSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('answer'),
      status: z
        .int()
        .describe(
          'Of a route: 429, 500, 502, 503 or 504. Of a push: 410, 413, 429, 500, 502, 503 or 504. Of an e-mail: 421, 450, 451, 550, 552 or 554. Of a callback: 401, 403, 429, 500, 502, 503 or 504.',
        ),
      retry_after: retryAfterSchema,
    })
    .describe('Refused, in the words of whoever would refuse; nothing is processed.'),
  z.strictObject({ kind: z.literal('slow_down') }).describe('A poll is too fast, and the interval grows.'),
  z
    .strictObject({
      kind: z.literal('delay'),
      ms: z.int().min(1).max(600_000),
      when: whenSchema.default('before'),
    })
    .describe('Answered late, by the time of the tenant.'),
  z
    .strictObject({ kind: z.literal('drop'), when: whenSchema })
    .describe('The connection ends without an answer.'),
  z
    .strictObject({ kind: z.literal('truncate') })
    .describe('Processed; the connection ends amid the answer’s body.'),
  z
    .strictObject({
      kind: z.literal('rotate_keys'),
      old: z
        .enum(['keep', 'withdraw'])
        .default('keep')
        .describe('Whether the key set still shows the old keys.'),
    })
    .describe('Before the request is processed, a new key begins to sign. It stays when the fault is over.'),
  z
    .strictObject({ kind: z.literal('stale_keys') })
    .describe('The key set is shown as it was before the last rotation. Met only once there was one.'),
  z.strictObject({ kind: z.literal('lose') }).describe('Accepted, and never delivered.'),
  z
    .strictObject({ kind: z.literal('late'), ms: z.int().min(1).max(600_000) })
    .describe('Accepted, and delivered late, by the time of the tenant.'),
  z.strictObject({ kind: z.literal('duplicate') }).describe('Delivered twice.'),
  z
    .strictObject({
      kind: z.literal('race_expiry'),
      first: z.enum(['decision', 'expiry']).describe('Which of the two wins.'),
    })
    .describe('The answer of a person waits for the instant at which the request expires.'),
  z
    .strictObject({ kind: z.literal('transaction_failed') })
    .describe('Something fails inside once the person has approved: a client is pushed that error.'),
  z
    .strictObject({
      kind: z.literal('break_tls'),
      how: z
        .enum(['refuse', 'expired', 'untrusted'])
        .describe('The handshake, or the certificate shown in it.'),
    })
    .describe('New connections only. Those of the command line and of the typed client are spared.'),
]);
export type FaultEffect = z.output<typeof faultEffectSchema>;
export type FaultKind = FaultEffect['kind'];
export const FAULT_KINDS: readonly FaultKind[] = faultEffectSchema.options.map(
  ({ shape }) => shape.kind.value,
);

const ROUTE_STATUSES = [429, 500, 502, 503, 504];
/** RFC 8030 §7.3, §7.2 and §8.4. */
export const PUSH_STATUSES = [410, 413, 429, 500, 502, 503, 504] as const;
/** RFC 5321 §4.2.3: 4yz may be tried again, 5yz may not. */
const MAIL_STATUSES = [421, 450, 451, 550, 552, 554];

/** What a client may answer to its callback. */
const CALLBACK_STATUSES = [401, 403, 429, 500, 502, 503, 504];

/** What goes wrong where. `path` stands for a route that is named by its path. */
const EFFECTS: Readonly<Record<FaultPlace | 'path', readonly FaultKind[]>> = {
  backchannel_authentication: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  token: ['answer', 'slow_down', 'delay', 'drop', 'truncate', 'rotate_keys'],
  jwks: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys', 'stale_keys'],
  discovery: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  userinfo: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  management: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  guardian: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  path: ['answer', 'delay', 'drop', 'truncate', 'rotate_keys'],
  push: ['answer', 'lose', 'late', 'duplicate'],
  email: ['answer', 'lose', 'late', 'duplicate'],
  decision: ['race_expiry'],
  callback: ['answer', 'lose', 'late', 'duplicate', 'transaction_failed'],
  connection: ['break_tls'],
};

/** Where it is known which request it is about. */
const PLACES_OF_REQUESTS: readonly string[] = [
  'token',
  'push',
  'email',
  'decision',
  'callback',
] satisfies FaultPlace[];
/** Where it is known which client it is about. */
const PLACES_WITHOUT_CLIENT: readonly string[] = [
  'connection',
  'guardian',
  'jwks',
  'discovery',
] satisfies FaultPlace[];
/** Answered before faults are looked at: nobody could take one back that met its own route. */
const SPARED = /^\/(control|push)(\/|$|\*)/;

const placeSchema = z.string().superRefine((on, context) => {
  const expected = `expected ${FAULT_PLACES.join(', ')}, or a path such as /authorize or /rich-consents/*`;
  if (FAULT_PLACES.some((place) => place === on)) return;
  if (!/^\/[\w\-./~%]*\*?$/.test(on))
    context.addIssue({ code: 'custom', message: `received "${on.slice(0, 60)}", ${expected}` });
  else if (SPARED.test(on)) {
    context.addIssue({
      code: 'custom',
      message: `received "${on.slice(0, 60)}", but nothing below /control and /push fails by path; "push" is what fails on the way to a device`,
    });
  }
});

const faultMembers = {
  on: placeSchema.describe(
    `What it meets: ${FAULT_PLACES.map((place) => `\`${place}\``).join(', ')}, or a path, where a star at the end stands for the rest.`,
  ),
  does: faultEffectSchema,
  client_id: z.string().min(1).optional().describe('Only what this client asks, or what is asked for it.'),
  request: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Only what is about this request: id, short name, auth_req_id, `latest`, or `next` for the next one to come.',
    ),
  times: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('How often at most; the fault is over then. Default: until it is removed.'),
  probability: z.number().gt(0).max(1).optional().describe('How likely each time. Default: 1.'),
  seed: z
    .union([z.string().min(1).max(100), z.int().transform(String)])
    .optional()
    .describe(
      'Of the draws for `probability`: the same seed gives the same draws. Default: `seed` of the tenant.',
    ),
  after: z.int().min(0).max(100_000).default(0).describe('How many matches pass before.'),
};

/** POST /control/faults: inject one. 201 with the `Fault`. */
export const faultInputSchema = z.strictObject(faultMembers).superRefine((fault, context) => {
  const { on, does } = fault;
  const complain = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const place = FAULT_PLACES.find((name) => name === on) ?? 'path';
  const possible = EFFECTS[place];
  if (!possible.includes(does.kind)) {
    complain(['does', 'kind'], `received "${does.kind}" on ${on}, expected ${possible.join(', ')}`);
  }
  if (does.kind === 'answer') {
    const statuses: readonly number[] =
      place === 'push'
        ? PUSH_STATUSES
        : place === 'email'
          ? MAIL_STATUSES
          : place === 'callback'
            ? CALLBACK_STATUSES
            : ROUTE_STATUSES;
    if (!statuses.includes(does.status)) {
      complain(['does', 'status'], `received ${does.status} on ${on}, expected ${statuses.join(', ')}`);
    }
    if (place === 'email' && does.retry_after !== undefined) {
      complain(['does', 'retry_after'], 'received one on email, but a mail server says none');
    }
  }
  if (fault.request !== undefined && !PLACES_OF_REQUESTS.includes(on)) {
    complain(['request'], `received one on ${on}, expected it on ${PLACES_OF_REQUESTS.join(', ')} only`);
  }
  if (fault.client_id !== undefined && PLACES_WITHOUT_CLIENT.includes(on)) {
    complain(['client_id'], `received one on ${on}, where nobody knows the client`);
  }
  if (fault.seed !== undefined && fault.probability === undefined) {
    complain(['seed'], 'received one without probability, which is what it is for');
  }
});
/** As a caller writes it. */
export type FaultInput = z.input<typeof faultInputSchema>;
/** As it was understood. */
export type FaultPlan = z.output<typeof faultInputSchema>;

export const faultSchema = z.strictObject({
  id: z.string().describe('`f1`, `f2`, …'),
  text: z.string().describe('In words.'),
  ...faultMembers,
  on: z.string(),
  seed: z.string().optional(),
  after: z.int(),
  matched: z.int().describe('How often it could have been applied.'),
  applied: z.int().describe('How often it was.'),
});
export type Fault = z.output<typeof faultSchema>;

/** GET /control/faults: those that are active, oldest first. DELETE /control/faults: all of them are over. */
export const faultsSchema = z.strictObject({ faults: z.array(faultSchema) });

/** DELETE /control/faults/{id}: it is over. Answers what it was. 404 when it is not active. */

/** What an approver is told: that something is made to fail on purpose. */
export const activeFaultSchema = z.strictObject({ id: z.string(), text: z.string() });
/** `faults` of GET /approver/events: those that are active from now on. */
export const faultNewsSchema = z.strictObject({ faults: z.array(activeFaultSchema) });
export type ActiveFault = z.output<typeof activeFaultSchema>;
