// Step mode of the server, as it is now: read when it changes, changed by the controls of this page.
import { CONTROL_API, type StepPlan, type Steps, stepsSchema } from 'assent/contract';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import type { ServerClock } from '../../api/server-clock.ts';
import type { Api } from '../../desk/api.ts';
import { explainFailure } from '../../desk/api-failure.ts';
import { useLivePart } from '../../desk/connection-state.tsx';
import { useHeardSince } from '../../desk/live-resource.ts';
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
  /** @param plan gives the next plan from the one that was asked for last, whether the server has it already or not */
  change(plan: (before: StepPlan) => StepPlan): void;
  /** Lets one go. */
  next(hold: string): void;
  /** Lets all of them go; break points stay. */
  continueAll(): void;
}

export function useSteps(api: Api, trace: LiveTrace): StepMode {
  const heardSinceMs = useHeardSince(trace);
  const story = useLivePart(trace, (state) => state.story);
  const [known, setKnown] = useState<{ steps: Steps; readAtMs: number }>();
  const [failure, setFailure] = useState<string>();
  const turn = useRef(0);
  const changing = useRef(0);
  const queue = useRef(Promise.resolve());
  const wanted = useRef<StepPlan>(undefined);
  /** An answer that comes after that of a later question is old, and so is one from before a change. */
  const read = useCallback(async (): Promise<void> => {
    turn.current += 1;
    const mine = turn.current;
    const steps = await api.call({ path: PATH }, stepsSchema);
    if (turn.current === mine && changing.current === 0) setKnown({ steps, readAtMs: performance.now() });
  }, [api]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another story, or a server that is heard again, is read anew
  useEffect(() => {
    if (heardSinceMs === undefined) return;
    // The connection says by itself that the server is gone, and reads again once it is back.
    const readAgain = (): void => void read().catch(() => undefined);
    readAgain();
    return trace.onEvents((events) => {
      if (events.some(({ type }) => type.startsWith('step.'))) readAgain();
    });
  }, [trace, heardSinceMs, story, read]);
  return useMemo(() => {
    const call = (method: 'PUT' | 'POST', path: string, body: unknown): void => {
      setFailure(undefined);
      changing.current += 1;
      // One after the other, in the order in which they were asked for.
      queue.current = queue.current.then(async () => {
        try {
          await api.call({ method, path, body }, z.unknown());
        } catch (cause) {
          setFailure(explainFailure(cause));
        }
        changing.current -= 1;
        if (changing.current === 0) wanted.current = undefined;
        // Also after a refusal: then it is as it was.
        await read().catch(() => undefined);
      });
    };
    return {
      steps: known?.steps,
      readAtMs: known?.readAtMs ?? 0,
      failure,
      clock: trace.clock,
      change: (plan) => {
        const before = wanted.current ?? known?.steps;
        if (before === undefined) return;
        const { break_points, slow_ms, outlast } = before;
        wanted.current = plan({ break_points, slow_ms, outlast });
        call('PUT', PATH, wanted.current);
      },
      // Somebody else may have been quicker: then it is gone already.
      next: (hold) => call('POST', `${PATH}/next`, { hold }),
      continueAll: () => call('POST', `${PATH}/continue`, {}),
    };
  }, [api, trace, known, failure, read]);
}
