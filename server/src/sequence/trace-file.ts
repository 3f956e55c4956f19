// A story as a file: the document, the events of one run, and which values are not in it.
import type { TraceDocument, TraceEvent } from '../contract/index.ts';
import { readRun } from './read-run.ts';
import { findRedacted } from './redacted-names.ts';

export interface StoryOrigin {
  title: string;
  issuer: string;
  tenant: string;
  /** Version of the server. */
  assent: string;
}

export function writeTraceDocument(events: readonly TraceEvent[], origin: StoryOrigin): TraceDocument;
/** @param ref one request; left out: all of them. Undefined where there is no such request */
export function writeTraceDocument(
  events: readonly TraceEvent[],
  origin: StoryOrigin,
  ref: string | undefined,
): TraceDocument | undefined;
export function writeTraceDocument(
  events: readonly TraceEvent[],
  origin: StoryOrigin,
  ref?: string,
): TraceDocument | undefined {
  const own = ref === undefined ? events : readRun(events, ref)?.events;
  if (own === undefined) return undefined;
  return { format: 'assent-trace', version: 1, ...origin, redacted: findRedacted(own), events: [...own] };
}
