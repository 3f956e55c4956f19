// What the rest of the server may use to tell approvers.
export { EmailChannel } from './email/email-channel.ts';
export { Mailbox } from './email/mailbox.ts';
export { Outbox } from './outbox.ts';
