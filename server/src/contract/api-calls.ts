// What an API reports about a call of it, for the trace: its verdict, never the token.
import { z } from 'zod';
import { apiCheckSchema, readTokenSchema } from './exchange.ts';

/** POST /control/api-calls */
export const apiCallSchema = z.strictObject({
  api: z.string().min(1).max(2_000).describe('Identifier of the API, its audience.'),
  method: z.string().min(1).max(20),
  path: z.string().min(1).max(2_000).describe('Without its query.'),
  status: z.int().min(100).max(599).describe('What the caller was answered.'),
  checks: z.array(apiCheckSchema).max(30).describe('In the order in which they were made.'),
  asked: z
    .strictObject({
      scope: z.array(z.string().max(200)).max(100).optional(),
      authorization_details: z.array(z.unknown()).max(20).optional(),
    })
    .optional()
    .describe('What the call needs to be allowed.'),
  token_id: z
    .string()
    .max(200)
    .optional()
    .describe('`jti`, or the digest of what was signed: by it the request is found that the token came of.'),
  access_token: readTokenSchema.optional().describe('Decoded, without its signature.'),
});
export type ApiCall = z.output<typeof apiCallSchema>;

export const apiCallAnswerSchema = z.strictObject({
  number: z.int().describe('Of the event `api.called`.'),
  name: z.string().optional().describe('Of the request that the token came of, where it is known: `r7`.'),
});
export type ApiCallAnswer = z.output<typeof apiCallAnswerSchema>;
