// What a push looks like: one notification for each request, which says who asks, for what, and the code. A tap opens the
// request; where the server says so, it offers to answer. The service worker shows pushes, and pages those of the relay.
import type { PushMessage, QuickAction } from 'assent/contract';
import { pushMessageSchema, quickActionSchema } from '../wire/contract.ts';
import {
  atLeast,
  ignoringOthers,
  list,
  type Output,
  one,
  optional,
  parseAs,
  readAs,
  text,
} from '../wire/schema.ts';
import { notificationTexts } from './notification-texts.ts';

/** What was asked, and in which words: what a quick answer is about. */
const askedSchema = atLeast({
  approval_id: text(),
  name: text(),
  title: text(),
  body: text(),
  code: text(),
  actions: optional(list(quickActionSchema)),
});
export type Asked = Output<typeof askedSchema>;

const notificationDataSchema = atLeast({
  kind: one('request', 'ended'),
  url: text(),
  /** Of one that asks. */
  asked: optional(askedSchema),
});

/** What is kept with a notification until it is tapped. */
type NotificationData = Output<typeof notificationDataSchema>;

/** The library of TypeScript leaves the buttons out, since not every browser has them. */
interface Shown extends NotificationOptions {
  tag: string;
  data: NotificationData;
  actions?: ReadonlyArray<{ action: QuickAction; title: string }>;
}

/** Members of a later server are no reason to show nothing. */
const readableMessageSchema = ignoringOthers(pushMessageSchema);
/** Declarative Web Push wraps the message for browsers that show it by themselves; the others get the same text. */
const wrappedMessageSchema = atLeast({ notification: readableMessageSchema });

/** Undefined if it is nothing that this app knows. */
export function readPushMessage(json: string | undefined): PushMessage | undefined {
  try {
    const message: unknown = JSON.parse(json ?? '');
    return readAs(readableMessageSchema, message) ?? readAs(wrappedMessageSchema, message)?.notification;
  } catch {
    return undefined;
  }
}

export function readNotificationData(notification: Notification): NotificationData | undefined {
  return readAs(notificationDataSchema, notification.data);
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
  const { approval_id: tag, kind, title, body, code, url, actions = [] } = message;
  await inTurn(async () => {
    const [earlier] = await registration.getNotifications({ tag });
    if (kind === 'ended' && earlier === undefined && !mustShow) return;
    // The same message may come twice, and on two ways; an end that came first is the newer truth.
    if (kind === 'request' && earlier !== undefined) {
      if (!mustShow) return;
      const told = readNotificationData(earlier);
      if (told?.kind === 'ended') {
        await show(registration, earlier.title, { body: earlier.body, tag, data: told, silent: true });
        return;
      }
    }
    await show(registration, title, {
      body: inOneLine(body, code),
      tag,
      data: { kind, url, ...(kind === 'request' ? { asked: parseAs(askedSchema, message) } : {}) },
      silent: kind === 'ended',
      actions: actions.map((action) => ({ action, title: notificationTexts.actions[action] })),
    });
  });
}

/** Says what became of a quick answer, in place of the notification that offered it. */
export async function showAnswer(
  registration: ServiceWorkerRegistration,
  {
    asked,
    url,
    title,
    body,
    isOver,
  }: { asked: Asked; url: string; title: string; body: string; isOver: boolean },
): Promise<void> {
  const { approval_id: tag } = asked;
  await inTurn(async () => {
    const [earlier] = isOver ? [] : await registration.getNotifications({ tag });
    // The server has said meanwhile how it ended; that is more than not to know.
    if (earlier !== undefined && readNotificationData(earlier)?.kind === 'ended') return;
    await show(registration, title, {
      body,
      tag,
      // One that still asks counts as such, and is opened to be answered.
      data: { kind: isOver ? 'ended' : 'request', url },
      silent: isOver,
    });
  });
}

function show(registration: ServiceWorkerRegistration, title: string, shown: Shown): Promise<void> {
  return registration.showNotification(title, {
    icon: '/approve/icons/icon-192.png',
    badge: '/approve/icons/icon-monochrome-512.png',
    ...shown,
  });
}

export function inOneLine(...parts: readonly string[]): string {
  return parts.filter((text) => text !== '').join(' · ');
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
