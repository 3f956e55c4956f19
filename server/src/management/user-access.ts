// /users/{id}/roles and /users/{id}/permissions: what one person may do, and why. auth0: Management API, Users.
import { z } from 'zod';
import type { TenantConfig, UserConfig } from '../contract/index.ts';
import { listOf, listQuerySchema } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import {
  addPermissions,
  permissionsBodySchema,
  removePermissions,
  type ShownPermission,
  showPermissions,
} from './permissions.ts';
import { findRole, idOfRole, showRole } from './roles.ts';
import { findUser, findUserIn } from './users.ts';

const rolesBodySchema = z.strictObject({ roles: z.array(z.string().min(1)).min(1) });

export const userAccessRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/users/:id/roles',
    scopes: ['read:users', 'read:roles', 'read:role_members'],
    purpose: 'list the roles of a person',
    answer: (call) => {
      const user = findUser(call);
      const roles = call.tenant.config.roles.filter(({ name }) => user.roles.includes(name)).map(showRole);
      return listOf(roles, call.query(listQuerySchema), { name: 'roles', idOf: ({ id }) => id });
    },
  },
  {
    method: 'POST',
    path: '/users/:id/roles',
    scopes: ['update:users', 'create:role_members'],
    purpose: 'give roles to a person',
    status: 204,
    answer: (call) => editRoles(call, (held, named) => [...new Set([...held, ...named])]),
  },
  {
    method: 'DELETE',
    path: '/users/:id/roles',
    scopes: ['update:users', 'delete:role_members'],
    purpose: 'take roles from a person',
    answer: (call) => editRoles(call, (held, named) => held.filter((name) => !named.includes(name))),
  },
  {
    method: 'GET',
    path: '/users/:id/permissions',
    scopes: ['read:users'],
    purpose: 'list the permissions of a person, with their sources',
    answer: (call) =>
      listOf(permissionsOf(findUser(call), call), call.query(listQuerySchema), {
        name: 'permissions',
        idOf: (one) => `${one.resource_server_identifier} ${one.permission_name}`,
      }),
  },
  {
    method: 'POST',
    path: '/users/:id/permissions',
    scopes: ['update:users'],
    purpose: 'give permissions to a person',
    answer: async (call) => {
      const { permissions } = call.body(permissionsBodySchema);
      await editUser(call, (user) => {
        user.permissions = addPermissions(user.permissions, permissions, call.tenant);
      });
      return {};
    },
  },
  {
    method: 'DELETE',
    path: '/users/:id/permissions',
    scopes: ['update:users'],
    purpose: 'take permissions from a person',
    answer: async (call) => {
      const { permissions } = call.body(permissionsBodySchema);
      await editUser(call, (user) => {
        user.permissions = removePermissions(user.permissions, permissions, call.tenant);
      });
    },
  },
];

interface SourcedPermission extends ShownPermission {
  sources: Array<{ source_id: string; source_name: string; source_type: 'DIRECT' | 'ROLE' }>;
}

/** Each permission once, with all the ways in which the person came by it. */
function permissionsOf(user: UserConfig, { tenant }: ManagementCall): SourcedPermission[] {
  const found = new Map<string, SourcedPermission>();
  const collect = (held: UserConfig['permissions'], source: SourcedPermission['sources'][number]): void => {
    for (const permission of showPermissions(held, tenant)) {
      const key = JSON.stringify([permission.resource_server_identifier, permission.permission_name]);
      const sources = found.get(key)?.sources ?? [];
      found.set(key, { ...permission, sources: [...sources, source] });
    }
  };
  collect(user.permissions, { source_id: '', source_name: '', source_type: 'DIRECT' });
  for (const role of tenant.config.roles.filter(({ name }) => user.roles.includes(name))) {
    collect(role.permissions, { source_id: idOfRole(role), source_name: role.name, source_type: 'ROLE' });
  }
  return [...found.values()];
}

async function editRoles(
  call: ManagementCall,
  edit: (held: readonly string[], named: readonly string[]) => string[],
): Promise<void> {
  const { roles } = call.body(rolesBodySchema);
  await editUser(call, (user, draft) => {
    user.roles = edit(
      user.roles,
      roles.map((id) => findRole(draft, id).name),
    );
  });
}

function editUser(
  call: ManagementCall,
  edit: (user: UserConfig, draft: TenantConfig) => void,
): Promise<void> {
  return call.change((draft) => edit(findUserIn(draft, call.parameter('id')), draft));
}
