// Which values a story does not tell: names, for whoever gets a file and wonders. They were taken out before the story was written.
import type { TraceEvent } from '../contract/index.ts';

/** `[20 characters removed]`, and the ends of `ZZnG2NCp…[64 characters]` and of a token without its signature. */
const REDACTED = /\[(?:\d+ characters(?: removed)?|signature removed)\]$/;

/** In alphabetical order. */
export function findRedacted(events: readonly TraceEvent[]): string[] {
  const names = new Set<string>();
  const look = (name: string, value: unknown): void => {
    if (typeof value === 'string') {
      if (REDACTED.test(value)) names.add(name);
    } else if (Array.isArray(value)) {
      for (const each of value) look(name, each);
    } else if (typeof value === 'object' && value !== null) {
      for (const [member, each] of Object.entries(value)) look(member, each);
    }
  };
  for (const event of events) look(event.type, event);
  return [...names].sort();
}
