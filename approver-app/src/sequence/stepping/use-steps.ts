// Step mode of the server, as it is now: read when it changes, changed by the controls of this page.
import { CONTROL_API, type StepPlanInput, type Steps, stepsSchema } from 'assent/contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import type { ServerClock } from '../../api/server-clock.ts';
import type { Api } from '../../desk/api.ts';
import { useLivePart } from '../../desk/connection-state.tsx';
import type { LiveTrace } from '../../desk/live-trace.ts';

const PATH = `${CONTROL_API}/steps`;

export interface StepMode {
  /** Undefined until it is known, and for a recorded story. */
  steps: Steps | undefined;
  /** Time of the server. */
  clock: ServerClock;
  /** When `steps` was read, by the clock of this page that only runs. */
  readAtMs: number;
  /** Why the last change was not taken. */
  failure: string | undefined;
  change(plan: StepPlanInput): void;
  /** Lets one go. */
  next(hold: string): void;
  /** Lets all of them go; break points stay. */
  continueAll(): void;
}

export function useSteps(api: Api, trace: LiveTrace): StepMode {
  const startedAt = useLivePart(trace, ({ health }) => health?.started_at);
  const story = useLivePart(trace, (state) => state.story);
  const [known, setKnown] = useState<{ steps: Steps; readAtMs: number }>();
  const [failure, setFailure] = useState<string>();
  const take = useCallback((steps: Steps) => setKnown({ steps, readAtMs: performance.now() }), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another server, or another story, is read anew
  useEffect(() => {
    if (startedAt === undefined) return;
    const ending = new AbortController();
    const read = (): void => {
      api
        .call({ path: PATH }, stepsSchema, { signal: ending.signal })
        .then(take)
        // The connection says by itself that the server is gone; the next event asks again.
        .catch(() => undefined);
    };
    read();
    const stop = trace.onEvents((events) => {
      if (events.some(({ type }) => type.startsWith('step.'))) read();
    });
    return () => {
      stop();
      ending.abort();
    };
  }, [api, trace, startedAt, story, take]);
  return useMemo(() => {
    const call = (method: 'PUT' | 'POST', path: string, body: unknown): void => {
      setFailure(undefined);
      api
        .call({ method, path, body }, z.unknown())
        .then(() => api.call({ path: PATH }, stepsSchema))
        .then(take)
        .catch((cause: unknown) => setFailure(cause instanceof Error ? cause.message : String(cause)));
    };
    return {
      steps: known?.steps,
      readAtMs: known?.readAtMs ?? 0,
      failure,
      clock: trace.clock,
      change: (plan) => call('PUT', PATH, plan),
      // Somebody else may have been quicker: then it is gone already.
      next: (hold) => call('POST', `${PATH}/next`, { hold }),
      continueAll: () => call('POST', `${PATH}/continue`, {}),
    };
  }, [api, trace, known, failure, take]);
}
