// What was granted otherwise than it was asked, in a line for each, and what was granted in the end.
import type { GrantChange, TraceEvent } from 'assent/contract';
import { deskTexts } from '../texts/desk.ts';

/** Name and text of each change. */
export function describeChanges(changes: readonly GrantChange[] | undefined): Array<[string, string]> {
  return (changes ?? []).map(({ kind, label, value }) => [
    deskTexts.granted[kind],
    value === '' ? label : `${label}: ${value}`,
  ]);
}

/** The details that the tokens of a story carry, if they are not what was asked. */
export function grantedIn(events: readonly TraceEvent[]): readonly unknown[] | undefined {
  const decided = events.findLast((event) => event.type === 'decision.made');
  return decided?.granted_details;
}
