// What a GET answers, kept as it is now: read again when the story is another one, when the server is heard again, and on the events
// that are named.
import { CONTROL_API, type Fault, faultsSchema, type TraceEvent } from 'assent/contract';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { Api } from './api.ts';
import { useLivePart } from './connection-state.tsx';
import type { LiveTrace } from './live-trace.ts';

export interface Resource<T> {
  /** Undefined until it was read; then the last that was read. */
  value: T | undefined;
  failure: unknown;
  reload(): void;
}

interface LiveResource<T> {
  api: Api;
  trace: LiveTrace;
  /** `undefined` reads nothing. */
  path: string | undefined;
  schema: z.ZodType<T>;
  reloadOn?: ReadonlyArray<TraceEvent['type']> | undefined;
  /** Another number asks for another reading. */
  version?: number;
}

/** A reading that is not the last one counts for nothing, whenever its answer comes. */
export function useLiveResource<T>(wanted: LiveResource<T>): Resource<T> {
  const { api, trace, path, schema, reloadOn = NO_EVENTS, version } = wanted;
  const story = useLivePart(trace, (state) => state.story);
  const heardSinceMs = useHeardSince(trace);
  const [heard, setHeard] = useState(0);
  const [read, setRead] = useState<{ path?: string; value?: T; failure?: unknown }>({});

  useEffect(
    () =>
      trace.onEvents((events) => {
        if (events.some(({ type }) => reloadOn.includes(type))) setHeard((count) => count + 1);
      }),
    [trace, reloadOn],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of the numbers asks for another reading
  useEffect(() => {
    if (path === undefined || heardSinceMs === undefined) return;
    const leaving = new AbortController();
    api.call({ path }, schema, { signal: leaving.signal }).then(
      (value) => {
        if (!leaving.signal.aborted) setRead({ path, value });
      },
      (failure: unknown) => {
        if (leaving.signal.aborted) return;
        setRead((before) => (before.path === path ? { ...before, failure } : { path, failure }));
      },
    );
    return () => leaving.abort();
  }, [api, path, schema, story, heardSinceMs, version, heard]);

  const isCurrent = read.path === path;
  return {
    value: isCurrent ? read.value : undefined,
    failure: isCurrent ? read.failure : undefined,
    reload: () => setHeard((count) => count + 1),
  };
}

/** Another number each time that the server is heard again: something may have changed meanwhile. Undefined while it is not. */
export function useHeardSince(trace: LiveTrace): number | undefined {
  return useLivePart(trace, ({ phase, sinceMs }) => (phase === 'live' ? sinceMs : undefined));
}

const NO_EVENTS: ReadonlyArray<TraceEvent['type']> = [];
const FAULT_NEWS = ['fault.injected', 'fault.ended'] as const;

/** Those that are active, oldest first. */
export function useFaults(api: Api, trace: LiveTrace): readonly Fault[] {
  const path = `${CONTROL_API}/faults`;
  return (
    useLiveResource({ api, trace, path, schema: faultsSchema, reloadOn: FAULT_NEWS }).value?.faults ?? []
  );
}
