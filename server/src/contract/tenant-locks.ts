// What of a tenant cannot be changed while its server runs, and why: for whoever shows settings.
import { z } from 'zod';

export const tenantLockSchema = z.strictObject({
  path: z.string().describe('Of the member in a tenant file: `ciba.interval`.'),
  reason: z
    .enum(['start', 'once'])
    .describe(
      '`start`: an option of the start stands over what the tenant file says. `once`: it is read when the server starts, and never again.',
    ),
  why: z.string().describe('In words.'),
});
export type TenantLock = z.output<typeof tenantLockSchema>;

/** GET /control/tenant/locks */
export const tenantLocksSchema = z.strictObject({ locks: z.array(tenantLockSchema) });
