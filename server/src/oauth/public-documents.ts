// What anybody may read of a tenant: its discovery document and its public keys. Answered by `oauth`, and by the early door while the
// rest of the server is still being loaded: both ask here.
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import { type DescribedTenant, describeTenant } from './discovery.ts';
import { publishedKeys } from './published-keys.ts';

export const DISCOVERY_PATHS: readonly string[] = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
];

export interface PublicTenant extends DescribedTenant {
  readonly keys: Pick<Tenant['keys'], 'public'>;
}

/** Undefined for another path. */
export function findPublicDocument(tenant: PublicTenant, path: string): Record<string, unknown> | undefined {
  if (DISCOVERY_PATHS.includes(path)) return describeTenant(tenant);
  if (path === ROUTES.jwks) return { keys: publishedKeys(tenant) };
  return undefined;
}
