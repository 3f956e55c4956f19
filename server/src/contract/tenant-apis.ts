// APIs in the tenant file, the details that may be asked for there, and what a client may ask.
import { z } from 'zod';
import { MANAGEMENT_API } from './management.ts';
import { seconds, unimitatedSchema } from './tenant-pieces.ts';

const detailDisplaySchema = z
  .strictObject({
    action: z
      .string()
      .optional()
      .describe('Verb of the question: "Transfer" gives "the bAInk asks to Transfer 250.00 EUR".'),
    amount: z.string().optional().describe('JSON Pointer (RFC 6901) to the main value.'),
    currency: z.string().optional().describe('JSON Pointer to the unit or currency of the amount.'),
    to: z
      .string()
      .optional()
      .describe('JSON Pointer to whom or what it concerns: a value, or a list of at most three.'),
    preposition: z.string().default('to').describe('Word before that value: "to", "from", "for".'),
    labels: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'Label for a field, by JSON Pointer, in which `*` stands for any place in a list. Fields without one get a label from their name.',
      ),
    values: z
      .record(z.string(), z.record(z.string(), z.string()))
      .default({})
      .describe(
        'Words for values, by JSON Pointer of the field or of its list: `/actions: { read_balances: See your balances }`. The value itself is shown below them.',
      ),
    units: z
      .record(z.string(), z.string())
      .default({})
      .describe('What is counted in a field, by JSON Pointer: `/duration_of_access: days`.'),
    code: z
      .array(z.string())
      .default([])
      .describe('Fields that are read sign by sign, by JSON Pointer: account numbers, digests.'),
  })
  .describe('How the approver app words a request of this type. Every field is shown in any case.');

const memberPointer = z
  .string()
  .regex(/^(?:\/(?:[^~/]|~[01])+)+$/, 'expected a JSON Pointer to a member, such as /actions')
  .refine((pointer) => pointer !== '/type', 'expected another member: the type stays what it is');

const approverMaySchema = z
  .strictObject({
    remove: z
      .boolean()
      .default(false)
      .describe('Strike out a whole object, as long as another one of the request stays.'),
    shorten: z
      .array(memberPointer)
      .default([])
      .describe('Strike members out of these lists, by JSON Pointer, as long as one stays in each.'),
    choose: z
      .array(
        z.strictObject({
          at: memberPointer.describe('JSON Pointer of the member that is filled in.'),
          name: z.string().optional().describe('What the approver reads. Else the label of that field.'),
          many: z
            .boolean()
            .default(false)
            .describe('Several may be chosen, and the member is the list of them.'),
          options: z
            .array(
              z.strictObject({
                name: z.string().min(1).describe('What the approver reads.'),
                value: z
                  .union([
                    z.string(),
                    z.number(),
                    z.boolean(),
                    z.record(z.string(), z.unknown()),
                    z.array(z.unknown()),
                  ])
                  .describe('What the member becomes, or one element of it.'),
              }),
            )
            .min(1)
            .max(50),
        }),
      )
      .default([])
      .describe(
        'Fill in members that a request leaves open: absent, null or an empty list, in an object that is there.',
      ),
  })
  .describe(
    'What an approver may make of an object of this type beyond approving it as it is. RFC 9396 §7 and §7.1. Left out: nothing. What is granted then differs from what was asked, and tokens carry what was granted.',
  );

export const authorizationDetailTypeSchema = z
  .strictObject({
    type: z.string().min(1).describe('The `type` value, RFC 9396 §2.'),
    name: z.string().optional().describe('What the approver reads for this type.'),
    schema: z
      .union([z.boolean(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('JSON Schema (2020-12) that each object of this type must satisfy. Auth0 has none.'),
    description: z
      .string()
      .optional()
      .describe('What the type is for, in the metadata for clients. Approvers do not see it.'),
    display: detailDisplaySchema.optional(),
    approver_may: approverMaySchema.optional(),
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
    signing_alg: z
      .enum(['RS256', 'RS512', 'PS256', 'HS256', 'ES256', 'EdDSA'])
      .default('RS256')
      .describe(
        'What its access tokens are signed with. ES256 and EdDSA are beyond Auth0 and take a fraction of the work.',
      ),
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

export type ResourceServerConfig = z.output<typeof resourceServerSchema>;
export type ClientGrantConfig = z.output<typeof clientGrantSchema>;
export type AuthorizationDetailTypeConfig = z.output<typeof authorizationDetailTypeSchema>;
