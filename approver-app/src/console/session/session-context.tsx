// The session, handed down; and what pages read of the server through it.
import type { TraceEvent } from 'assent/contract';
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { z } from 'zod';
import { useLivePart } from '../../desk/connection-state.tsx';
import { type Resource, useLiveResource } from '../../desk/live-resource.ts';
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

/**
 * What a GET answers, read again after each change that was made from here, when the story is another one, and on the events that are
 * named. `undefined` as path reads nothing.
 *
 * @example const { value } = useResource('/control/faults', faultsSchema, ['fault.injected', 'fault.ended'])
 */
export function useResource<T>(
  path: string | undefined,
  schema: z.ZodType<T>,
  reloadOn?: ReadonlyArray<TraceEvent['type']>,
): Resource<T> {
  const session = useSession();
  const version = useSyncExternalStore(session.watch, session.changes);
  const { api, trace } = session;
  return useLiveResource({ api, trace, path, schema, reloadOn, version });
}
