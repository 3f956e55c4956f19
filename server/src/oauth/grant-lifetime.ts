// How long the provider must remember a grant: as long as anything that hangs on it may be used.
import type { Tenant } from '../tenant/index.ts';
import { NEVER_SECONDS } from './refresh-tokens.ts';

const DAY_SECONDS = 86_400;

/** @param scope what was granted */
export function grantLifetimeSeconds(
  tenant: Tenant,
  scope: readonly string[],
  audience: string | undefined,
): number {
  if (scope.includes('offline_access')) return NEVER_SECONDS;
  const api = audience === undefined ? undefined : tenant.directory.resourceServer(audience);
  return api?.token_lifetime ?? DAY_SECONDS;
}
