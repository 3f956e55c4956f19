// What a schema cannot say about a tenant: names are unique, references lead somewhere, secrets are where they are needed.
// What could be read of it is enough (`config-outline`), so that these mistakes are told together with those that the schema finds.
import { MANAGEMENT_API, MANAGEMENT_SCOPES } from '../contract/index.ts';
import { findNearest } from '../nearest.ts';
import { findClientMistakes, findIssuerMistakes } from './config-clients.ts';
import type { Outline } from './config-outline.ts';
import { type ConfigMistake, type ConfigPath, formatConfigPath } from './config-path.ts';
import { findRuleMistakes, ruleSubjects } from './config-rules.ts';
import { findSchemaMistakes } from './config-schemas.ts';
import { findStandardMistakes } from './config-standard.ts';
import { findTemplateMistakes } from './config-templates.ts';
import { findSigningKeyMistake } from './key-checks.ts';

type PermissionOutline = NonNullable<Outline['roles'][number]>['permissions'][number];
type ApiOutline = NonNullable<Outline['resource_servers'][number]>;

/** The API that every tenant has. */
const MANAGEMENT_OUTLINE: ApiOutline = {
  identifier: MANAGEMENT_API,
  scopes: MANAGEMENT_SCOPES.map((value) => ({ value })),
  signing_alg: 'RS256',
  authorization_details: [],
};

/** All mistakes between the members of a tenant, as far as it could be read. */
export function findReferenceMistakes(outline: Outline): ConfigMistake[] {
  return [
    ...findDuplicates(outline),
    ...findMissingSecrets(outline),
    ...findClientMistakes(outline.clients),
    ...findStandardMistakes(
      { profile: outline.tenant.profile, notificationHosts: outline.ciba.notification_hosts },
      outline.clients,
    ),
    ...findIssuerMistakes(outline.ciba.login_hint_token_issuers),
    ...findUnusableKeys(outline),
    ...findLostReferences(outline),
    ...findUnusableTypes(outline),
    ...findTemplateMistakes(outline.email?.template),
    ...findRuleMistakes(outline.rules, ruleSubjects(outline)),
  ];
}

function findDuplicates(outline: Outline): ConfigMistake[] {
  const { clients, resource_servers, client_grants, roles, users, rules, signing_keys } = outline;
  const devices = users.flatMap((user, index) =>
    (user?.devices ?? []).map((device, place) => ({
      path: ['users', index, 'devices', place, 'id'],
      name: device?.id,
    })),
  );
  return [
    ...repeated(clients.map((client, i) => ({ path: ['clients', i, 'client_id'], name: client?.client_id }))),
    ...repeated(
      resource_servers.map((api, i) => ({
        path: ['resource_servers', i, 'identifier'],
        name: api?.identifier,
      })),
    ),
    ...resource_servers.flatMap((api, i) =>
      repeated(
        (api?.authorization_details ?? []).map((detail, j) => ({
          path: ['resource_servers', i, 'authorization_details', j, 'type'],
          name: detail?.type,
        })),
      ),
    ),
    ...repeated(
      resource_servers.flatMap((api, i) =>
        (api?.authorization_details ?? []).map((detail, j) => ({
          path: ['resource_servers', i, 'authorization_details', j, 'schema', '$id'],
          name: textOf(detail?.schema?.['$id']),
        })),
      ),
    ),
    ...repeated(
      client_grants.map((grant, i) => ({
        path: ['client_grants', i],
        name:
          grant?.client_id === undefined || grant.audience === undefined
            ? undefined
            : `${grant.client_id} at ${grant.audience} for a ${grant.subject_type}`,
      })),
    ),
    ...repeated(roles.map((role, i) => ({ path: ['roles', i, 'name'], name: role?.name }))),
    ...repeated(users.map((user, i) => ({ path: ['users', i, 'user_id'], name: user?.user_id }))),
    ...repeated(
      users.map((user, i) => ({ path: ['users', i, 'email'], name: user?.email?.trim().toLowerCase() })),
    ),
    ...repeated(devices),
    ...repeated(rules.map((rule, i) => ({ path: ['rules', i, 'id'], name: rule?.id }))),
    ...repeated(
      signing_keys.map((key, i) => ({
        path: ['signing_keys', i, 'kid'],
        name: textOf(key?.['kid']),
      })),
    ),
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function repeated(named: ReadonlyArray<{ path: ConfigPath; name: string | undefined }>): ConfigMistake[] {
  const first = new Map<string, ConfigPath>();
  return named.flatMap(({ path, name }) => {
    if (name === undefined) return [];
    const earlier = first.get(name);
    if (!earlier) {
      first.set(name, path);
      return [];
    }
    return [
      { path, text: `received "${name}" a second time, it is already at ${formatConfigPath(earlier)}.` },
    ];
  });
}

function findMissingSecrets({ clients, resource_servers, email }: Outline): ConfigMistake[] {
  const ofClients = clients.flatMap((client, i): ConfigMistake[] => {
    const method = client?.token_endpoint_auth_method;
    if (method?.startsWith('client_secret_') && client?.client_secret === undefined)
      return [{ path: ['clients', i, 'client_secret'], text: `is missing, "${method}" needs one.` }];
    if (method === 'private_key_jwt' && !client?.jwks?.keys.length && client?.jwks_uri === undefined)
      return [
        {
          path: ['clients', i, 'jwks'],
          text: 'is missing or empty, "private_key_jwt" needs the client’s public keys.',
        },
      ];
    return [];
  });
  const ofApis = resource_servers.flatMap((api, i): ConfigMistake[] =>
    api?.signing_alg === 'HS256' && api.signing_secret === undefined
      ? [{ path: ['resource_servers', i, 'signing_secret'], text: 'is missing, "HS256" needs one.' }]
      : [],
  );
  const ofMail: ConfigMistake[] =
    email?.provider?.user !== undefined && email.provider.password === undefined
      ? [{ path: ['email', 'provider', 'password'], text: 'is missing, the user needs one.' }]
      : [];
  return [...ofClients, ...ofApis, ...ofMail];
}

function findUnusableKeys({ signing_keys }: Outline): ConfigMistake[] {
  return signing_keys.flatMap((key, i) => {
    if (typeof key?.['kty'] !== 'string') return [];
    const mistake = findSigningKeyMistake(key);
    return mistake ? [{ path: ['signing_keys', i, ...mistake.path], text: mistake.text }] : [];
  });
}

function findLostReferences(outline: Outline): ConfigMistake[] {
  const clientIds = namesOf(outline.clients.map((client) => client?.client_id));
  const audiences = namesOf([MANAGEMENT_API, ...outline.resource_servers.map((api) => api?.identifier)]);
  const roleNames = namesOf(outline.roles.map((role) => role?.name));
  const apiOf = (audience: string | undefined): ApiOutline | undefined =>
    audience === MANAGEMENT_API
      ? MANAGEMENT_OUTLINE
      : outline.resource_servers.find((api) => api !== undefined && api.identifier === audience);

  const checkAudience = (path: ConfigPath, audience: string | undefined) =>
    checkReference(path, audience, audiences, 'the identifier of an API');
  const checkScopes = (path: ConfigPath, audience: string | undefined, scopes: readonly string[]) => {
    const api = apiOf(audience);
    if (!api) return [];
    const known = namesOf(api.scopes.map((scope) => scope?.value));
    return scopes.flatMap((scope, i) => checkReference([...path, i], scope, known, `a scope of ${audience}`));
  };
  const checkPermissions = (path: ConfigPath, holder: { permissions: PermissionOutline[] } | undefined) =>
    (holder?.permissions ?? []).flatMap((permission, i) => [
      ...checkAudience([...path, 'permissions', i, 'audience'], permission?.audience),
      ...checkScopes([...path, 'permissions', i, 'scopes'], permission?.audience, permission?.scopes ?? []),
    ]);

  return [
    ...checkAudience(['tenant', 'default_audience'], outline.tenant.default_audience),
    ...outline.client_grants.flatMap((grant, i) => {
      const path = ['client_grants', i];
      const types = namesOf(
        apiOf(grant?.audience)?.authorization_details.map((detail) => detail?.type) ?? [],
      );
      return [
        ...checkReference([...path, 'client_id'], grant?.client_id, clientIds, 'a client_id'),
        ...checkAudience([...path, 'audience'], grant?.audience),
        ...checkScopes([...path, 'scope'], grant?.audience, grant?.scope ?? []),
        ...(apiOf(grant?.audience) ? (grant?.authorization_details_types ?? []) : []).flatMap((type, j) =>
          checkReference(
            [...path, 'authorization_details_types', j],
            type,
            types,
            `a type of authorization details of ${grant?.audience}`,
          ),
        ),
      ];
    }),
    ...outline.roles.flatMap((role, i) => checkPermissions(['roles', i], role)),
    ...outline.users.flatMap((user, i) => [
      ...(user?.roles ?? []).flatMap((role, j) =>
        checkReference(['users', i, 'roles', j], role, roleNames, 'the name of a role'),
      ),
      ...checkPermissions(['users', i], user),
    ]),
  ];
}

function namesOf(names: ReadonlyArray<string | undefined>): string[] {
  return names.filter((name) => name !== undefined);
}

function checkReference(
  path: ConfigPath,
  received: string | undefined,
  known: readonly string[],
  expected: string,
): ConfigMistake[] {
  if (!received || known.includes(received)) return [];
  const guess = findNearest(received, known);
  const advice = guess === undefined ? '' : ` Did you mean "${guess}"?`;
  return [{ path, text: `received "${received}", expected ${expected} in this tenant.${advice}` }];
}

function findUnusableTypes({ resource_servers }: Outline): ConfigMistake[] {
  return resource_servers.flatMap((api, i) =>
    (api?.authorization_details ?? []).flatMap((detail, j) => {
      const path = ['resource_servers', i, 'authorization_details', j];
      const { labels = {}, ...pointers } = detail?.display ?? {};
      return [
        ...(detail?.schema ? findSchemaMistakes([...path, 'schema'], detail.schema) : []),
        ...Object.entries(pointers).flatMap(([name, pointer]) =>
          checkPointer([...path, 'display', name], pointer),
        ),
        ...Object.keys(labels).flatMap((pointer) =>
          checkPointer([...path, 'display', 'labels', pointer], pointer, true),
        ),
      ];
    }),
  );
}

/** RFC 6901 §3: a pointer is empty or starts with a slash. */
function checkPointer(path: ConfigPath, pointer: string | undefined, concernsName = false): ConfigMistake[] {
  if (pointer === undefined || pointer === '' || pointer.startsWith('/')) return [];
  return [
    {
      path,
      concernsName,
      text: `received "${pointer}", expected a JSON Pointer. Did you mean "/${pointer.replaceAll('.', '/')}"?`,
    },
  ];
}
