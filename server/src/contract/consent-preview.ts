// How an approver would see authorization details, before anybody is asked: for whoever words a type of them.
import { z } from 'zod';
import { consentViewSchema } from './approval.ts';
import { authorizationDetailTypeSchema } from './tenant-apis.ts';

/** POST /control/consent-preview */
export const consentPreviewInputSchema = z.strictObject({
  audience: z.string().describe('Identifier of the API.'),
  authorization_details: z.string().describe('As a request carries them: JSON as text.'),
  client_name: z.string().min(1).optional().describe('Who asks. Default: “An agent”.'),
  scope: z.array(z.string()).default([]).describe('What is asked for beside `openid`.'),
  type: authorizationDetailTypeSchema
    .optional()
    .describe('A type as it shall become, in place of the one of the same name that the API has.'),
});
export type ConsentPreviewInput = z.output<typeof consentPreviewInputSchema>;

const measureSchema = z.strictObject({ is: z.int(), most: z.int() });

export const consentPreviewSchema = z.strictObject({
  consent: consentViewSchema.optional().describe('Missing where a request would be refused.'),
  finding: z.string().optional().describe('Why a request would be refused, in the words of the refusal.'),
  hint: z.string().optional().describe('What to change.'),
  measures: z
    .strictObject({
      objects: measureSchema,
      properties: measureSchema.describe('Of the object that has the most.'),
      depth: measureSchema,
      bytes: measureSchema,
    })
    .describe('How much of each limit is used. Zeros for what is no JSON.'),
});
export type ConsentPreview = z.output<typeof consentPreviewSchema>;

/** As far as it is read before the type is checked like that of a tenant file. */
export const anyConsentPreviewInputSchema = consentPreviewInputSchema.extend({
  type: z.looseObject({}).optional(),
});
