// What Auth0 lets one set beside the factors. Nothing here acts on it; it is kept by path and given back, without the
// secrets that Auth0 does not give back either. auth0: Management API, Guardian; recorded shapes.
import { z } from 'zod';
import type { TenantConfig } from '../contract/index.ts';
import { flag, text } from './entity.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';

/** One thing that is kept under its path and given back. */
interface Setting {
  path: string;
  purpose: string;
  scopes: { read: string; update: string };
  /** PUT replaces everything, PATCH what is named. */
  methods: ReadonlyArray<'GET' | 'PUT' | 'PATCH'>;
  schema: z.ZodType;
  /** What a tenant has that never set it. */
  initial: unknown;
  /** What GET shows; by default all of it. */
  show?(kept: Readonly<Record<string, unknown>>): unknown;
  /** What writing answers; by default what GET shows. */
  echo?(kept: Readonly<Record<string, unknown>>): unknown;
}

const FACTOR_SCOPES = { read: 'read:guardian_factors', update: 'update:guardian_factors' };
const PUSH = '/guardian/factors/push-notification';

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
const twilio = {
  schema: z.strictObject({
    from: optional(text),
    messaging_service_sid: optional(text),
    auth_token: optional(text),
    sid: optional(text),
  }),
  initial: { from: null, messaging_service_sid: null, auth_token: null, sid: null },
};
const templates = {
  schema: z.strictObject({ enrollment_message: z.string(), verification_message: z.string() }),
  initial: {
    enrollment_message:
      '{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.',
    verification_message: '{{code}} is your verification code for {{tenant.friendly_name}}.',
  },
};
const webauthn = {
  schema: z.strictObject({
    userVerification: z.enum(['discouraged', 'preferred', 'required']).optional(),
    overrideRelyingParty: flag.optional(),
    relyingPartyIdentifier: optional(text),
  }),
};
const nothing = () => ({});

/** auth0: Management API, Guardian. */
const SETTINGS: readonly Setting[] = [
  {
    path: '/guardian/policies',
    purpose: 'when a login asks for a second factor',
    scopes: { read: 'read:mfa_policies', update: 'update:mfa_policies' },
    methods: ['GET', 'PUT'],
    schema: z.array(z.enum(['all-applications', 'confidence-score'])).max(1),
    initial: [],
  },
  {
    path: `${PUSH}/selected-provider`,
    purpose: 'who sends pushes',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    schema: z.strictObject({ provider: z.enum(['guardian', 'sns', 'direct']) }),
    initial: { provider: 'guardian' },
  },
  {
    path: `${PUSH}/providers/apns`,
    purpose: 'how pushes reach Apple',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT', 'PATCH'],
    schema: z.strictObject({ bundle_id: optional(text), sandbox: flag.optional(), p12: optional(text) }),
    initial: {},
    show: ({ bundle_id: bundle = null, sandbox = false, p12 }) => ({
      bundle_id: bundle,
      sandbox,
      enabled: typeof p12 === 'string',
    }),
    echo: ({ bundle_id: bundle = null, sandbox = false }) => ({ sandbox, bundle_id: bundle }),
  },
  {
    path: `${PUSH}/providers/fcm`,
    purpose: 'how pushes reach Android, older way',
    scopes: FACTOR_SCOPES,
    methods: ['PUT', 'PATCH'],
    schema: z.strictObject({ server_key: optional(text) }),
    initial: {},
    echo: nothing,
  },
  {
    path: `${PUSH}/providers/fcmv1`,
    purpose: 'how pushes reach Android',
    scopes: FACTOR_SCOPES,
    methods: ['PUT', 'PATCH'],
    schema: z.strictObject({ server_credentials: optional(text) }),
    initial: {},
    echo: nothing,
  },
  {
    path: `${PUSH}/providers/sns`,
    purpose: 'how pushes reach Amazon SNS',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT', 'PATCH'],
    schema: z.strictObject({
      aws_access_key_id: optional(text),
      aws_secret_access_key: optional(text),
      aws_region: optional(text),
      sns_apns_platform_application_arn: optional(text),
      sns_gcm_platform_application_arn: optional(text),
    }),
    initial: {},
    show: ({ aws_secret_access_key: _secret, ...rest }) => rest,
    echo: (kept) => kept,
  },
  {
    path: '/prompts/mfa-push',
    purpose: 'the app that the page of a push enrolment names',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PATCH'],
    schema: z.strictObject({
      app_name: optional(text),
      apple_app_link: optional(text),
      google_app_link: optional(text),
    }),
    initial: {},
  },
  {
    path: '/guardian/factors/sms/selected-provider',
    purpose: 'who sends text messages',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    schema: z.strictObject({ provider: z.enum(['auth0', 'twilio', 'phone-message-hook']) }),
    initial: { provider: 'auth0' },
  },
  {
    path: '/guardian/factors/sms/providers/twilio',
    purpose: 'how text messages are sent',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    ...twilio,
  },
  {
    path: '/guardian/factors/sms/templates',
    purpose: 'what text messages say',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    ...templates,
  },
  {
    path: '/guardian/factors/phone/message-types',
    purpose: 'how a phone is reached',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    schema: z.strictObject({ message_types: z.array(z.enum(['sms', 'voice'])) }),
    initial: { message_types: [] },
  },
  {
    path: '/guardian/factors/phone/selected-provider',
    purpose: 'who calls and sends text messages',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    schema: z.strictObject({ provider: z.enum(['auth0', 'twilio', 'phone-message-hook']) }),
    initial: { provider: 'auth0' },
  },
  {
    path: '/guardian/factors/phone/providers/twilio',
    purpose: 'how a phone is called',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    ...twilio,
  },
  {
    path: '/guardian/factors/phone/templates',
    purpose: 'what a call or a text message says',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT'],
    ...templates,
  },
  {
    path: '/guardian/factors/duo/settings',
    purpose: 'the account at Duo',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT', 'PATCH'],
    schema: z.strictObject({ ikey: optional(text), skey: optional(text), host: optional(text) }),
    initial: {},
  },
  {
    path: '/guardian/factors/webauthn-roaming/settings',
    purpose: 'what a security key must do',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT', 'PATCH'],
    ...webauthn,
    initial: { userVerification: 'preferred', overrideRelyingParty: false },
  },
  {
    path: '/guardian/factors/webauthn-platform/settings',
    purpose: 'what the passkey of a device must do',
    scopes: FACTOR_SCOPES,
    methods: ['GET', 'PUT', 'PATCH'],
    ...webauthn,
    initial: { overrideRelyingParty: false },
  },
];

export const guardianSettingRoutes: readonly ManagementRoute[] = SETTINGS.flatMap((setting) =>
  setting.methods.map(
    (method): ManagementRoute => ({
      method,
      path: setting.path,
      scopes: [method === 'GET' ? setting.scopes.read : setting.scopes.update],
      purpose: `${method === 'GET' ? 'read' : 'keep'} ${setting.purpose}`,
      ...(method === 'GET' ? {} : { kept: 'everything' as const }),
      answer: (call) =>
        method === 'GET' ? showSetting(setting, call.tenant.config) : writeSetting(setting, method, call),
    }),
  ),
);

/** Where the tenant file has it. */
function keyOf({ path }: Setting): string {
  return path.slice(1);
}

/** What was set, as long as it can still be read; a tenant file may hold anything there. */
function keptOf(setting: Setting, config: TenantConfig): unknown {
  const kept = setting.schema.safeParse(config.unimitated?.[keyOf(setting)]);
  return kept.success ? kept.data : setting.initial;
}

function showSetting(setting: Setting, config: TenantConfig): unknown {
  const kept = keptOf(setting, config);
  return setting.show ? setting.show(kept as Record<string, unknown>) : kept;
}

async function writeSetting(
  setting: Setting,
  method: 'PUT' | 'PATCH',
  call: ManagementCall,
): Promise<unknown> {
  const sent = call.body(setting.schema);
  const written = await call.change((draft) => {
    const value = method === 'PATCH' ? { ...(keptOf(setting, draft) as object), ...(sent as object) } : sent;
    draft.unimitated = { ...draft.unimitated, [keyOf(setting)]: value };
    return value;
  });
  if (setting.echo) return setting.echo(written as Record<string, unknown>);
  return showSetting(setting, call.tenant.config);
}
