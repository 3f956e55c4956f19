// Installs the service worker: the part of the app that is there when no page is. Without it, everything but
// notifications and starting without a connection still works.

import { isTapMessage } from './shown-push.ts';

/** Why a browser has none. */
export type NoWorkerReason =
  /** It knows no service workers, or only over HTTPS. */
  | 'unsupported'
  /** It shows the page, but does not trust the certificate enough to run code behind it. */
  | 'certificate'
  | 'failed';

export type WorkerInstallation = { registration: ServiceWorkerRegistration } | { missing: NoWorkerReason };

const SCRIPT = `${import.meta.env.BASE_URL}service-worker.js`;

/** Never rejects. Resolves once the worker runs. */
export async function installWorker(): Promise<WorkerInstallation> {
  if (!('serviceWorker' in navigator)) return { missing: 'unsupported' };
  try {
    await navigator.serviceWorker.register(SCRIPT, {
      scope: import.meta.env.BASE_URL,
      updateViaCache: 'none',
    });
    return { registration: await navigator.serviceWorker.ready };
  } catch (reason) {
    const isRefused = reason instanceof DOMException && reason.name === 'SecurityError';
    return { missing: isRefused ? 'certificate' : 'failed' };
  }
}

/** Calls `open` with the path of each request whose notification was tapped while a page was there to show it. */
export function onNotificationTap(open: (path: string) => void): () => void {
  // Absent where there are no service workers.
  const worker: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (isTapMessage(data)) open(data.open);
  };
  worker?.addEventListener('message', onMessage);
  return () => worker?.removeEventListener('message', onMessage);
}
