// The whole story of one request, as it goes on: read once, then heard.
import { CONTROL_API, type TraceEvent, traceSchema } from 'assent/contract';
import { useMemo } from 'react';
import { useLiveState, useResource } from '../session/session-context.tsx';

const NONE: readonly TraceEvent[] = [];

export function useStoryOf(approvalId: string): readonly TraceEvent[] {
  const path = `${CONTROL_API}/requests/${encodeURIComponent(approvalId)}/trace`;
  const read = useResource(path, traceSchema).value?.events ?? NONE;
  const heard = useLiveState((state) => state.events);
  return useMemo(() => {
    const last = read.at(-1)?.number ?? 0;
    const newer = heard.filter(
      (event) => event.number > last && 'approval' in event && event.approval === approvalId,
    );
    return newer.length === 0 ? read : [...read, ...newer];
  }, [read, heard, approvalId]);
}
