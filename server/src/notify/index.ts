// What the rest of the server may use to tell approvers.
export { EmailChannel } from './email/email-channel.ts';
export { type Invitation, writeInvitation } from './email/invitation.ts';
export { isAddressedTo, Mailbox } from './email/mailbox.ts';
export { MailFailure } from './email/smtp.ts';
export { Outbox } from './outbox.ts';
export { type EmbeddedPush, startEmbeddedPush } from './web-push/embedded-push.ts';
export { FCM_HOSTS, FCM_TOKEN_PREFIX } from './web-push/fcm-imitation.ts';
export { PushEndpoints } from './web-push/push-endpoints.ts';
export type { PushFault } from './web-push/push-faults.ts';
export { type PushDevice, PushOutbox, type PushReport } from './web-push/push-outbox.ts';
export { PushSender } from './web-push/push-sender.ts';
export { loadVapidKeys, type VapidKeys } from './web-push/vapid-keys.ts';
