// The story of one request as a short list: polls that follow each other are one line. Pure.
import type { TraceEvent } from 'assent/contract';
import { consoleTexts } from '../../texts/console.ts';
import { plural } from '../../ui/prose.tsx';
import { describeEvent, type EventTone, toneOf } from '../events/event-words.ts';

export interface TimelineLine {
  /** Number of its first event. */
  number: number;
  at: string;
  text: string;
  tone: EventTone;
}

export function readTimeline(events: readonly TraceEvent[]): TimelineLine[] {
  const lines: TimelineLine[] = [];
  let polls = 0;
  for (const event of events) {
    const isPoll = event.type === 'poll.answered' && event.answer === 'authorization_pending';
    const last = lines.at(-1);
    if (isPoll && polls > 0 && last !== undefined) {
      polls += 1;
      lines[lines.length - 1] = { ...last, text: plural(consoleTexts.requests.polled, polls) };
      continue;
    }
    polls = isPoll ? 1 : 0;
    lines.push({
      number: event.number,
      at: event.at,
      text: isPoll ? plural(consoleTexts.requests.polled, 1) : describeEvent(event),
      tone: toneOf(event),
    });
  }
  return lines;
}
