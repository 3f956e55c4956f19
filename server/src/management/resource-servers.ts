// /resource-servers: the APIs that tokens are for. auth0: Management API, Resource Servers; recorded shapes and defaults.
import { z } from 'zod';
import { type ResourceServerConfig, resourceServerSchema } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import {
  anything,
  definedMembers,
  derivedObjectId,
  flag,
  keepMembers,
  text,
  unimitatedMembers,
  withUnimitated,
} from './entity.ts';
import { fieldsQuery, listOf, listQuery, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, ManagementError } from './management-error.ts';

/** Kept and given back; nothing acts on them. */
const UNIMITATED = unimitatedMembers({
  skip_consent_for_verifiable_first_party_clients: flag,
  token_encryption: anything,
  proof_of_possession: anything,
  allow_online_access: flag,
  verificationLocation: text,
  verification_location: text,
  options: anything,
  client: anything,
  authorization_policy: anything,
});

const { user: userPolicy, client: clientPolicy } = {
  user: z.strictObject({ policy: z.enum(['allow_all', 'require_client_grant', 'deny_all']) }),
  client: z.strictObject({ policy: z.enum(['require_client_grant', 'deny_all']) }),
};

const IMITATED = {
  name: z.string().min(1).optional(),
  scopes: z
    .array(z.strictObject({ value: z.string().min(1), description: z.string().optional() }))
    .optional(),
  signing_alg: z.enum(['RS256', 'RS512', 'PS256', 'HS256']).optional(),
  signing_secret: z.string().min(16).nullable().optional(),
  token_dialect: z
    .enum(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'])
    .optional(),
  token_lifetime: z.int().positive().max(2_592_000).optional(),
  token_lifetime_for_web: z.int().positive().max(2_592_000).optional(),
  allow_offline_access: z.boolean().optional(),
  enforce_policies: z.boolean().optional(),
  authorization_details: z
    .array(z.looseObject({ type: z.string().min(1) }))
    .nullable()
    .optional(),
  consent_policy: z.enum(['transactional-authorization-with-mfa', 'standard']).nullable().optional(),
  subject_type_authorization: z
    .strictObject({ user: userPolicy.optional(), client: clientPolicy.optional() })
    .optional(),
};

const patchSchema = z.strictObject({ ...IMITATED, ...UNIMITATED });
const createSchema = patchSchema.extend({ identifier: z.string().min(1).max(600) });
type ApiChange = z.output<typeof patchSchema>;

const SIGNING_SECRET_LENGTH = 32;

export const resourceServerRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/resource-servers',
    scopes: ['read:resource_servers'],
    purpose: 'list APIs',
    answer: listApis,
  },
  {
    method: 'POST',
    path: '/resource-servers',
    scopes: ['create:resource_servers'],
    purpose: 'create an API',
    kept: Object.keys(UNIMITATED),
    answer: createApi,
  },
  {
    method: 'GET',
    path: '/resource-servers/:id',
    scopes: ['read:resource_servers'],
    purpose: 'read an API',
    answer: (call) => pickFields(showApi(findApi(call), call.tenant), call.query(z.object(fieldsQuery))),
  },
  {
    method: 'PATCH',
    path: '/resource-servers/:id',
    scopes: ['update:resource_servers'],
    purpose: 'change an API',
    kept: Object.keys(UNIMITATED),
    answer: changeApi,
  },
  {
    method: 'DELETE',
    path: '/resource-servers/:id',
    scopes: ['delete:resource_servers'],
    purpose: 'delete an API, its grants and permissions',
    answer: deleteApi,
  },
];

function idOfApi(api: ResourceServerConfig): string {
  return api.id ?? derivedObjectId('api', api.identifier);
}

function allApis(tenant: Tenant): ResourceServerConfig[] {
  const own = tenant.directory.resourceServer(`${tenant.issuer}api/v2/`);
  return [...(own ? [own] : []), ...tenant.directory.resourceServers()];
}

function isSystem(api: ResourceServerConfig, tenant: Tenant): boolean {
  return api.identifier === `${tenant.issuer}api/v2/`;
}

const apisQuerySchema = z.object({
  ...listQuery,
  identifiers: z.union([z.string(), z.array(z.string())]).optional(),
});

function listApis(call: ManagementCall): unknown {
  const query = call.query(apisQuerySchema);
  const wanted = query.identifiers === undefined ? undefined : [query.identifiers].flat();
  const apis = allApis(call.tenant).filter((api) => wanted?.includes(api.identifier) ?? true);
  return listOf(
    apis.map((api) => showApi(api, call.tenant)),
    query,
    { name: 'resource_servers', idOf: (api) => api.id },
  );
}

async function createApi(call: ManagementCall): Promise<unknown> {
  const { identifier, ...change } = call.body(createSchema);
  if (allApis(call.tenant).some((api) => api.identifier === identifier)) throw identifierTaken(identifier);
  const begun = resourceServerSchema.parse({
    identifier,
    id: derivedObjectId('api', identifier, call.tenant.ids.make('', 16)),
  });
  const api = applyChange(begun, change, call.tenant);
  await call.change((draft) => {
    if (draft.resource_servers.some((one) => one.identifier === identifier))
      throw identifierTaken(identifier);
    draft.resource_servers.push(api);
  });
  return showApi(api, call.tenant);
}

async function changeApi(call: ManagementCall): Promise<unknown> {
  const change = call.body(patchSchema);
  const { identifier } = findOwnApi(call);
  const changed = await call.change((draft) => {
    const place = draft.resource_servers.findIndex((api) => api.identifier === identifier);
    const api = draft.resource_servers[place];
    if (!api) throw unknownApi();
    const next = applyChange(api, change, call.tenant);
    draft.resource_servers[place] = next;
    // A scope that is gone is gone from whoever held it, as at Auth0.
    const known = new Set(next.scopes.map((scope) => scope.value));
    for (const grant of draft.client_grants) {
      if (grant.audience !== identifier) continue;
      grant.scope = grant.scope.filter((scope) => known.has(scope));
      const types = new Set(next.authorization_details.map(({ type }) => type));
      grant.authorization_details_types = grant.authorization_details_types.filter((type) => types.has(type));
    }
    for (const holder of [...draft.users, ...draft.roles]) {
      for (const permission of holder.permissions) {
        if (permission.audience !== identifier) continue;
        permission.scopes = permission.scopes.filter((scope) => known.has(scope));
      }
    }
    return next;
  });
  return showApi(changed, call.tenant);
}

async function deleteApi(call: ManagementCall): Promise<void> {
  const api = findApi(call, { orNothing: true });
  if (!api) return;
  if (isSystem(api, call.tenant)) throw systemApi();
  await call.change((draft) => {
    const isOther = ({ audience }: { audience: string }): boolean => audience !== api.identifier;
    draft.resource_servers = draft.resource_servers.filter((one) => one.identifier !== api.identifier);
    draft.client_grants = draft.client_grants.filter(isOther);
    for (const holder of [...draft.users, ...draft.roles]) {
      holder.permissions = holder.permissions.filter(isOther);
    }
    if (draft.tenant.default_audience === api.identifier) delete draft.tenant.default_audience;
  });
}

function applyChange(api: ResourceServerConfig, change: ApiChange, tenant: Tenant): ResourceServerConfig {
  const {
    authorization_details: details,
    consent_policy: consentPolicy,
    subject_type_authorization: policies,
    signing_secret: secret,
    ...members
  } = change;
  const imitated = Object.fromEntries(
    Object.entries(definedMembers(members)).filter(([name]) => name in IMITATED),
  );
  const changed: ResourceServerConfig = {
    ...api,
    ...imitated,
    ...(details === undefined ? {} : { authorization_details: mergeTypes(api, details ?? []) }),
    ...(consentPolicy === undefined
      ? {}
      : { consent_policy: consentPolicy === 'standard' ? null : consentPolicy }),
    ...(policies === undefined
      ? {}
      : { subject_type_authorization: { ...api.subject_type_authorization, ...definedMembers(policies) } }),
  };
  if (secret === null) delete changed.signing_secret;
  else if (secret !== undefined) changed.signing_secret = secret;
  if (changed.signing_alg === 'HS256') {
    changed.signing_secret ??= tenant.ids.make('', SIGNING_SECRET_LENGTH);
  }
  return withUnimitated(changed, keepMembers(api.unimitated, change, UNIMITATED));
}

/** Auth0 knows the type alone; the words and the schema that a tenant file gave it stay. */
function mergeTypes(
  api: ResourceServerConfig,
  details: ReadonlyArray<{ type: string }>,
): ResourceServerConfig['authorization_details'] {
  return details.map(
    ({ type }) => api.authorization_details.find((known) => known.type === type) ?? { type },
  );
}

function showApi(api: ResourceServerConfig, tenant: Tenant) {
  const { unimitated, id: _id, authorization_details: types, consent_policy: policy, ...members } = api;
  return {
    id: idOfApi(api),
    is_system: isSystem(api, tenant),
    skip_consent_for_verifiable_first_party_clients: false,
    ...unimitated,
    ...members,
    ...(types.length === 0 ? {} : { authorization_details: types.map(({ type }) => ({ type })) }),
    ...(policy === null ? {} : { consent_policy: policy }),
  };
}

function findApi(call: ManagementCall): ResourceServerConfig;
function findApi(call: ManagementCall, options: { orNothing: true }): ResourceServerConfig | undefined;
function findApi(call: ManagementCall, options?: { orNothing: true }): ResourceServerConfig | undefined {
  const wanted = call.parameter('id');
  const api = allApis(call.tenant).find((one) => one.identifier === wanted || idOfApi(one) === wanted);
  if (!api && !options?.orNothing) throw unknownApi();
  return api;
}

function findOwnApi(call: ManagementCall): ResourceServerConfig {
  const api = findApi(call);
  if (isSystem(api, call.tenant)) throw systemApi();
  return api;
}

function unknownApi(): ManagementError {
  return inexistent('resource_server', 'The resource server does not exist');
}

function systemApi(): ManagementError {
  return new ManagementError(400, 'operation_not_supported', 'The Management API itself cannot be changed.');
}

function identifierTaken(identifier: string): ManagementError {
  return new ManagementError(
    409,
    'resource_server_conflict',
    `A resource server with the same identifier already exists: ${identifier}`,
  );
}
