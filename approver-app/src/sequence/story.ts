// Where the events come from: the running server, or a file. The view reads both alike.
import type { TraceDocument, TraceEvent } from 'assent/contract';
import type { StoryOrigin } from 'assent/sequence';

export interface Story {
  events: readonly TraceEvent[];
  /** All that it holds: what a server remembers, what is in a file, or what was played. */
  extent: 'server' | 'file' | 'scene';
  /** Follows what happens; a recorded one is over. */
  isLive: boolean;
  /** What a file says of it. Undefined until the server has told. */
  origin: StoryOrigin | undefined;
}

export function recordedStory(document: TraceDocument, extent: 'file' | 'scene' = 'file'): Story {
  const { title, issuer, tenant, assent, events } = document;
  return { extent, events, isLive: false, origin: { title, issuer, tenant, assent } };
}
