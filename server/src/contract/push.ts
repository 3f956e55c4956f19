// What travels by push: the subscription that a browser hands over, the message that reaches it, and the relay's wire.
// A message carries ids and a headline only. Notifications lie on lock screens; the app fetches the rest with a proof.
import { z } from 'zod';

const base64url = (pattern: RegExp, expected: string) => z.string().regex(pattern, `expected ${expected}`);

/** What `PushSubscription.toJSON()` gives. W3C Push API §8; key lengths after RFC 8291 §3.1 and §3.2. */
export const pushSubscriptionSchema = z.object({
  endpoint: z.url().max(2048).describe('Whoever knows it may send: a secret of the device.'),
  expirationTime: z.number().nullish(),
  keys: z.object({
    p256dh: base64url(/^B[A-P][\w-]{85}=?$/, 'an uncompressed P-256 point in base64url'),
    auth: base64url(/^[\w-]{22}(==)?$/, '16 octets in base64url'),
  }),
});
export type PushSubscription = z.output<typeof pushSubscriptionSchema>;

export const quickActionSchema = z.enum(['approve', 'deny']);
export type QuickAction = z.output<typeof quickActionSchema>;

export const pushMessageSchema = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['request', 'ended']).describe('`ended` takes the place of the notification of that request.'),
  approval_id: z.string(),
  name: z.string().describe('Short name to say aloud: `r7`.'),
  title: z.string().describe('Who asks, or how it ended.'),
  body: z.string().describe('The headline. Empty when only ids fitted.'),
  code: z.string().describe('The binding message. Empty when only ids fitted.'),
  url: z.string().describe('What a tap opens.'),
  expires_at: z.iso.datetime(),
  state: z.enum(['approved', 'denied', 'expired']).optional().describe('How it ended.'),
  actions: z
    .array(quickActionSchema)
    .optional()
    .describe('Answers that the notification may offer. Absent: it is answered in the app.'),
});
export type PushMessage = z.output<typeof pushMessageSchema>;

/** Longest message as JSON. It leaves room below the 4096 octets that every push service takes, RFC 8030 §7.2. */
export const LONGEST_PUSH_MESSAGE_BYTES = 3_000;

/** Answer to POST /push/subscribe. The two addresses are different secrets: one to send, one to listen and unsubscribe. */
export const relaySubscriptionSchema = z.strictObject({
  endpoint: z.url().describe('The push resource, RFC 8030 §2. Goes into the PushSubscription.'),
  subscription: z
    .url()
    .describe('The subscription resource: GET listens, DELETE unsubscribes. Stays in the browser.'),
});
export type RelaySubscription = z.output<typeof relaySubscriptionSchema>;

/** One event `push` of the stream of a subscription. */
export const relayedPushSchema = z.strictObject({
  message: z
    .url()
    .describe('The message resource. DELETE acknowledges it, RFC 8030 §6.2; until then it comes again.'),
  body: z.string().describe('The encrypted body as it was sent (RFC 8291), in base64url; empty without one.'),
});
export type RelayedPush = z.output<typeof relayedPushSchema>;
