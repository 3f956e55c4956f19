// What the rest of the server may use of the story.

export { EventLog, TRACE_BOUNDS, type TraceEntry } from './event-log.ts';
export { ReadableEntries } from './readable-entries.ts';
