// The two stories of a tenant, its trace and its log, as a snapshot has them and as their journals are to have them: what takes the
// place of a tenant brings its stories along with its documents, in one write, so that no crash has one without the other.
import type { LogEntry } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import type { StoredStory } from '../store.ts';
import { toJournalEntry } from './tenant-log.ts';

/** Names of the journals, and of the parts of a snapshot. */
export const STORIES = { trace: 'trace', log: 'log' } as const;

/** More than any tenant tells, and far from where adding one changes nothing. */
export const MOST_EVENTS = 1e15;

/** What can be read of them; whether all of it is as it should be is found out by who reads it then. */
export function storiesOf(memory: Readonly<Record<string, unknown>>): StoredStory[] {
  const log = memory[STORIES.log];
  return [
    {
      journal: STORIES.trace,
      entries: rising(objectsOf(memory[STORIES.trace]).map(({ number, ...value }) => ({ number, value }))),
    },
    {
      journal: STORIES.log,
      entries: rising(
        objectsOf(isJsonObject(log) ? log['entries'] : undefined)
          .filter((entry): entry is Record<string, unknown> & LogEntry => typeof entry['log_id'] === 'string')
          .map(toJournalEntry),
      ),
    },
  ];
}

function objectsOf(saved: unknown): Array<Record<string, unknown>> {
  return Array.isArray(saved) ? saved.filter(isJsonObject) : [];
}

/** Each number once, in their order. */
function rising(entries: ReadonlyArray<{ number: unknown; value: unknown }>): StoredStory['entries'] {
  const byNumber = new Map<number, unknown>();
  for (const { number, value } of entries) {
    if (typeof number === 'number' && Number.isInteger(number) && number > 0 && number <= MOST_EVENTS)
      byNumber.set(number, value);
  }
  return [...byNumber]
    .map(([number, value]) => ({ number, value }))
    .toSorted((one, other) => one.number - other.number);
}
