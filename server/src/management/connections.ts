// /connections: where people come from. All people are of the tenant itself, so connections are kept for tools; one thing of
// them acts: whether the database takes sign-ups. auth0: Management API, Connections.
import { z } from 'zod';
import { type ConnectionConfig, connectionSchema, type TenantConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import {
  anything,
  definedMembers,
  derivedId,
  flag,
  keepMembers,
  text,
  texts,
  unimitatedMembers,
  withUnimitated,
} from './entity.ts';
import { fieldsQuerySchema, listOf, listQuery, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';

const DATABASE = 'auth0';

/** Kept and given back; nothing acts on them. */
const UNIMITATED = unimitatedMembers({
  is_domain_connection: flag,
  show_as_button: flag,
  realms: texts,
  metadata: anything,
  authentication: anything,
  connected_accounts: anything,
  cross_app_access_requesting_app: anything,
  cross_app_access_resource_app: anything,
});
const KEPT = [...Object.keys(UNIMITATED), 'display_name', 'enabled_clients', 'options but disable_signup'];

const patchSchema = z.strictObject({
  display_name: text.nullable().optional(),
  options: anything.nullable().optional(),
  enabled_clients: texts.nullable().optional(),
  ...UNIMITATED,
});
const createSchema = patchSchema.extend({
  name: connectionSchema.shape.name,
  strategy: connectionSchema.shape.strategy.unwrap(),
});
type ConnectionChange = z.output<typeof patchSchema>;

export const connectionRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/connections',
    scopes: ['read:connections'],
    purpose: 'list connections',
    answer: listConnections,
  },
  {
    method: 'POST',
    path: '/connections',
    scopes: ['create:connections'],
    purpose: 'create a connection, for tools alone',
    kept: KEPT,
    answer: createConnection,
  },
  {
    method: 'GET',
    path: '/connections/:id',
    scopes: ['read:connections'],
    purpose: 'read a connection',
    answer: (call) => {
      const query = call.query(fieldsQuerySchema);
      return pickFields(showConnection(findIn(call.tenant.config, call), call.tenant.config), query);
    },
  },
  {
    method: 'PATCH',
    path: '/connections/:id',
    scopes: ['update:connections'],
    purpose: 'change a connection',
    kept: KEPT,
    answer: (call) => {
      const change = call.body(patchSchema);
      return editConnection(call, (draft, connection) => applyChange(draft, connection, change));
    },
  },
  {
    method: 'DELETE',
    path: '/connections/:id',
    scopes: ['delete:connections'],
    purpose: 'delete a connection; its people stay',
    answer: (call) =>
      call.change((draft) => {
        const id = call.parameter('id');
        draft.connections = draft.connections.filter((connection) => idOf(connection) !== id);
      }),
  },
  {
    method: 'GET',
    path: '/connections/:id/clients',
    scopes: ['read:connections'],
    purpose: 'list the clients of a connection',
    answer: (call) => {
      const { config } = call.tenant;
      const clients = clientsOf(findIn(config, call), config).map((id) => ({ client_id: id }));
      return listOf(clients, call.query(z.object({ ...listQuery })), {
        name: 'clients',
        idOf: (client) => client.client_id,
        isAlwaysWrapped: true,
      });
    },
  },
  {
    method: 'PATCH',
    path: '/connections/:id/clients',
    scopes: ['update:connections'],
    purpose: 'enable and disable clients for a connection',
    kept: 'everything',
    answer: setClients,
  },
  {
    method: 'GET',
    path: '/connections/:id/keys',
    scopes: ['read:connections_keys'],
    purpose: 'list the keys of a connection: always empty, there are none here',
    answer: (call) => {
      findIn(call.tenant.config, call);
      return [];
    },
  },
  ...['scim-configuration', 'directory-provisioning'].map(
    (name): ManagementRoute => ({
      method: 'GET',
      path: `/connections/:id/${name}`,
      scopes: ['read:connections', 'read:scim_config', 'read:directory_provisionings'],
      purpose: `read the ${name} of a connection: there is none here`,
      answer: (call) => {
        findIn(call.tenant.config, call);
        throw new ManagementError(404, 'not_found', `There is no ${name}; it is not imitated here.`);
      },
    }),
  ),
];

const listSchema = z.object({
  ...listQuery,
  name: text.optional(),
  strategy: z.union([text, texts]).optional(),
});

function listConnections(call: ManagementCall): unknown {
  const query = call.query(listSchema);
  const strategies = query.strategy === undefined ? undefined : [query.strategy].flat();
  const { config } = call.tenant;
  const connections = config.connections
    .filter(
      ({ name, strategy }) =>
        (query.name === undefined || name === query.name) && (strategies?.includes(strategy) ?? true),
    )
    .map((connection) => showConnection(connection, config));
  return listOf(connections, query, { name: 'connections', idOf: (connection) => connection.id });
}

async function createConnection(call: ManagementCall): Promise<unknown> {
  const { name, strategy, ...change } = call.body(createSchema);
  const id = call.tenant.ids.make('con_', 16);
  await call.change((draft) => {
    if (draft.connections.some((connection) => connection.name === name)) {
      throw new ManagementError(409, 'connection_conflict', `A connection with the name "${name}" exists.`);
    }
    // auth0: a connection that is made by the API serves the clients that it names.
    draft.connections.push(applyChange(draft, { id, name, strategy, enabled_clients: [] }, change));
  });
  const { config } = call.tenant;
  const created = config.connections.find((connection) => connection.id === id);
  return created && showConnection(created, config);
}

const statusesSchema = z
  .array(z.strictObject({ client_id: text, status: flag }))
  .min(1)
  .max(50);

async function setClients(call: ManagementCall): Promise<void> {
  const statuses = call.body(statusesSchema);
  await editConnection(call, (draft, connection) => {
    const enabled = new Set(clientsOf(connection, draft));
    for (const { client_id: id, status } of statuses) {
      if (!draft.clients.some((client) => client.client_id === id)) {
        throw invalidBody(`'No client has the id ${id}' on property client_id.`);
      }
      if (status) enabled.add(id);
      else enabled.delete(id);
    }
    return { ...connection, enabled_clients: [...enabled] };
  });
}

async function editConnection(
  call: ManagementCall,
  edit: (draft: TenantConfig, connection: ConnectionConfig) => ConnectionConfig,
): Promise<unknown> {
  const edited = await call.change((draft) => {
    const connection = edit(draft, findIn(draft, call));
    draft.connections = draft.connections.map((one) => (one.name === connection.name ? connection : one));
    return connection;
  });
  return showConnection(edited, call.tenant.config);
}

/** `options` are replaced as a whole, as at Auth0. */
function applyChange(
  draft: TenantConfig,
  connection: ConnectionConfig,
  change: ConnectionChange,
): ConnectionConfig {
  const { display_name, enabled_clients: clients, options } = change;
  const changed: ConnectionConfig = { ...connection, ...definedMembers({ display_name }) };
  if (display_name === null) delete changed.display_name;
  if (options !== undefined) {
    const { disable_signup: isClosed, ...rest } = options ?? {};
    if (isClosed !== undefined && typeof isClosed !== 'boolean') {
      throw invalidBody("'Expected type boolean' on property options.disable_signup.");
    }
    changed.options = rest;
    if (connection.strategy === DATABASE) draft.tenant.allow_signup = isClosed !== true;
  }
  if (clients) {
    const known = new Set(draft.clients.map((client) => client.client_id));
    const unknown = clients.find((id) => !known.has(id));
    if (unknown !== undefined) {
      throw invalidBody(`'No client has the id ${unknown}' on property enabled_clients.`);
    }
    changed.enabled_clients = [...new Set(clients)];
  }
  return withUnimitated(changed, keepMembers(connection.unimitated, change, UNIMITATED));
}

function idOf(connection: ConnectionConfig): string {
  return connection.id ?? derivedId('con_', connection.name);
}

/** What was left to a client that is gone is no longer told. */
function clientsOf({ enabled_clients: enabled }: ConnectionConfig, config: TenantConfig): string[] {
  const all = config.clients.map((client) => client.client_id);
  return enabled?.filter((id) => all.includes(id)) ?? all;
}

function showConnection(connection: ConnectionConfig, config: Tenant['config']) {
  const { unimitated, options, name, strategy, display_name } = connection;
  return {
    id: idOf(connection),
    is_domain_connection: false,
    realms: [name],
    ...unimitated,
    name,
    strategy,
    ...definedMembers({ display_name }),
    options: {
      ...options,
      ...(strategy === DATABASE ? { disable_signup: !config.tenant.allow_signup } : {}),
    },
    enabled_clients: clientsOf(connection, config),
  };
}

function findIn(config: TenantConfig, call: ManagementCall): ConnectionConfig {
  const id = call.parameter('id');
  const connection = config.connections.find((one) => idOf(one) === id);
  if (!connection) throw inexistent('connection', 'The connection does not exist');
  return connection;
}
