// The Management API as an API of the tenant: what it is called in a tenant file, and the scopes that it has.
// auth0: Management API, system API of every tenant.

/** Path below the issuer. */
export const MANAGEMENT_PATH = '/api/v2';

/** Stands for the identifier `https://HOST/api/v2/` where the issuer is not known yet, as in a tenant file. */
export const MANAGEMENT_API = '{issuer}api/v2/';

const CRUD = ['create', 'read', 'update', 'delete'] as const;

/** Things that are created, read, updated and deleted, as Auth0 names them in scopes. */
const RESOURCES = [
  'clients',
  'client_keys',
  'client_credentials',
  'client_grants',
  'resource_servers',
  'users',
  'users_app_metadata',
  'roles',
  'connections',
  'authentication_methods',
  'email_templates',
  'email_provider',
  'custom_domains',
  'actions',
  'organizations',
  'log_streams',
  'branding',
  'prompts',
  'rules',
  'hooks',
  'network_acls',
  'token_exchange_profiles',
  'self_service_profiles',
  'user_attribute_profiles',
  'connection_profiles',
  'event_streams',
  'rate_limit_policies',
  'phone_providers',
  'phone_templates',
  'forms',
  'flows',
  'flows_vault_connections',
] as const;

/** Every scope of the Management API. */
export const MANAGEMENT_SCOPES: readonly string[] = [
  ...RESOURCES.flatMap((resource) => CRUD.map((verb) => `${verb}:${resource}`)),
  'read:client_summary',
  'read:tenant_settings',
  'update:tenant_settings',
  'read:connections_keys',
  'read:scim_config',
  'read:directory_provisionings',
  'read:connections_options',
  'update:connections_options',
  'read:logs',
  'read:logs_users',
  'read:stats',
  'create:guardian_enrollment_tickets',
  'read:guardian_enrollments',
  'delete:guardian_enrollments',
  'read:guardian_factors',
  'update:guardian_factors',
  'read:mfa_policies',
  'update:mfa_policies',
  'create:user_tickets',
  'create:role_members',
  'read:role_members',
  'delete:role_members',
  'read:attack_protection',
  'update:attack_protection',
  'read:triggers',
  'update:triggers',
  'read:rules_configs',
  'update:rules_configs',
  'delete:rules_configs',
  'read:grants',
  'delete:grants',
];
