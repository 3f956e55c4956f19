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

/** Never rejects. Resolves once the worker runs, or it is certain that none will. */
export async function installWorker(): Promise<WorkerInstallation> {
  if (!('serviceWorker' in navigator)) return { missing: 'unsupported' };
  try {
    const registration = await navigator.serviceWorker.register(SCRIPT, {
      scope: import.meta.env.BASE_URL,
      updateViaCache: 'none',
    });
    return (await hasGivenUp(registration)) ? { missing: 'failed' } : { registration };
  } catch (reason) {
    const isRefused = reason instanceof DOMException && reason.name === 'SecurityError';
    return { missing: isRefused ? 'certificate' : 'failed' };
  }
}

/** A first worker that cannot load its files is given up, as when the server stops meanwhile; `ready` would wait for ever. */
function hasGivenUp({ installing, active }: ServiceWorkerRegistration): Promise<boolean> {
  const runs = navigator.serviceWorker.ready.then(() => false);
  if (installing === null || active !== null) return runs;
  const givenUp = new Promise<boolean>((resolve) => {
    const look = (): void => {
      if (installing.state === 'redundant') resolve(true);
    };
    installing.addEventListener('statechange', look);
    look();
  });
  return Promise.race([runs, givenUp]);
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
