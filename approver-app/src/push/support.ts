// What this browser, on this address, can do about notifications; and whether that changes.
import type { NoWorkerReason, WorkerInstallation } from './worker-registration.ts';

/** Why there can be no notifications here. */
export type Obstacle =
  | NoWorkerReason
  /** Plain HTTP from another computer. */
  | 'insecure'
  /** iPhone and iPad notify only for an app that was added to the home screen. */
  | 'home-screen';

/** Undefined if there is none. */
export async function findObstacle(worker: Promise<WorkerInstallation>): Promise<Obstacle | undefined> {
  if (!isSecureContext) return 'insecure';
  if (!('Notification' in window)) return isAppleMobile() ? 'home-screen' : 'unsupported';
  const installation = await worker;
  return 'missing' in installation ? installation.missing : undefined;
}

/** An iPad says that it is a Mac, but no Mac has a touch screen. */
function isAppleMobile(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);
}

/** Calls `onChange` when the permission may have been changed, most often in the browser's settings. */
export function watchPermission(onChange: () => void, signal: AbortSignal): void {
  document.addEventListener('visibilitychange', onChange, { signal });
  // Not every browser tells; coming back to the page is the other way to notice.
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => status.addEventListener('change', onChange, { signal }),
    () => undefined,
  );
}
