// The part of the app that is there when no page is: shows pushes, opens the request that was tapped, renews the push
// subscription, and starts the app without a connection. It never answers for the server and keeps none of its answers. It
// decides only where a notification offers it and a person taps that (push/quick-answer.ts).
import type { QuickAction } from 'assent/contract';
import { createServerClock } from '../api/server-clock.ts';
import { giveQuickAnswer, isQuickAction } from '../push/quick-answer.ts';
import { renewWebPush } from '../push/reach.ts';
import {
  type Asked,
  countAsking,
  readNotificationData,
  readPushMessage,
  showPush,
  type TapMessage,
} from '../push/shown-push.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written by the build (service-worker-build.ts): every file that the app needs to start, and a name for exactly these. */
declare const SHELL: { version: string; page: string; files: readonly string[] };

const CACHE_PREFIX = 'assent-shell-';
const CACHE = CACHE_PREFIX + SHELL.version;
/** A page of a server that is silent for longer comes from the cache. */
const SERVER_PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (SHELL.files.includes(pathname)) event.respondWith(fromShell(request));
});

self.addEventListener('push', (event) => {
  event.waitUntil(receive(event.data?.text()));
});

self.addEventListener('notificationclick', (event) => {
  const { action, notification } = event;
  const { asked } = readNotificationData(notification) ?? {};
  // What was not offered opens the request like any other tap.
  if (asked !== undefined && isQuickAction(action) && asked.actions?.includes(action)) {
    event.waitUntil(answer(asked, action, addressOf(notification)));
    return;
  }
  notification.close();
  event.waitUntil(openRequest(addressOf(notification)));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(renewWebPush(self.registration, createServerClock()));
});

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(
    [SHELL.page, ...SHELL.files].map((path) => new Request(path, { cache: 'reload', credentials: 'omit' })),
  );
  // A page that is open has loaded what deciding needs; a part that it opens later may be gone, and then it says so.
  await self.skipWaiting();
}

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHE_PREFIX) && name !== CACHE) await caches.delete(name);
  }
}

/** The server's page if it answers, so that what is installed anew is seen at once; otherwise the one that was kept. */
async function openPage(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(SERVER_PATIENCE_MS) });
  } catch (reason) {
    const kept = await caches.match(SHELL.page);
    if (kept === undefined) throw reason;
    return kept;
  }
}

async function fromShell(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function receive(text: string | undefined): Promise<void> {
  const message = readPushMessage(text);
  const pages = await self.clients.matchAll({ type: 'window' });
  const isSeen = pages.some(({ visibilityState }) => visibilityState === 'visible');
  if (message !== undefined) await showPush(self.registration, message, { mustShow: !isSeen });
  // Something came, and a browser takes the subscription away from pages that keep that to themselves.
  else await self.registration.showNotification('Assent', { tag: 'unreadable' });
  await updateBadge();
}

async function answer(asked: Asked, action: QuickAction, { pathname: url }: URL): Promise<void> {
  await giveQuickAnswer(self.registration, { asked, url, action, clock: createServerClock() });
  await updateBadge();
}

/** How many requests ask. A page that opens counts them anew. */
async function updateBadge(): Promise<void> {
  const { navigator } = self;
  // Only installed apps have a badge, and not in every browser.
  if ('setAppBadge' in navigator) {
    await navigator.setAppBadge(await countAsking(self.registration)).catch(() => undefined);
  }
}

/** What a notification opens: an address of this app, whatever the push said. */
function addressOf(notification: Notification): URL {
  const { scope } = self.registration;
  const address = new URL(readNotificationData(notification)?.url ?? scope, scope);
  return address.href.startsWith(scope) ? address : new URL(scope);
}

/** In a page that is open already, if there is one: it knows the request and keeps its place in the history. */
async function openRequest(address: URL): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const ours = pages.filter(({ url }) => url.startsWith(self.registration.scope));
  const page =
    ours.find(({ url }) => url === address.href) ??
    ours.find(({ visibilityState }) => visibilityState === 'visible') ??
    ours[0];
  if (page === undefined) {
    await self.clients.openWindow(address.href);
    return;
  }
  if (page.url !== address.href) page.postMessage({ open: address.pathname } satisfies TapMessage);
  // Where a browser does not allow it, the page shows the request all the same.
  await page.focus().catch(() => undefined);
}
