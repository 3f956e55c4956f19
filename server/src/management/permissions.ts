// Permissions as the Management API writes them: one scope of one API each. People and roles hold them by API.
import { z } from 'zod';
import { MANAGEMENT_API, type RoleConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { inexistent } from './management-error.ts';

export const permissionsBodySchema = z.strictObject({
  permissions: z
    .array(
      z.strictObject({ permission_name: z.string().min(1), resource_server_identifier: z.string().min(1) }),
    )
    .min(1),
});
export type NamedPermission = z.output<typeof permissionsBodySchema>['permissions'][number];
type Held = RoleConfig['permissions'];

export interface ShownPermission extends NamedPermission {
  description: string | null;
  resource_server_name: string;
}

/** Each scope on its own, with the words of its API. */
export function showPermissions(held: Held, { directory }: Tenant): ShownPermission[] {
  return held.flatMap((permission) => {
    const api = directory.resourceServer(directory.audienceOf(permission));
    return permission.scopes.map((scope) => ({
      permission_name: scope,
      description: api?.scopes.find(({ value }) => value === scope)?.description ?? null,
      resource_server_identifier: directory.audienceOf(permission),
      resource_server_name: api?.name ?? directory.audienceOf(permission),
    }));
  });
}

/** @throws ManagementError 404 where there is no such API */
export function addPermissions(held: Held, added: readonly NamedPermission[], tenant: Tenant): Held {
  const scopesByAudience = new Map(held.map(({ audience, scopes }) => [audience, new Set(scopes)]));
  for (const { permission_name: scope, resource_server_identifier: identifier } of added) {
    if (!tenant.directory.resourceServer(identifier)) {
      throw inexistent('resource_server', `The resource server does not exist: ${identifier}`);
    }
    const audience = toAudience(identifier, tenant);
    const scopes = scopesByAudience.get(audience) ?? new Set();
    scopesByAudience.set(audience, scopes.add(scope));
  }
  return [...scopesByAudience].map(([audience, scopes]) => ({ audience, scopes: [...scopes] }));
}

/** What is not held is not missed. */
export function removePermissions(held: Held, removed: readonly NamedPermission[], tenant: Tenant): Held {
  const isRemoved = (audience: string, scope: string): boolean =>
    removed.some(
      (one) =>
        one.permission_name === scope && toAudience(one.resource_server_identifier, tenant) === audience,
    );
  return held
    .map(({ audience, scopes }) => ({
      audience,
      scopes: scopes.filter((scope) => !isRemoved(audience, scope)),
    }))
    .filter(({ scopes }) => scopes.length > 0);
}

/** The tenant’s own API has a name in the configuration that does not depend on the issuer. */
function toAudience(identifier: string, { issuer }: Tenant): string {
  return identifier === `${issuer}api/v2/` ? MANAGEMENT_API : identifier;
}
