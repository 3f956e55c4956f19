// /tenants/settings: what holds for the tenant as a whole. auth0: Management API, Tenant Settings. Sessions are counted in
// hours there, or in minutes by a second member, and in seconds in a tenant file.
import { z } from 'zod';
import type { TenantConfig } from '../contract/index.ts';
import { anything, flag, keepMembers, text, texts, unimitatedMembers, withUnimitated } from './entity.ts';
import { fieldsQuerySchema, pickFields } from './listing.ts';
import type { ManagementRoute } from './management-call.ts';
import { invalidBody } from './management-error.ts';

type Settings = TenantConfig['tenant'];

const HOUR_SECONDS = 3_600;
const MINUTE_SECONDS = 60;

/** Kept and given back; nothing acts on them. */
const UNIMITATED = unimitatedMembers({
  change_password: anything,
  guardian_mfa_page: anything,
  error_page: anything,
  device_flow: anything,
  default_token_quota: anything,
  default_directory: text,
  flags: anything,
  picture_url: text,
  support_email: text,
  support_url: text,
  allowed_logout_urls: texts,
  idle_session_lifetime: z.number().positive(),
  idle_session_lifetime_in_minutes: z.number().positive(),
  ephemeral_session_lifetime: z.number().positive(),
  ephemeral_session_lifetime_in_minutes: z.number().positive(),
  idle_ephemeral_session_lifetime: z.number().positive(),
  idle_ephemeral_session_lifetime_in_minutes: z.number().positive(),
  sandbox_version: text,
  legacy_sandbox_version: text,
  default_redirection_uri: text,
  enabled_locales: texts.min(1),
  security_headers: anything,
  session_cookie: anything,
  sessions: anything,
  oidc_logout: anything,
  customize_mfa_in_postlogin_action: flag,
  allow_organization_name_in_authentication_api: flag,
  acr_values_supported: texts,
  mtls: anything,
  pushed_authorization_requests_supported: flag,
  authorization_response_iss_parameter_supported: flag,
  skip_non_verifiable_callback_uri_confirmation_prompt: flag,
  client_id_metadata_document_supported: flag,
  enable_ai_guide: flag,
  phone_consolidated_experience: flag,
  include_session_metadata_in_tenant_logs: flag,
  dynamic_client_registration_security_mode: text,
  country_codes: anything,
});

/** A year at most, as at Auth0. */
const MOST_HOURS = 8_760;

const patchSchema = z.strictObject({
  friendly_name: z.string().nullable().optional(),
  default_audience: z.string().nullable().optional(),
  session_lifetime: z.number().positive().max(MOST_HOURS).optional(),
  session_lifetime_in_minutes: z
    .number()
    .positive()
    .max(MOST_HOURS * 60)
    .optional(),
  resource_parameter_profile: z.enum(['audience', 'compatibility']).optional(),
  ...UNIMITATED,
});
type SettingsChange = z.output<typeof patchSchema>;

/** What Auth0 answers for a tenant in which nobody has set anything. */
const INITIAL = {
  flags: {},
  enabled_locales: ['en'],
  idle_session_lifetime: 72,
  sandbox_version: '22',
  allowed_logout_urls: [],
  session_cookie: { mode: 'persistent' },
  customize_mfa_in_postlogin_action: false,
} as const;

export const tenantSettingsRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: '/tenants/settings',
    scopes: ['read:tenant_settings'],
    purpose: 'read the settings of the tenant',
    answer: (call) => pickFields(showSettings(call.tenant.config.tenant), call.query(fieldsQuerySchema)),
  },
  {
    method: 'PATCH',
    path: '/tenants/settings',
    scopes: ['update:tenant_settings'],
    purpose: 'change the settings of the tenant',
    kept: Object.keys(UNIMITATED),
    answer: async (call) => {
      const change = call.body(patchSchema);
      const changed = await call.change((draft) => {
        draft.tenant = applyChange(draft.tenant, change);
        return draft.tenant;
      });
      return showSettings(changed);
    },
  },
];

function applyChange(settings: Settings, change: SettingsChange): Settings {
  const { friendly_name: name, default_audience: audience, resource_parameter_profile: profile } = change;
  const lifetimeSeconds = readLifetime(change);
  const changed: Settings = {
    ...settings,
    ...(name ? { friendly_name: name } : {}),
    ...(audience ? { default_audience: audience } : {}),
    ...(profile === undefined ? {} : { resource_parameter_profile: profile }),
    ...(lifetimeSeconds === undefined ? {} : { session_lifetime: lifetimeSeconds }),
  };
  // Empty text clears, as at Auth0.
  if (name === null || name === '') delete changed.friendly_name;
  if (audience === null || audience === '') delete changed.default_audience;
  return withUnimitated(changed, keepMembers(settings.unimitated, inHours(change), UNIMITATED));
}

function readLifetime({
  session_lifetime: hours,
  session_lifetime_in_minutes: minutes,
}: SettingsChange): number | undefined {
  if (hours !== undefined && minutes !== undefined) {
    throw invalidBody(
      "'session_lifetime and session_lifetime_in_minutes exclude each other' on property session_lifetime.",
    );
  }
  if (minutes !== undefined) return Math.max(1, Math.round(minutes * MINUTE_SECONDS));
  return hours === undefined ? undefined : Math.max(1, Math.round(hours * HOUR_SECONDS));
}

/** Other lifetimes are kept in hours alone, so that what is read back has one member for each. */
function inHours(change: SettingsChange): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) =>
      name.endsWith('_in_minutes') && typeof value === 'number'
        ? [name.replace(/_in_minutes$/, ''), value / 60]
        : [name, value],
    ),
  );
}

function showSettings(settings: Settings) {
  const { unimitated, session_lifetime, friendly_name, default_audience, resource_parameter_profile } =
    settings;
  return {
    ...INITIAL,
    ...unimitated,
    ...(friendly_name === undefined ? {} : { friendly_name }),
    ...(default_audience === undefined ? {} : { default_audience }),
    resource_parameter_profile,
    session_lifetime: session_lifetime / HOUR_SECONDS,
  };
}
