// Settings that deploy tools read and write in every tenant and that nothing here acts on: branding, prompts, protection
// against attacks. auth0: Management API v2, with the values of a new tenant.
import { z } from 'zod';
import { anything, flag, text, texts } from './entity.ts';
import { type KeptDocument, routesOf } from './kept-document.ts';
import type { ManagementRoute } from './management-call.ts';

const attackProtection = {
  read: ['read:attack_protection'],
  write: ['update:attack_protection'],
};
const prompts = { read: ['read:prompts'], write: ['update:prompts'] };
const branding = { read: ['read:branding'], write: ['update:branding'] };

/** Members may be left out, and `null` clears one. */
const members = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([name, schema]) => [name, (schema as z.ZodType).nullable().optional()]),
    ),
  ) as unknown as z.ZodType<Record<string, unknown>>;

const SETTINGS: readonly KeptDocument[] = [
  {
    path: '/branding',
    scopes: branding,
    write: 'PATCH',
    what: 'colours, logo and font of hosted pages',
    schema: members({ colors: anything, favicon_url: text, logo_url: text, font: anything }),
    initial: {},
  },
  {
    path: '/branding/templates/universal-login',
    scopes: branding,
    write: 'PUT',
    what: 'page template of the login',
    schema: z.strictObject({ template: text }),
    initial: {},
    isOptional: true,
  },
  {
    path: '/prompts',
    scopes: prompts,
    write: 'PATCH',
    what: 'settings of the login prompts',
    schema: members({
      universal_login_experience: z.enum(['new', 'classic']),
      identifier_first: flag,
      webauthn_platform_first_factor: flag,
    }),
    initial: {
      universal_login_experience: 'new',
      identifier_first: false,
      webauthn_platform_first_factor: false,
    },
  },
  {
    path: '/prompts/:prompt/partials',
    scopes: prompts,
    write: 'PUT',
    what: 'partials of a prompt',
    // By screen and insertion point; Liquid or HTML.
    schema: z.record(z.string(), z.record(z.string(), text)),
    initial: {},
  },
  {
    path: '/prompts/:prompt/custom-text/:language',
    scopes: prompts,
    write: 'PUT',
    what: 'texts of a prompt in a language',
    schema: z.record(z.string(), anything),
    initial: {},
  },
  {
    path: '/attack-protection/brute-force-protection',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'protection against guessed passwords',
    schema: members({
      enabled: flag,
      shields: z.array(z.enum(['block', 'user_notification'])),
      allowlist: texts,
      mode: z.enum(['count_per_identifier_and_ip', 'count_per_identifier']),
      max_attempts: z.int().min(1).max(100),
    }),
    initial: {
      enabled: true,
      shields: ['block', 'user_notification'],
      mode: 'count_per_identifier_and_ip',
      allowlist: [],
      max_attempts: 10,
    },
  },
  {
    path: '/attack-protection/breached-password-detection',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'detection of leaked passwords',
    schema: members({
      enabled: flag,
      shields: z.array(z.enum(['block', 'user_notification', 'admin_notification'])),
      admin_notification_frequency: z.array(z.enum(['immediately', 'daily', 'weekly', 'monthly'])),
      method: z.enum(['standard', 'enhanced']),
      stage: anything,
    }),
    initial: {
      enabled: false,
      shields: [],
      admin_notification_frequency: [],
      method: 'standard',
      stage: {
        'pre-user-registration': { shields: [] },
        'pre-change-password': { shields: [] },
      },
    },
  },
  {
    path: '/attack-protection/suspicious-ip-throttling',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'throttling of suspicious addresses',
    schema: members({
      enabled: flag,
      shields: z.array(z.enum(['block', 'admin_notification'])),
      allowlist: texts,
      stage: anything,
    }),
    initial: {
      enabled: true,
      shields: ['admin_notification', 'block'],
      allowlist: [],
      stage: {
        'pre-login': { max_attempts: 100, rate: 864_000 },
        'pre-user-registration': { max_attempts: 50, rate: 1_200 },
      },
    },
  },
  {
    path: '/attack-protection/bot-detection',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'bot detection',
    schema: members({
      bot_detection_level: z.enum(['low', 'medium', 'high']),
      challenge_password_policy: z.enum(['never', 'when_risky', 'always']),
      challenge_passwordless_policy: z.enum(['never', 'when_risky', 'always']),
      challenge_password_reset_policy: z.enum(['never', 'when_risky', 'always']),
      allowlist: texts,
      monitoring_mode_enabled: flag,
    }),
    initial: {
      bot_detection_level: 'medium',
      challenge_password_policy: 'never',
      challenge_passwordless_policy: 'never',
      challenge_password_reset_policy: 'never',
      allowlist: [],
      monitoring_mode_enabled: false,
    },
  },
  {
    path: '/attack-protection/captcha',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'captcha settings',
    schema: members({
      active_provider_id: text,
      arkose: anything,
      auth_challenge: anything,
      hcaptcha: anything,
      friendly_captcha: anything,
      recaptcha_enterprise: anything,
      recaptcha_v2: anything,
      simple_captcha: anything,
    }),
    initial: { active_provider_id: 'auth_challenge' },
  },
  {
    path: '/risk-assessments/settings',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'risk assessment',
    schema: members({ enabled: flag }),
    initial: { enabled: false },
  },
  {
    path: '/risk-assessments/settings/new-device',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'risk assessment of new devices',
    schema: members({ remember_for: z.int().min(1).max(3650) }),
    initial: { remember_for: 30 },
  },
  {
    path: '/supplemental-signals',
    scopes: attackProtection,
    write: 'PATCH',
    what: 'supplemental signals',
    schema: members({ akamai_enabled: flag }),
    initial: { akamai_enabled: false },
  },
];

export const keptSettingRoutes: readonly ManagementRoute[] = SETTINGS.flatMap(routesOf);
