// How the tenant sends e-mail. The template has the members of Auth0's `async_approval` e-mail template, so that one can be
// pasted; the provider is any SMTP server.
import { z } from 'zod';

const SENDER = /^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;

export const emailProviderSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Off: messages stay in the built-in mailbox.'),
    host: z.string().min(1).describe('Name or address of the SMTP server.'),
    port: z.int().min(1).max(65_535).default(587),
    secure: z
      .boolean()
      .default(false)
      .describe('TLS from the first byte, as on port 465. Otherwise STARTTLS where the server offers it.'),
    require_tls: z
      .boolean()
      .optional()
      .describe('Whether a connection must be encrypted. Left out: yes, where somebody logs in.'),
    user: z.string().min(1).optional().describe('Left out, nobody logs in.'),
    password: z.string().min(1).optional(),
    ca: z
      .string()
      .optional()
      .describe('Certificate authority of the server, as PEM, where it is not a public one.'),
  })
  .describe('The SMTP server that messages go to. Left out, they stay in the built-in mailbox.');

export const emailTemplateSchema = z
  .strictObject({
    template: z.literal('async_approval').default('async_approval'),
    enabled: z.boolean().default(true).describe('Off means that no request can use e-mail.'),
    syntax: z.literal('liquid').default('liquid'),
    from: z.string().regex(SENDER, 'expected an address such as "Bank <bank@example.com>"').optional(),
    subject: z
      .string()
      .min(1)
      .default('{{ application.name }} asks for your approval: {{ binding_message }}'),
    body: z
      .string()
      .min(1)
      .optional()
      .describe(
        'HTML in Liquid; what is put into it is escaped. Variables: `application.name`, `url`, `binding_message`, and beyond Auth0’s: `summary`, `expires_at`, `friendly_name`, `user.name`. Left out, a plain message that has them all.',
      ),
    resultUrl: z
      .url({ protocol: /^https?$/, error: 'expected an address that begins with http:// or https://' })
      .optional()
      .describe('Where a link on the last page leads.'),
    urlLifetimeInSeconds: z
      .int()
      .positive()
      .default(259_200)
      .describe('How long the link works, at most as long as the request. In seconds.'),
  })
  .describe('The message that asks for an approval. auth0: Customize Email Templates, `async_approval`.');

export const emailSchema = z
  .strictObject({
    provider: emailProviderSchema.optional(),
    from: z
      .string()
      .regex(SENDER, 'expected an address such as "Bank <bank@example.com>"')
      .default('Assent <assent@localhost>')
      .describe('The sender, where the template names none.'),
    template: emailTemplateSchema.prefault({}),
  })
  .describe('The e-mail channel.');

export type EmailConfig = z.output<typeof emailSchema>;
export type EmailProviderConfig = z.output<typeof emailProviderSchema>;
