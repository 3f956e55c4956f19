// /email-templates: `async_approval` is the message that asks for an approval; the others are only kept, since nothing here
// sends them. auth0: Customize Email Templates; Management API, Email Templates.
import { z } from 'zod';
import { emailTemplateSchema, type TenantConfig } from '../contract/index.ts';
import { keepMembers } from './entity.ts';
import { keep, readKept } from './kept-document.ts';
import type { ManagementCall, ManagementRoute } from './management-call.ts';
import { inexistent, invalidBody, ManagementError } from './management-error.ts';

type Template = TenantConfig['email']['template'];

const ACTING = 'async_approval';
const NAMES = [
  ACTING,
  'verify_email',
  'verify_email_by_code',
  'reset_email',
  'reset_email_by_code',
  'welcome_email',
  'blocked_account',
  'stolen_credentials',
  'enrollment_email',
  'mfa_oob_code',
  'user_invitation',
  'change_password',
  'password_reset',
  'auth_email_by_code',
] as const;

const patchSchema = z.strictObject({
  template: z.enum(NAMES).optional(),
  body: z.string().nullable().optional(),
  from: z.string().nullable().optional(),
  subject: z.string().nullable().optional(),
  syntax: z.literal('liquid').nullable().optional(),
  resultUrl: z.string().nullable().optional(),
  urlLifetimeInSeconds: z.int().positive().nullable().optional(),
  includeEmailInRedirect: z.boolean().optional(),
  enabled: z.boolean().nullable().optional(),
});
const createSchema = patchSchema.extend({ template: z.enum(NAMES), body: z.string().min(1) });
type TemplateChange = z.output<typeof patchSchema>;

const KEPT = ['includeEmailInRedirect', 'every template but async_approval'];

export const emailTemplateRoutes: readonly ManagementRoute[] = [
  {
    method: 'POST',
    path: '/email-templates',
    scopes: ['create:email_templates'],
    purpose: 'write an e-mail template; async_approval is used',
    kept: KEPT,
    answer: async (call) => {
      const body = call.body(createSchema);
      if (showTemplate(call, body.template)) {
        throw new ManagementError(
          409,
          'email_template_conflict',
          `The template ${body.template} is already there. Change it with PATCH.`,
        );
      }
      return writeTemplate(call, body.template, body, 'PUT');
    },
  },
  {
    method: 'GET',
    path: '/email-templates/:name',
    scopes: ['read:email_templates'],
    purpose: 'read an e-mail template',
    answer: (call) => findTemplate(call),
  },
  {
    method: 'PATCH',
    path: '/email-templates/:name',
    scopes: ['update:email_templates'],
    purpose: 'change an e-mail template',
    kept: KEPT,
    answer: (call) => {
      const body = call.body(patchSchema);
      const { template } = findTemplate(call);
      return writeTemplate(call, template, body, 'PATCH');
    },
  },
  {
    method: 'PUT',
    path: '/email-templates/:name',
    scopes: ['update:email_templates'],
    purpose: 'write an e-mail template anew',
    kept: KEPT,
    answer: (call) => {
      const body = call.body(createSchema);
      const name = NAMES.find((one) => one === call.parameter('name'));
      if (name === undefined) throw unknownTemplate();
      return writeTemplate(call, name, body, 'PUT');
    },
  },
];

async function writeTemplate(
  call: ManagementCall,
  name: string,
  change: TemplateChange,
  method: 'PUT' | 'PATCH',
): Promise<unknown> {
  if (change.template !== undefined && change.template !== name) {
    throw invalidBody(`'Expected ${name} as in the path' on property template.`);
  }
  if (name === ACTING) {
    await call.change((draft) => {
      const earlier = method === 'PUT' ? emailTemplateSchema.parse({}) : draft.email.template;
      draft.email.template = applyChange(earlier, change);
    });
  } else {
    const { template: _template, ...members } = change;
    await keep(
      call,
      `email-templates/${name}`,
      (earlier) => keepMembers(method === 'PUT' ? undefined : earlier, members, members) ?? {},
    );
  }
  return showTemplate(call, name);
}

/** `null` brings the default back. What cannot stand in a tenant file is found with the rest of the document. */
function applyChange(template: Template, change: TemplateChange): Template {
  const { template: _name, includeEmailInRedirect: _kept, ...members } = change;
  const defaults: Record<string, unknown> = emailTemplateSchema.parse({});
  const changed: Record<string, unknown> = { ...template };
  for (const [name, value] of Object.entries(members)) {
    const next = value ?? (value === null ? defaults[name] : changed[name]);
    if (next === undefined) delete changed[name];
    else changed[name] = next;
  }
  return changed as Template;
}

function findTemplate(call: ManagementCall): { template: string } {
  const template = showTemplate(call, call.parameter('name'));
  if (!template) throw unknownTemplate();
  return template;
}

function unknownTemplate(): ManagementError {
  return inexistent('email_template', 'The template does not exist');
}

/** auth0: a template exists once somebody has written it. */
function showTemplate(
  call: ManagementCall,
  name: string,
): ({ template: string } & Record<string, unknown>) | undefined {
  if (name === ACTING) {
    const { template } = call.tenant.config.email;
    return template.body === undefined ? undefined : template;
  }
  const kept = readKept(call, `email-templates/${name}`);
  return kept && { template: name, syntax: 'liquid', enabled: true, ...kept };
}
