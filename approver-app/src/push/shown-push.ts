// What a push looks like: one notification for each request, which says who asks, for what, and the code. It cannot
// approve anything; a tap opens the request. The service worker shows pushes, and pages those that the relay brings.
import { type PushMessage, pushMessageSchema } from 'assent/contract';
import { z } from 'zod';

const notificationDataSchema = z.object({
  kind: pushMessageSchema.shape.kind,
  url: z.string(),
});

/** What is kept with a notification until it is tapped. */
type NotificationData = z.output<typeof notificationDataSchema>;

/** Members of a later server are no reason to show nothing. */
const readableMessageSchema = z.object(pushMessageSchema.shape);
/** Declarative Web Push wraps the message for browsers that show it by themselves; the others get the same text. */
const wrappedMessageSchema = z
  .object({ notification: readableMessageSchema })
  .transform((p) => p.notification);
const anyMessageSchema = z.union([readableMessageSchema, wrappedMessageSchema]);

/** Undefined if it is nothing that this app knows. */
export function readPushMessage(json: string | undefined): PushMessage | undefined {
  try {
    return anyMessageSchema.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}

export function readNotificationData(notification: Notification): NotificationData | undefined {
  return notificationDataSchema.safeParse(notification.data).data;
}

/**
 * Shows a message in place of an earlier one about the same request; the one that asks alerts, its replacement does not.
 *
 * @param mustShow whether a request that ended gets a notification although none asked for it. Browsers want to see
 *   one for every push that no open page could have shown.
 */
export async function showPush(
  registration: ServiceWorkerRegistration,
  message: PushMessage,
  { mustShow }: { mustShow: boolean },
): Promise<void> {
  const { approval_id: tag, kind, title, body, code, url } = message;
  await inTurn(async () => {
    const [earlier] = await registration.getNotifications({ tag });
    if (kind === 'ended' && earlier === undefined && !mustShow) return;
    // The same message may come twice, and on two ways; an end that came first is the newer truth.
    if (kind === 'request' && earlier !== undefined && !mustShow) return;
    await registration.showNotification(title, {
      body: [body, code].filter((text) => text !== '').join(' · '),
      tag,
      data: { kind, url } satisfies NotificationData,
      silent: kind === 'ended',
      icon: '/approve/icons/icon-192.png',
      badge: '/approve/icons/icon-monochrome-512.png',
    });
  });
}

/** How many notifications ask for something. */
export async function countAsking(registration: ServiceWorkerRegistration): Promise<number> {
  const shown = await inTurn(() => registration.getNotifications());
  return shown.filter((notification) => readNotificationData(notification)?.kind === 'request').length;
}

/** Chromium (156) forgets a notification that is listed while it appears: a tap on it would do nothing. */
function inTurn<T>(step: () => Promise<T>): Promise<T> {
  return navigator.locks.request('assent.notifications', step);
}

/** What the worker tells a page that is open: a notification was tapped, show its request. */
export interface TapMessage {
  /** Path of a screen. */
  open: string;
}

export function isTapMessage(value: unknown): value is TapMessage {
  return typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'string';
}
