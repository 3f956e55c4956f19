// What deploy tools list in every tenant and this one has not. One table; a path that is in none of the tables of this folder
// answers 404. auth0: Management API v2; the reads of its deploy tools.
import { listOf, listQuerySchema } from './listing.ts';
import type { ManagementRoute } from './management-call.ts';
import { ManagementError } from './management-error.ts';

interface EmptyList {
  path: string;
  scopes: readonly string[];
  what: string;
  /** Name of the array in the object that is answered. Without `isBare`, always in an object. */
  name: string;
  /** A bare array, unless totals are asked for. */
  isBare?: boolean;
}

const EMPTY_LISTS: readonly EmptyList[] = [
  { path: '/rules', scopes: ['read:rules'], what: 'rules', name: 'rules', isBare: true },
  {
    path: '/rules-configs',
    scopes: ['read:rules_configs'],
    what: 'settings of rules',
    name: 'rules_configs',
    isBare: true,
  },
  { path: '/hooks', scopes: ['read:hooks'], what: 'hooks', name: 'hooks', isBare: true },
  { path: '/actions/actions', scopes: ['read:actions'], what: 'actions', name: 'actions' },
  { path: '/actions/modules', scopes: ['read:actions'], what: 'modules of actions', name: 'modules' },
  { path: '/actions/triggers', scopes: ['read:actions'], what: 'triggers of actions', name: 'triggers' },
  {
    path: '/organizations',
    scopes: ['read:organizations'],
    what: 'organizations',
    name: 'organizations',
    isBare: true,
  },
  {
    path: '/log-streams',
    scopes: ['read:log_streams'],
    what: 'log streams',
    name: 'log_streams',
    isBare: true,
  },
  {
    path: '/custom-domains',
    scopes: ['read:custom_domains'],
    what: 'custom domains',
    name: 'custom_domains',
    isBare: true,
  },
  { path: '/forms', scopes: ['read:forms'], what: 'forms', name: 'forms', isBare: true },
  { path: '/flows', scopes: ['read:flows'], what: 'flows', name: 'flows', isBare: true },
  {
    path: '/flows/vault/connections',
    scopes: ['read:flows_vault_connections'],
    what: 'vault connections of flows',
    name: 'connections',
    isBare: true,
  },
  { path: '/network-acls', scopes: ['read:network_acls'], what: 'network lists', name: 'network_acls' },
  {
    path: '/token-exchange-profiles',
    scopes: ['read:token_exchange_profiles'],
    what: 'token exchange profiles',
    name: 'token_exchange_profiles',
  },
  {
    path: '/self-service-profiles',
    scopes: ['read:self_service_profiles'],
    what: 'self-service profiles',
    name: 'self_service_profiles',
    isBare: true,
  },
  {
    path: '/user-attribute-profiles',
    scopes: ['read:user_attribute_profiles'],
    what: 'user attribute profiles',
    name: 'user_attribute_profiles',
  },
  {
    path: '/connection-profiles',
    scopes: ['read:connection_profiles'],
    what: 'connection profiles',
    name: 'connection_profiles',
  },
  {
    path: '/connections-directory-provisionings',
    scopes: ['read:directory_provisionings'],
    what: 'directory provisionings',
    name: 'directory_provisionings',
  },
  { path: '/event-streams', scopes: ['read:event_streams'], what: 'event streams', name: 'eventStreams' },
  {
    path: '/rate-limit-policies',
    scopes: ['read:rate_limit_policies'],
    what: 'rate limit policies',
    name: 'rate_limit_policies',
  },
  {
    path: '/branding/phone/providers',
    scopes: ['read:phone_providers'],
    what: 'phone providers',
    name: 'providers',
  },
  {
    path: '/branding/phone/templates',
    scopes: ['read:phone_templates'],
    what: 'phone templates',
    name: 'templates',
  },
  {
    path: '/prompts/rendering',
    scopes: ['read:prompts'],
    what: 'screen renderers',
    name: 'configs',
    isBare: true,
  },
];

/** Things that a tool may ask for by name and that are never there. */
const MISSING: ReadonlyArray<{ path: string; scopes: readonly string[]; what: string }> = [
  { path: '/branding/themes/default', scopes: ['read:branding'], what: 'theme' },
];

export const unimitatedRoutes: readonly ManagementRoute[] = [
  ...EMPTY_LISTS.map((list): ManagementRoute => {
    const { path, scopes, what, name, isBare } = list;
    return {
      method: 'GET',
      path,
      scopes,
      purpose: `list ${what}: always empty, there are none here`,
      answer: (call) => {
        const query = call.query(listQuerySchema);
        return listOf<object>([], query, { name, idOf: () => '', isAlwaysWrapped: !isBare });
      },
    };
  }),
  ...MISSING.map(
    ({ path, scopes, what }): ManagementRoute => ({
      method: 'GET',
      path,
      scopes,
      purpose: `read the ${what}: there is none here`,
      answer: () => {
        throw new ManagementError(404, 'not_found', `There is no ${what}; it is not imitated here.`);
      },
    }),
  ),
];
