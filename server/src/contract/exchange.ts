// What several events and answers tell of the wire: an exchange, a token, the check of an API. Secrets are redacted before one is made.
import { z } from 'zod';

/** An HTTP request and its answer, redacted. */
export const exchangeSchema = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    content_type: z.string().optional(),
    user_agent: z.string().optional(),
    ip: z.string().optional().describe('Address of the caller.'),
    auth0_client: z
      .strictObject({
        name: z.string().optional(),
        version: z.string().optional(),
        env: z.record(z.string(), z.string()).optional(),
      })
      .optional()
      .describe('The SDK of the caller, by its Auth0-Client header.'),
    parameters: z.record(z.string(), z.string()).describe('Form or JSON members as text.'),
  }),
  response: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type Exchange = z.output<typeof exchangeSchema>;

/** What a JWT says. Its signature is left out, so that nobody can use it. */
export const readTokenSchema = z.strictObject({
  header: z.record(z.string(), z.unknown()).describe('With the id of the key that signed it, `kid`.'),
  claims: z.record(z.string(), z.unknown()),
});
export type ReadToken = z.output<typeof readTokenSchema>;

/** What its sender must show beside it: RFC 9449 §6.1, RFC 8705 §3.1. Undefined for a token that is good for whoever has it. */
export function bindingOf(token: ReadToken | undefined): 'a key' | 'a certificate' | undefined {
  const bound = token?.claims['cnf'];
  if (typeof bound !== 'object' || bound === null) return undefined;
  return 'jkt' in bound ? 'a key' : 'x5t#S256' in bound ? 'a certificate' : undefined;
}

/** One thing that an API looks at before it acts, in the order in which it looked. */
export const apiCheckSchema = z.strictObject({
  check: z
    .string()
    .describe(
      '`token_present`, `token_readable`, `signature`, `issuer`, `audience`, `expiry`, `token_kind`, `possession`, `scope`, `details` or `single_use`; an API may have others.',
    ),
  passed: z
    .boolean()
    .describe('The first that is false stopped the call; those after it were not looked at.'),
  why: z.string().optional().describe('Why it stopped the call.'),
  differences: z
    .array(
      z.strictObject({
        path: z.string().describe('JSON Pointer into the authorization details.'),
        approved: z.unknown().optional(),
        requested: z.unknown().optional(),
      }),
    )
    .optional()
    .describe('Of `details`: where what was approved is not what is asked for.'),
});
export type ApiCheck = z.output<typeof apiCheckSchema>;
