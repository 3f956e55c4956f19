// The built-in mailbox: what the e-mail channel would have sent, kept for the reader.
import { z } from 'zod';

export const mailboxMessageSchema = z.strictObject({
  id: z.string().describe('`mail_` and 16 letters or digits.'),
  sent_at: z.iso.datetime(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  link: z
    .string()
    .describe(
      'Opens the request, which is for its approver alone, or the page on which a device is enrolled.',
    ),
  approval: z.string().optional().describe('Approval id. Absent: the message is about no request.'),
  name: z.string().optional().describe('Short name of the request.'),
  text: z.string(),
  html: z.string(),
});
export type MailboxMessage = z.output<typeof mailboxMessageSchema>;

/** GET /control/mailbox?to=&limit= — newest first. */
export const mailboxQuerySchema = z.strictObject({
  to: z.string().optional().describe('Address of the recipient.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const mailboxEntrySchema = mailboxMessageSchema.omit({ text: true, html: true });
export type MailboxEntry = z.output<typeof mailboxEntrySchema>;
export const mailboxSchema = z.strictObject({ messages: z.array(mailboxEntrySchema) });

/** GET /approver/mailbox (device): messages to the person of this device, newest first. One: GET /approver/mailbox/{id}. */
export const ownMailboxSchema = z.strictObject({
  address: z.string().optional().describe('Address of this person, if there is one.'),
  kept_here: z
    .boolean()
    .describe('False where the tenant has a mail server, which gets the messages instead.'),
  messages: z.array(mailboxEntrySchema),
});
export type OwnMailbox = z.output<typeof ownMailboxSchema>;
