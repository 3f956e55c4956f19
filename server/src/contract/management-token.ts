// A token for the Management API, for whoever may call the control API: the console of the tenant changes it as tools do.
import { z } from 'zod';

/** Client id that the tenant's log names for what was done with such a token. No client has it, so none can be mistaken for it. */
export const CONSOLE_CLIENT_ID = 'assent-console';

/**
 * POST /control/management-token: a token with every scope of the Management API, good for ten minutes and until the signing
 * key changes. 201.
 */
export const managementTokenSchema = z.strictObject({
  access_token: z.string().describe('For `Authorization: Bearer …` below /api/v2.'),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
});
export type ManagementToken = z.output<typeof managementTokenSchema>;
