// /roles: what people may do, by name. auth0: Management API, Roles; recorded shapes.
import { z } from 'zod';
import type { RoleConfig, TenantConfig } from '../contract/index.ts';
import { definedMembers, derivedId, text } from './entity.ts';
import { listOf, listQuery, listQuerySchema } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';
import { addPermissions, permissionsBodySchema, removePermissions, showPermissions } from './permissions.ts';

const roleBodySchema = z.strictObject({
  name: z.string().min(1).max(255),
  description: z.string().max(1024).optional(),
});

export const roleRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/roles',
    scopes: ['read:roles'],
    purpose: 'list roles',
    answer: (call) => {
      const query = call.query(z.object({ ...listQuery, name_filter: text.optional() }));
      const wanted = query.name_filter?.toLowerCase() ?? '';
      const roles = call.tenant.config.roles.filter(({ name }) => name.toLowerCase().includes(wanted));
      return listOf(roles.map(showRole), query, { name: 'roles', idOf: ({ id }) => id });
    },
  },
  {
    method: 'POST',
    path: '/roles',
    scopes: ['create:roles'],
    purpose: 'create a role',
    status: 200,
    answer: createRole,
  },
  {
    method: 'GET',
    path: '/roles/:id',
    scopes: ['read:roles'],
    purpose: 'read a role',
    answer: (call) => showRole(findRole(call.tenant.config, call.parameter('id'))),
  },
  {
    method: 'PATCH',
    path: '/roles/:id',
    scopes: ['update:roles'],
    purpose: 'change a role',
    answer: changeRole,
  },
  {
    method: 'DELETE',
    path: '/roles/:id',
    scopes: ['delete:roles'],
    purpose: 'delete a role and take it from everybody',
    answer: (call) =>
      call.change((draft) => {
        const id = call.parameter('id');
        const role = draft.roles.find((one) => idOfRole(one) === id);
        draft.roles = draft.roles.filter((one) => one !== role);
        for (const user of draft.users) user.roles = user.roles.filter((name) => name !== role?.name);
      }),
  },
  {
    method: 'GET',
    path: '/roles/:id/permissions',
    scopes: ['read:roles'],
    purpose: 'list the permissions of a role',
    answer: (call) => {
      const role = findRole(call.tenant.config, call.parameter('id'));
      return listOf(showPermissions(role.permissions, call.tenant), call.query(listQuerySchema), {
        name: 'permissions',
        idOf: (one) => `${one.resource_server_identifier} ${one.permission_name}`,
      });
    },
  },
  {
    method: 'POST',
    path: '/roles/:id/permissions',
    scopes: ['update:roles'],
    purpose: 'give permissions to a role',
    answer: async (call) => {
      const { permissions } = call.body(permissionsBodySchema);
      await call.change((draft) => {
        const role = findRole(draft, call.parameter('id'));
        role.permissions = addPermissions(role.permissions, permissions, call.tenant);
      });
      return {};
    },
  },
  {
    method: 'DELETE',
    path: '/roles/:id/permissions',
    scopes: ['update:roles'],
    purpose: 'take permissions from a role',
    answer: async (call) => {
      const { permissions } = call.body(permissionsBodySchema);
      await call.change((draft) => {
        const role = findRole(draft, call.parameter('id'));
        role.permissions = removePermissions(role.permissions, permissions, call.tenant);
      });
    },
  },
  {
    method: 'GET',
    path: '/roles/:id/users',
    scopes: ['read:role_members', 'read:roles', 'read:users'],
    purpose: 'list who has a role',
    answer: (call) => {
      const { name } = findRole(call.tenant.config, call.parameter('id'));
      const members = call.tenant.directory
        .users()
        .filter(({ roles }) => roles.includes(name))
        .map(({ user_id, email, name: userName, picture }) => ({ user_id, email, name: userName, picture }));
      return listOf(members, call.query(listQuerySchema), {
        name: 'users',
        idOf: ({ user_id: id }) => id,
      });
    },
  },
  {
    method: 'POST',
    path: '/roles/:id/users',
    scopes: ['create:role_members', 'update:roles'],
    purpose: 'give a role to people',
    status: 200,
    answer: async (call) => {
      const { users } = call.body(z.strictObject({ users: z.array(z.string().min(1)).min(1) }));
      await call.change((draft) => {
        const { name } = findRole(draft, call.parameter('id'));
        for (const id of users) {
          const user = draft.users.find((one) => one.user_id === id);
          if (!user) throw inexistent('user', `The user does not exist: ${id}`);
          if (!user.roles.includes(name)) user.roles.push(name);
        }
      });
      return {};
    },
  },
];

export function idOfRole(role: Pick<RoleConfig, 'id' | 'name'>): string {
  return role.id ?? derivedId('rol_', role.name);
}

export function showRole(role: RoleConfig): { id: string; name: string; description: string } {
  return { id: idOfRole(role), name: role.name, description: role.description ?? '' };
}

/** @throws ManagementError 404 `inexistent_role` */
export function findRole(config: TenantConfig, id: string): RoleConfig {
  const role = config.roles.find((one) => idOfRole(one) === id);
  if (!role) throw inexistent('role', `The role does not exist: ${id}`);
  return role;
}

async function createRole(call: ManagementCall): Promise<unknown> {
  const body = call.body(roleBodySchema);
  const role: RoleConfig = {
    id: call.tenant.ids.make('rol_', 16),
    name: body.name,
    ...definedMembers({ description: body.description }),
    permissions: [],
  };
  await call.change((draft) => {
    refuseTakenName(draft, body.name);
    draft.roles.push(role);
  });
  return showRole(role);
}

async function changeRole(call: ManagementCall): Promise<unknown> {
  const change = call.body(roleBodySchema.partial());
  if (Object.keys(change).length === 0) throw invalidBody("'Too few properties defined (0), minimum 1'.");
  const changed = await call.change((draft) => {
    const role = findRole(draft, call.parameter('id'));
    const { name: before } = role;
    // An id that was derived from the name must survive the name.
    role.id = idOfRole(role);
    if (change.name !== undefined && change.name !== before) {
      refuseTakenName(draft, change.name);
      role.name = change.name;
      for (const user of draft.users) {
        user.roles = user.roles.map((name) => (name === before ? role.name : name));
      }
    }
    if (change.description !== undefined) role.description = change.description;
    return role;
  });
  return showRole(changed);
}

function refuseTakenName({ roles }: TenantConfig, name: string): void {
  if (!roles.some((role) => role.name === name)) return;
  throw new ManagementError(409, 'role_conflict', `A role with the same name already exists: ${name}`);
}
