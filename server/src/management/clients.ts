// /clients: the programs that may ask. auth0: Management API, Clients; recorded shapes and defaults.
import { z } from 'zod';
import { type ClientConfig, clientSchema, standardClientMembers } from '../contract/index.ts';
import { type ConfigurationDraft, removeClient, type Tenant } from '../tenant/index.ts';
import { applyMethods, readInlineCredentials, showMethods } from './client-credentials.ts';
import {
  type ClientChange,
  clientCreateSchema,
  clientPatchSchema,
  IMITATED_CLIENT_MEMBERS,
  KEPT_CLIENT_MEMBERS,
  UNIMITATED_CLIENT_MEMBERS,
} from './client-members.ts';
import { definedMembers, derivedId, keepMembers, text, withUnimitated } from './entity.ts';
import { fieldsQuery, listOf, listQuery, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, insufficientScope, invalidBody } from './management-error.ts';
import { booleanText } from './payload.ts';

const CLIENT_ID_LENGTH = 32;
const CLIENT_SECRET_LENGTH = 64;

/** Who knows `read:clients` alone does not see what a client proves itself with. auth0: Management API, Get Client by ID. */
const READ_KEYS = ['read:client_keys', 'read:client_credentials'];
const KEY_MEMBERS = 'client_secret,client_authentication_methods,encryption_key';
/** auth0: Management API, Update a Client: the secret needs a scope of its own. */
const WRITE_KEYS = ['update:client_keys'];

/** By kind of application; what a client without a kind gets was recorded. auth0: Application Grant Types. */
const INITIAL_GRANT_TYPES: Readonly<Record<ClientConfig['app_type'], ClientConfig['grant_types']>> = {
  regular_web: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  spa: ['authorization_code', 'implicit', 'refresh_token'],
  native: ['authorization_code', 'implicit', 'refresh_token'],
  non_interactive: ['client_credentials'],
};

export const clientRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/clients',
    scopes: ['read:clients', 'read:client_keys'],
    purpose: 'list clients',
    answer: listClients,
  },
  {
    method: 'POST',
    path: '/clients',
    scopes: ['create:clients'],
    purpose: 'create a client',
    kept: KEPT_CLIENT_MEMBERS,
    answer: createClient,
  },
  {
    method: 'GET',
    path: '/clients/:id',
    scopes: ['read:clients', 'read:client_keys'],
    purpose: 'read a client',
    answer: (call) => pickFields(showClientTo(call, findClient(call)), call.query(z.object(fieldsQuery))),
  },
  {
    method: 'PATCH',
    path: '/clients/:id',
    scopes: ['update:clients', 'update:client_keys'],
    purpose: 'change a client',
    kept: KEPT_CLIENT_MEMBERS,
    answer: async (call) => {
      const change = call.body(clientPatchSchema);
      findClient(call);
      if (change.client_secret !== undefined && !call.isAllowed(WRITE_KEYS))
        throw insufficientScope(WRITE_KEYS);
      const changed = await editClient(call, (client) => applyChange(client, change));
      return call.isAllowed(WRITE_KEYS) ? showClient(changed, call.tenant) : showClientTo(call, changed);
    },
  },
  {
    method: 'DELETE',
    path: '/clients/:id',
    scopes: ['delete:clients'],
    purpose: 'delete a client and its grants',
    answer: (call) => call.change((draft) => removeClient(draft, call.parameter('id'))),
  },
  {
    method: 'POST',
    path: '/clients/:id/rotate-secret',
    scopes: WRITE_KEYS,
    purpose: 'give a client a new secret',
    status: 200,
    answer: async (call) => {
      findClient(call);
      const secret = call.tenant.ids.make('', CLIENT_SECRET_LENGTH);
      return showClient(
        await editClient(call, (client) => ({ ...client, client_secret: secret })),
        call.tenant,
      );
    },
  },
];

const clientsQuerySchema = z.object({
  ...listQuery,
  is_global: booleanText.optional(),
  is_first_party: booleanText.optional(),
  app_type: text.optional(),
  q: text.optional(),
});

function listClients(call: ManagementCall): unknown {
  const query = call.query(clientsQuerySchema);
  const kinds = query.app_type?.split(',');
  const clients = call.tenant.directory
    .clients()
    .filter(
      (client) =>
        (query.is_first_party === undefined || client.is_first_party === query.is_first_party) &&
        (kinds === undefined || kinds.includes(client.app_type)),
    )
    .map((client) => showClientTo(call, client));
  return listOf<{ client_id: string }>(query.is_global ? [globalClient(call.tenant)] : clients, query, {
    name: 'clients',
    idOf: (client) => client.client_id,
  });
}

/** auth0: stands for all applications of a tenant. Deploy tools insist on it, and read the classic login page from it. */
function globalClient({ issuer, config }: Tenant) {
  return {
    client_id: derivedId('', 'global client', issuer),
    name: 'All Applications',
    tenant: config.tenant.name,
    global: true,
  };
}

async function createClient(call: ManagementCall): Promise<unknown> {
  const body = call.body(clientCreateSchema);
  const { ids } = call.tenant;
  const appType = body.app_type ?? 'regular_web';
  const isPublic = appType === 'spa' || appType === 'native';
  const begun = clientSchema.parse({
    client_id: ids.make('', CLIENT_ID_LENGTH),
    client_secret: ids.make('', CLIENT_SECRET_LENGTH),
    name: body.name,
    app_type: appType,
    grant_types: INITIAL_GRANT_TYPES[appType],
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_post',
    // auth0: recorded; the dashboard sends true, a plain call leaves it false, and CIBA then refuses the client.
    oidc_conformant: false,
  });
  const { credentials, methods } = await readInlineCredentials(call, body.client_authentication_methods);
  const client = applyChange(
    { ...begun, ...(credentials.length === 0 ? {} : { credentials }) },
    { ...body, ...(methods === undefined ? {} : { client_authentication_methods: methods }) },
  );
  await call.change((draft) => {
    draft.clients.push(client);
  });
  return showClient(client, call.tenant);
}

/** The client with what the change sets; `null` brings the default back. */
function applyChange(client: ClientConfig, change: ClientChange): ClientConfig {
  const { refresh_token, jwt_configuration, client_authentication_methods: methods, ...members } = change;
  const defaults = clientSchema.parse({
    client_id: client.client_id,
    client_secret: client.client_secret,
    name: client.name,
  });
  const isCleared = (name: keyof ClientChange): boolean => change[name] === null;
  const imitated = Object.fromEntries(
    Object.entries(definedMembers(members)).filter(([name]) => name in IMITATED_CLIENT_MEMBERS),
  );
  const changed: ClientConfig = {
    ...client,
    ...(isCleared('app_type') ? { app_type: defaults.app_type } : {}),
    ...(isCleared('callbacks') ? { callbacks: defaults.callbacks } : {}),
    ...(isCleared('allowed_logout_urls') ? { allowed_logout_urls: defaults.allowed_logout_urls } : {}),
    ...(isCleared('grant_types') ? { grant_types: INITIAL_GRANT_TYPES[client.app_type] } : {}),
    ...(isCleared('refresh_token') ? { refresh_token: defaults.refresh_token } : {}),
    ...(isCleared('token_endpoint_auth_method')
      ? { token_endpoint_auth_method: defaults.token_endpoint_auth_method }
      : {}),
    ...imitated,
  };
  if (isCleared('async_approval_notification_channels')) delete changed.async_approval_notification_channels;
  let kept = keepMembers(client.unimitated, change, UNIMITATED_CLIENT_MEMBERS);
  if (refresh_token) {
    const { rotation_type, expiration_type, leeway, token_lifetime, ...rest } = refresh_token;
    changed.refresh_token = {
      ...changed.refresh_token,
      ...definedMembers({ rotation_type, expiration_type, leeway, token_lifetime }),
    };
    const keptBefore = (kept?.['refresh_token'] ?? {}) as Record<string, unknown>;
    kept = { ...kept, refresh_token: { ...keptBefore, ...definedMembers(rest) } };
  } else if (refresh_token === null && kept) {
    delete kept['refresh_token'];
  }
  if (jwt_configuration) {
    const { lifetime_in_seconds, alg, ...rest } = jwt_configuration;
    if (alg !== undefined && alg !== 'RS256') {
      throw invalidBody(
        `'ID tokens are signed with RS256 here; received ${alg}' on property jwt_configuration.alg.`,
      );
    }
    if (lifetime_in_seconds !== undefined) changed.jwt_configuration = { lifetime_in_seconds };
    const keptBefore = (kept?.['jwt_configuration'] ?? {}) as Record<string, unknown>;
    kept = { ...kept, jwt_configuration: { ...keptBefore, ...definedMembers(rest) } };
  }
  // auth0: Management API, Update a Client: the two are mutually exclusive.
  if (methods && members.token_endpoint_auth_method) {
    throw invalidBody(
      "'client_authentication_methods and token_endpoint_auth_method exclude each other; send null for one' on property token_endpoint_auth_method.",
    );
  }
  const proven = methods === undefined ? changed : applyMethods(changed, methods);
  return withUnimitated(proven, kept);
}

function showClient(client: ClientConfig, tenant: Tenant) {
  const {
    unimitated,
    jwks: _jwks,
    credentials: _credentials,
    token_endpoint_auth_method: method,
    jwt_configuration,
    refresh_token,
    id_token_signed_response_alg: idTokenAlgorithm = 'RS256',
    ...own
  } = client;
  const members = withoutStandardMembers(own);
  const kept = unimitated ?? {};
  const isExpiring = refresh_token.expiration_type === 'expiring';
  return {
    tenant: tenant.config.tenant.name,
    global: false,
    is_token_endpoint_ip_header_trusted: false,
    sso_disabled: false,
    cross_origin_authentication: false,
    custom_login_page_on: true,
    ...kept,
    ...members,
    // auth0: a client has the one or the other.
    ...(method === 'private_key_jwt'
      ? { client_authentication_methods: showMethods(client) }
      : { token_endpoint_auth_method: method }),
    jwt_configuration: {
      alg: idTokenAlgorithm,
      secret_encoded: false,
      ...(kept['jwt_configuration'] as object | undefined),
      lifetime_in_seconds: jwt_configuration.lifetime_in_seconds,
    },
    refresh_token: {
      infinite_token_lifetime: !isExpiring,
      infinite_idle_token_lifetime: !isExpiring,
      idle_token_lifetime: 1_296_000,
      ...(kept['refresh_token'] as object | undefined),
      ...refresh_token,
    },
  };
}

/** Among the members of the standards, those that Auth0 has, too. */
const OF_AUTH0 = ['require_pushed_authorization_requests', 'resource_server_identifier'];

/** What Auth0 does not have stays where it is, and is not shown; what a tool changes leaves it alone. */
function withoutStandardMembers<T extends object>(client: T): Omit<T, keyof typeof standardClientMembers> {
  return Object.fromEntries(
    Object.entries(client).filter(([name]) => !(name in standardClientMembers) || OF_AUTH0.includes(name)),
  ) as Omit<T, keyof typeof standardClientMembers>;
}

/** As this caller may see it. */
function showClientTo(call: ManagementCall, client: ClientConfig): { client_id: string } {
  const shown = showClient(client, call.tenant);
  if (call.isAllowed(READ_KEYS)) return shown;
  const open = pickFields(shown, { fields: KEY_MEMBERS, include_fields: false });
  return { ...open, client_id: client.client_id };
}

function findClient(call: ManagementCall): ClientConfig {
  const client = call.tenant.directory.client(call.parameter('id'));
  if (!client) throw unknownClient();
  return client;
}

function editClient(
  call: ManagementCall,
  edit: (client: ClientConfig) => ClientConfig,
): Promise<ClientConfig> {
  return call.change((draft) => replaceClient(draft, call.parameter('id'), edit));
}

function replaceClient(
  draft: ConfigurationDraft,
  id: string,
  edit: (client: ClientConfig) => ClientConfig,
): ClientConfig {
  const place = draft.clients.findIndex((client) => client.client_id === id);
  const client = draft.clients[place];
  if (!client) throw unknownClient();
  const edited = edit(client);
  draft.clients[place] = edited;
  return edited;
}

function unknownClient() {
  return inexistent('client', 'The client does not exist');
}
