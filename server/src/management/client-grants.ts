// /client-grants: what one client may ask for at one API. auth0: Management API, Client Grants; recorded shapes.
import { z } from 'zod';
import {
  type ClientGrantConfig,
  clientGrantSchema,
  MANAGEMENT_API,
  type TenantConfig,
} from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import {
  definedMembers,
  derivedId,
  flag,
  keepMembers,
  text,
  texts,
  unimitatedMembers,
  withUnimitated,
} from './entity.ts';
import { listOf, listQuery } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';

/** Kept and given back; nothing acts on them. */
const UNIMITATED = unimitatedMembers({ organization_usage: text, allow_any_organization: flag });

const patchSchema = z.strictObject({
  scope: texts.nullable().optional(),
  authorization_details_types: texts.nullable().optional(),
  allow_all_scopes: flag.nullable().optional(),
  ...UNIMITATED,
});
const createSchema = patchSchema.extend({
  client_id: z.string().min(1),
  audience: z.string().min(1),
  subject_type: z.enum(['client', 'user']).optional(),
});
type GrantChange = z.output<typeof patchSchema>;

export const clientGrantRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/client-grants',
    scopes: ['read:client_grants'],
    purpose: 'list client grants',
    answer: listGrants,
  },
  {
    method: 'POST',
    path: '/client-grants',
    scopes: ['create:client_grants'],
    purpose: 'let a client ask for an API',
    kept: Object.keys(UNIMITATED),
    answer: createGrant,
  },
  {
    method: 'GET',
    path: '/client-grants/:id',
    scopes: ['read:client_grants'],
    purpose: 'read a client grant',
    answer: (call) => {
      const grant = call.tenant.config.client_grants[placeOf(call.tenant.config, call.parameter('id'))];
      if (!grant) throw unknownGrant();
      return showGrant(grant, call.tenant);
    },
  },
  {
    method: 'PATCH',
    path: '/client-grants/:id',
    scopes: ['update:client_grants'],
    purpose: 'change a client grant',
    kept: Object.keys(UNIMITATED),
    answer: async (call) => {
      const change = call.body(patchSchema);
      const changed = await call.change((draft) => {
        const place = placeOf(draft, call.parameter('id'));
        const grant = draft.client_grants[place];
        if (!grant) throw unknownGrant();
        const next = applyChange(grant, change);
        draft.client_grants[place] = next;
        return next;
      });
      return showGrant(changed, call.tenant);
    },
  },
  {
    method: 'DELETE',
    path: '/client-grants/:id',
    scopes: ['delete:client_grants'],
    purpose: 'take a client grant back',
    answer: (call) =>
      call.change((draft) => {
        const id = call.parameter('id');
        draft.client_grants = draft.client_grants.filter((grant) => idOfGrant(grant) !== id);
      }),
  },
];

function idOfGrant(grant: ClientGrantConfig): string {
  return grant.id ?? derivedId('cgr_', grant.client_id, grant.audience, grant.subject_type);
}

const grantsQuerySchema = z.object({
  ...listQuery,
  client_id: text.optional(),
  audience: text.optional(),
  subject_type: z.enum(['client', 'user']).optional(),
});

function listGrants(call: ManagementCall): unknown {
  const query = call.query(grantsQuerySchema);
  const grants = call.tenant.config.client_grants
    .map((grant) => showGrant(grant, call.tenant))
    .filter(
      (grant) =>
        (query.client_id === undefined || grant.client_id === query.client_id) &&
        (query.audience === undefined || grant.audience === query.audience) &&
        (query.subject_type === undefined || grant.subject_type === query.subject_type),
    );
  return listOf(grants, query, { name: 'client_grants', idOf: (grant) => grant.id });
}

async function createGrant(call: ManagementCall): Promise<unknown> {
  const body = call.body(createSchema);
  const { tenant } = call;
  if (!tenant.directory.client(body.client_id)) {
    throw inexistent('client', 'The client does not exist');
  }
  const api = tenant.directory.resourceServer(body.audience);
  if (!api) throw inexistent('resource_server', 'The resource server does not exist');
  const begun = clientGrantSchema.parse({
    client_id: body.client_id,
    audience: body.audience === `${tenant.issuer}api/v2/` ? MANAGEMENT_API : body.audience,
    subject_type: body.subject_type ?? 'client',
    id: tenant.ids.make('cgr_', 16),
  });
  const grant = applyChange(begun, body);
  await call.change((draft) => {
    const isTaken = draft.client_grants.some(
      (one) =>
        one.client_id === grant.client_id &&
        one.audience === grant.audience &&
        one.subject_type === grant.subject_type,
    );
    if (isTaken) {
      throw new ManagementError(
        409,
        'client_grant_conflict',
        'A resource with the same client_id, audience and subject_type already exists.',
      );
    }
    draft.client_grants.push(grant);
  });
  return showGrant(grant, tenant);
}

function applyChange(grant: ClientGrantConfig, change: GrantChange): ClientGrantConfig {
  const { scope, allow_all_scopes: isForAll, authorization_details_types: types } = change;
  const staysForAll = isForAll ?? (isForAll === undefined && grant.allow_all_scopes === true);
  if (staysForAll && scope && scope.length > 0) {
    throw invalidBody("'scope and allow_all_scopes exclude each other' on property allow_all_scopes.");
  }
  const changed: ClientGrantConfig = {
    ...grant,
    ...(scope === undefined ? {} : { scope: scope ?? [] }),
    ...(types === undefined ? {} : { authorization_details_types: types ?? [] }),
    ...definedMembers({ allow_all_scopes: isForAll }),
  };
  if (isForAll === null || isForAll === false) delete changed.allow_all_scopes;
  if (isForAll) changed.scope = [];
  return withUnimitated(changed, keepMembers(grant.unimitated, change, UNIMITATED));
}

function showGrant(grant: ClientGrantConfig, tenant: Tenant) {
  const { unimitated, id: _id, scope, authorization_details_types: types, ...members } = grant;
  return {
    id: idOfGrant(grant),
    ...unimitated,
    ...members,
    audience: tenant.directory.audienceOf(grant),
    // auth0: with `allow_all_scopes`, `scope` is left out.
    ...(grant.allow_all_scopes ? {} : { scope }),
    ...(types.length === 0 ? {} : { authorization_details_types: types }),
  };
}

function placeOf(config: TenantConfig, id: string): number {
  return config.client_grants.findIndex((grant) => idOfGrant(grant) === id);
}

function unknownGrant(): ManagementError {
  return inexistent('client_grant', 'The client grant does not exist');
}
