// /emails/provider: the server that e-mail goes to. One of the kind `smtp` acts; others are kept without what is secret, and
// messages stay in the built-in mailbox. auth0: Management API, Email Provider.
import { z } from 'zod';
import {
  type EmailProviderConfig,
  emailProviderSchema,
  emailSchema,
  type TenantConfig,
} from '../contract/index.ts';
import { anything, definedMembers } from './entity.ts';
import { readKept } from './kept-document.ts';
import { fieldsQuerySchema, pickFields } from './listing.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';

const PATH = '/emails/provider';
/** Where the tenant file keeps what nothing acts on. */
const KEY = 'emails/provider';
/** RFC 8314 §3.3: the port on which TLS begins at once. */
const TLS_PORT = 465;

const smtpCredentials = z.strictObject({
  smtp_host: z.string().min(1).optional(),
  smtp_port: z.int().min(1).max(65_535).optional(),
  smtp_user: z.string().nullable().optional(),
  smtp_pass: z.string().nullable().optional(),
});
const patchSchema = z.strictObject({
  name: z
    .enum([
      'smtp',
      'mailgun',
      'mandrill',
      'sendgrid',
      'resend',
      'ses',
      'sparkpost',
      'azure_cs',
      'ms365',
      'custom',
    ])
    .optional(),
  enabled: z.boolean().optional(),
  default_from_address: z.string().nullable().optional(),
  credentials: anything.nullable().optional(),
  settings: anything.nullable().optional(),
});
const smtpSchema = z.looseObject({ credentials: smtpCredentials.nullable().optional() });
const createSchema = patchSchema.extend({ name: patchSchema.shape.name.unwrap(), credentials: anything });
type ProviderChange = z.output<typeof patchSchema>;

export const emailProviderRoutes: readonly ManagementRoute[] = [
  {
    method: 'GET',
    path: PATH,
    scopes: ['read:email_provider'],
    purpose: 'read the e-mail provider, without its password',
    answer: (call) => {
      const query = call.query(fieldsQuerySchema);
      const provider = showProvider(call);
      if (!provider) throw unknownProvider();
      return pickFields(provider, query);
    },
  },
  {
    method: 'POST',
    path: PATH,
    scopes: ['create:email_provider'],
    purpose: 'set the e-mail provider; one of the kind smtp is used',
    kept: ['settings', 'credentials of other kinds than smtp'],
    answer: async (call) => {
      const body = call.body(createSchema);
      if (showProvider(call)) {
        throw new ManagementError(
          409,
          'email_provider_conflict',
          'The email provider is already set. Change it with PATCH.',
        );
      }
      await writeProvider(call, body.name, body);
      return showProvider(call);
    },
  },
  {
    method: 'PATCH',
    path: PATH,
    scopes: ['update:email_provider'],
    purpose: 'change the e-mail provider',
    kept: ['settings', 'credentials of other kinds than smtp'],
    answer: async (call) => {
      const body = call.body(patchSchema);
      const earlier = showProvider(call);
      if (!earlier) throw unknownProvider();
      await writeProvider(call, body.name ?? earlier.name, body);
      return showProvider(call);
    },
  },
  {
    method: 'DELETE',
    path: PATH,
    scopes: ['delete:email_provider'],
    purpose: 'forget the e-mail provider; messages stay in the built-in mailbox',
    answer: (call) =>
      call.change((draft) => {
        delete draft.email.provider;
        keepRest(draft, undefined);
      }),
  },
];

async function writeProvider(call: ManagementCall, name: string, change: ProviderChange): Promise<void> {
  const smtp = (name === 'smtp' && call.body(smtpSchema).credentials) || {};
  await call.change((draft) => {
    const kept = (draft.unimitated?.[KEY] ?? {}) as Record<string, unknown>;
    const { default_from_address: from, settings, enabled } = change;
    if (from !== undefined) draft.email.from = from || emailSchema.parse({}).from;
    if (name === 'smtp') draft.email.provider = applySmtp(draft.email.provider, smtp, enabled);
    else delete draft.email.provider;
    keepRest(draft, {
      ...(name === 'smtp' ? {} : { name, enabled: enabled ?? kept['enabled'] ?? true }),
      ...definedMembers({ settings: settings === undefined ? kept['settings'] : settings }),
    });
  });
}

function applySmtp(
  earlier: EmailProviderConfig | undefined,
  change: z.output<typeof smtpCredentials>,
  isEnabled: boolean | undefined,
): EmailProviderConfig {
  const { smtp_host, smtp_port, smtp_user, smtp_pass } = change;
  const host = smtp_host ?? earlier?.host;
  if (host === undefined)
    throw invalidBody("'Missing required property: smtp_host' on property credentials.");
  const port = smtp_port ?? earlier?.port ?? 587;
  const changed: EmailProviderConfig = {
    ...emailProviderSchema.parse({ host, port }),
    ...earlier,
    host,
    port,
    ...(smtp_port === undefined ? {} : { secure: port === TLS_PORT }),
    ...(smtp_user ? { user: smtp_user } : {}),
    ...(smtp_pass ? { password: smtp_pass } : {}),
    ...(isEnabled === undefined ? {} : { enabled: isEnabled }),
  };
  // Empty text and null both mean that nobody logs in.
  if (smtp_user === null || smtp_user === '') {
    delete changed.user;
    delete changed.password;
  }
  if (smtp_pass === null || smtp_pass === '') delete changed.password;
  return changed;
}

function keepRest(draft: TenantConfig, rest: Record<string, unknown> | undefined): void {
  const { [KEY]: _earlier, ...others } = draft.unimitated ?? {};
  const isEmpty = rest === undefined || Object.keys(rest).length === 0;
  const next = isEmpty ? others : { ...others, [KEY]: rest };
  if (Object.keys(next).length > 0) draft.unimitated = next;
  else delete draft.unimitated;
}

/** As the API shows it; undefined where there is none. */
function showProvider(call: ManagementCall) {
  const { provider, from } = call.tenant.config.email;
  const kept = readKept(call, KEY) ?? {};
  const settings = kept['settings'] === undefined ? {} : { settings: kept['settings'] };
  if (!provider) {
    if (typeof kept['name'] !== 'string') return undefined;
    return {
      name: kept['name'],
      enabled: kept['enabled'] === true,
      default_from_address: from,
      credentials: {},
      ...settings,
    };
  }
  return {
    name: 'smtp',
    enabled: provider.enabled,
    default_from_address: from,
    credentials: {
      smtp_host: provider.host,
      smtp_port: provider.port,
      ...(provider.user === undefined ? {} : { smtp_user: provider.user }),
    },
    ...settings,
  };
}

function unknownProvider(): ManagementError {
  return inexistent('email_provider', 'The email provider does not exist');
}
