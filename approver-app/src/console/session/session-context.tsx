// The session, handed down; and what pages read of the server through it.
import type { TraceEvent } from 'assent/contract';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { z } from 'zod';
import { useLivePart } from '../../desk/connection-state.tsx';
import type { LiveState } from '../../desk/live-trace.ts';
import type { ConsoleSession, RecordedCall } from './console-session.ts';
import type { RequestsState } from './request-list.ts';

const SessionContext = createContext<ConsoleSession | undefined>(undefined);

export function SessionProvider({ session, children }: { session: ConsoleSession; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): ConsoleSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('the console needs a <SessionProvider> around it.');
  return session;
}

/** One part of what is heard: `useLiveState((state) => state.phase)`. */
export function useLiveState<T>(part: (state: LiveState) => T): T {
  return useLivePart(useSession().trace, part);
}

/** Whether changes reach the server. */
export function useIsConnected(): boolean {
  return useLiveState(({ phase }) => phase === 'live' || phase === 'reconnecting');
}

export function useRequests(): RequestsState {
  const { requests } = useSession();
  return useSyncExternalStore(requests.watch, requests.state);
}

export function useRecordedCalls(): readonly RecordedCall[] {
  const session = useSession();
  return useSyncExternalStore(session.watch, session.recorded);
}

export interface Resource<T> {
  /** Undefined until it was read; then the last that was read. */
  value: T | undefined;
  failure: unknown;
  reload(): void;
}

/**
 * What a GET answers, read again after each change that was made from here, when the story is another one, and on the events that are
 * named. `undefined` as path reads nothing.
 *
 * @example const { value } = useResource('/control/faults', faultsSchema, ['fault.injected', 'fault.ended'])
 */
export function useResource<T>(
  path: string | undefined,
  schema: z.ZodType<T>,
  reloadOn: ReadonlyArray<TraceEvent['type']> = NO_EVENTS,
): Resource<T> {
  const session = useSession();
  const story = useLiveState((state) => state.story);
  // Each time that the server is heard again: something may have changed meanwhile.
  const heardSinceMs = useLiveState((state) => (state.phase === 'live' ? state.sinceMs : undefined));
  const changes = useSyncExternalStore(session.watch, session.changes);
  const [heard, setHeard] = useState(0);
  const [read, setRead] = useState<{ path?: string; value?: T; failure?: unknown }>({});

  useEffect(
    () =>
      session.trace.onEvents((events) => {
        if (events.some(({ type }) => reloadOn.includes(type))) setHeard((count) => count + 1);
      }),
    [session, reloadOn],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of the numbers asks for another reading
  useEffect(() => {
    if (path === undefined || heardSinceMs === undefined) return;
    const leaving = new AbortController();
    session.api.call({ path }, schema, { signal: leaving.signal }).then(
      (value) => setRead({ path, value }),
      (failure: unknown) => {
        if (leaving.signal.aborted) return;
        setRead((before) => (before.path === path ? { ...before, failure } : { path, failure }));
      },
    );
    return () => leaving.abort();
  }, [session, path, schema, story, heardSinceMs, changes, heard]);

  const isCurrent = read.path === path;
  return {
    value: isCurrent ? read.value : undefined,
    failure: isCurrent ? read.failure : undefined,
    reload: () => setHeard((count) => count + 1),
  };
}

const NO_EVENTS: ReadonlyArray<TraceEvent['type']> = [];
