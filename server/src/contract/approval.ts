// What one approval request looks like to everybody who may see it: the approver app, the control API, the command line.
import { z } from 'zod';

/** pending → approved | denied | expired; approved → redeemed, once the client has its tokens. */
export const approvalStateSchema = z.enum(['pending', 'approved', 'denied', 'expired', 'redeemed']);
export type ApprovalState = z.output<typeof approvalStateSchema>;

export const authorizationDetailSchema = z
  .looseObject({ type: z.string() })
  .describe('One object of `authorization_details`, RFC 9396 §2.');
export type AuthorizationDetail = z.output<typeof authorizationDetailSchema>;

/** One labelled value that the approver reads. `depth` counts the objects and lists around it. */
export const consentRowSchema = z.strictObject({
  path: z.string().describe('JSON Pointer into the authorization detail.'),
  label: z.string(),
  value: z.string().describe('As text. Never markup.'),
  kind: z.enum(['text', 'number', 'boolean', 'code', 'empty', 'group']),
  depth: z.int().min(0).max(32),
  hidden: z
    .boolean()
    .describe('The client asked not to display it (`display: false`). It is shown all the same, apart.'),
  note: z.string().optional().describe('A second line, such as a description.'),
});
export type ConsentRow = z.output<typeof consentRowSchema>;

/** A member that the request leaves open and its approver may fill in. */
export const consentChoiceSchema = z.strictObject({
  path: z.string().describe('JSON Pointer into the authorization detail.'),
  label: z.string(),
  many: z.boolean().describe('Several may be chosen; the member is a list of them.'),
  options: z.array(z.strictObject({ label: z.string(), value: z.unknown().optional() })),
});
export type ConsentChoice = z.output<typeof consentChoiceSchema>;

/** What the approver may make of one authorization detail, beyond approving it as it is. */
export const approverMaySchema = z.strictObject({
  remove: z.boolean().describe('Strike it out, as long as another one stays.'),
  shorten: z
    .array(z.string())
    .describe('JSON Pointers of lists that members may be struck out of, as long as one stays.'),
  choose: z.array(consentChoiceSchema),
});
export type ApproverMay = z.output<typeof approverMaySchema>;

export const consentSectionSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  known: z.boolean().describe('False for a type this tenant has no wording for.'),
  instruction: z.string().optional(),
  rows: z.array(consentRowSchema),
  may: approverMaySchema
    .optional()
    .describe('Left out where nothing may be changed. Sections stand in the order of the details.'),
});
export type ConsentSection = z.output<typeof consentSectionSchema>;

/** The question, worded on the server, so that every surface shows the same and the answer can be bound to it. */
export const consentViewSchema = z.strictObject({
  who: z.string().describe('Name of the client: "Aiya".'),
  what: z.string().describe('What it wants, at most a line: "Transfer 250.00 EUR".'),
  currency: z.string().optional().describe('Tail of `what` that must stay on one line with the amount.'),
  whom: z.string().optional().describe('Whom it concerns: "to Grace Hopper".'),
  summary: z.string().describe('One line for cards, lists and notifications.'),
  sections: z.array(consentSectionSchema),
  summary_is_complete: z
    .literal(true)
    .optional()
    .describe('Present where `who` and `summary` say all that is asked, so that nothing is left to read.'),
});
export type ConsentView = z.output<typeof consentViewSchema>;

export const verifiedBySchema = z
  .literal('passkey')
  .describe('How the approver was verified beside the key of the device.');

/** One thing that was granted otherwise than it was asked. */
export const grantChangeSchema = z.strictObject({
  kind: z.enum(['struck_out', 'chosen']),
  entry: z.int().describe('Which of the requested authorization details.'),
  path: z.string().describe('JSON Pointer into it; empty where all of it was struck out.'),
  label: z.string(),
  value: z.string().describe('What was struck out, or chosen. As text, never markup.'),
});
export type GrantChange = z.output<typeof grantChangeSchema>;

export const grantedDetailsSchema = z
  .array(authorizationDetailSchema)
  .describe('What is granted of the `authorization_details`, where that is not what was asked. RFC 9396 §7.');

export const decisionSchema = z.strictObject({
  outcome: z.enum(['approved', 'denied']),
  by: z.string().describe('user_id of the approver, or the name of the surface that decided for them.'),
  from: z.enum(['approver app', 'Guardian app', 'e-mail link', 'command line', 'control API', 'rule']),
  rule: z.string().optional().describe('Id of the rule that answered, where nobody did.'),
  device: z.string().optional().describe('Name of the device, if one signed the decision.'),
  verified_by: verifiedBySchema.optional(),
  reason: z.string().optional(),
  granted_details: grantedDetailsSchema.optional(),
  changes: z
    .array(grantChangeSchema)
    .optional()
    .describe('How `granted_details` differ from what was asked, in words.'),
  at: z.iso.datetime(),
});
export type Decision = z.output<typeof decisionSchema>;

export const approvalViewSchema = z.strictObject({
  id: z.string().describe('`apr_` and 22 characters.'),
  name: z.string().describe('Short name to say aloud: `r7`.'),
  state: approvalStateSchema,
  client: z.strictObject({ client_id: z.string(), name: z.string() }),
  approver: z.strictObject({ user_id: z.string(), name: z.string() }),
  binding_message: z.string(),
  audience: z.string().optional(),
  audience_name: z.string().optional(),
  scope: z.array(z.string()),
  authorization_details: z.array(authorizationDetailSchema).optional(),
  consent: consentViewSchema,
  consent_hash: z
    .string()
    .describe('base64url SHA-256 over what is shown. A decision names it and is refused if it differs.'),
  channel: z.enum(['guardian-push', 'email']),
  requested_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decision: decisionSchema.optional(),
  redeemed_at: z.iso.datetime().optional(),
});
export type ApprovalView = z.output<typeof approvalViewSchema>;

/** What `decide` answers. Only the first decision counts; everybody after it is told what it was. */
export const decisionResultSchema = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('decided'), approval: approvalViewSchema }),
  z.strictObject({ result: z.literal('already_decided'), approval: approvalViewSchema }),
  z.strictObject({ result: z.literal('expired'), approval: approvalViewSchema }),
  z.strictObject({ result: z.literal('changed'), approval: approvalViewSchema }),
]);
export type DecisionResult = z.output<typeof decisionResultSchema>;
