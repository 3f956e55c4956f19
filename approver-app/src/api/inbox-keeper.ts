// Has what a device read last kept in this browser: once the page has nothing better to do, since what has just arrived is to be
// seen first, and at once when nobody looks at it any more.
import { keepInbox, type LastInbox } from './last-inbox.ts';

/** However busy the page is. */
const LATEST_MS = 500;

export interface InboxKeeper {
  /** Something has changed. */
  keepSoon(): void;
  /** Nothing is kept from here on. */
  close(): void;
}

/** @param read what is to be kept; undefined while there is nothing */
export function createInboxKeeper(deviceId: string, read: () => LastInbox | undefined): InboxKeeper {
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const keep = (): void => {
    cancel?.();
    cancel = undefined;
    const inbox = read();
    // A browser that cannot keep it, such as one whose disk is full, still works while it is connected.
    if (inbox !== undefined) keepInbox(deviceId, inbox).catch(() => undefined);
  };
  const onHidden = (): void => {
    if (document.visibilityState === 'hidden' && cancel !== undefined) keep();
  };
  document.addEventListener('visibilitychange', onHidden);
  return {
    keepSoon() {
      if (!isClosed) cancel ??= whenAtRest(keep);
    },
    close() {
      isClosed = true;
      document.removeEventListener('visibilitychange', onHidden);
      cancel?.();
      cancel = undefined;
    },
  };
}

/** Answers what takes it back. */
function whenAtRest(act: () => void): () => void {
  // Safari does not say when a page is at rest.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(act, LATEST_MS);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(act, { timeout: LATEST_MS });
  return () => window.cancelIdleCallback(handle);
}
