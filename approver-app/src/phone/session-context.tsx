// Hands the session of the paired device to the screens.
import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ApproverSession, SessionSnapshot } from '../api/approver-session.ts';
import { sharedTexts } from '../texts/shared.ts';
import { fill } from '../ui/prose.tsx';

export const SessionContext = createContext<ApproverSession | undefined>(undefined);

export function useSession(): ApproverSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('This screen needs a paired device.');
  return session;
}

export function useSnapshot(): SessionSnapshot {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.snapshot);
}

/** Puts focus on the heading when a screen arrives, and again when `about` changes. */
export function useArrivalFocus<T extends HTMLElement>(about: string) {
  const heading = useRef<T>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new subject is a new arrival
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [about]);
  return heading;
}

/** Names the tab: how many wait, then the screen. */
export function usePageTitle(screen: string, waitingCount = 0): void {
  useEffect(() => {
    document.title =
      waitingCount > 0
        ? fill(sharedTexts.app.titleWithCount, { count: waitingCount, screen })
        : fill(sharedTexts.app.title, { screen });
  }, [screen, waitingCount]);
}
