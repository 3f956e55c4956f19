// How far a place has come, in words for somebody who looks after thirty of them: how many requests, and what happened last.
import type { TraceEvent } from '../contract/index.ts';
import type { RunningAssent } from '../index.ts';

export interface Progress {
  pending: number;
  approved: number;
  denied: number;
  expired: number;
  /** Of each lesson that the tenant can be asked about: how far, and at which step. */
  lessons: ReadonlyArray<{ id: string; done: number; steps: number; current?: string | undefined }>;
  /** Undefined while nothing has happened. */
  last: { text: string; at: string } | undefined;
}

/** More than enough to find one that says something. */
const NEWEST_EVENTS = 200;

export async function readProgress({ control }: RunningAssent): Promise<Progress> {
  const [requests, { events }, lessons] = await Promise.all([
    control.requests({ limit: 1000 }),
    control.story({ before: Number.MAX_SAFE_INTEGER, limit: NEWEST_EVENTS }),
    // A tenant of one's own may have nobody to play a part in a lesson.
    control.lessons.list().catch(() => []),
  ]);
  const count = (...states: string[]): number =>
    requests.filter(({ state }) => states.includes(state)).length;
  return {
    pending: count('pending'),
    approved: count('approved', 'redeemed'),
    denied: count('denied'),
    expired: count('expired'),
    lessons: lessons.map(({ id, done, steps, current }) => ({
      id,
      done,
      steps,
      ...(current && { current }),
    })),
    last: findLast(events),
  };
}

function findLast(events: readonly TraceEvent[]): Progress['last'] {
  for (const event of events.toReversed()) {
    const text = describeEvent(event);
    if (text !== undefined) return { text, at: event.at };
  }
  return undefined;
}

/** Undefined for what says little by itself, such as one poll among many. */
function describeEvent(event: TraceEvent): string | undefined {
  switch (event.type) {
    case 'request.received':
      return `${event.name} asks ${event.user_name}: ${event.consent.summary}`;
    case 'request.refused':
      return `request refused: ${event.error_description ?? event.error}`;
    case 'decision.made':
      return `${event.name} ${event.outcome}`;
    case 'request.expired':
      return `${event.name} expired`;
    case 'token.issued':
      return `${event.name}: the agent has its token`;
    case 'token.refused':
      return event.name === undefined ? `token refused: ${event.error}` : `${event.name}: ${event.error}`;
    case 'api.called':
      return `${event.method} ${event.path} answered ${event.status}`;
    case 'attack.attempted':
      return event.stopped_by === undefined
        ? `attack passed: ${event.attack}`
        : `attack stopped by ${event.stopped_by.check}: ${event.attack}`;
    case 'device.paired':
      return `${event.user_name} enrolled ${event.device}`;
    case 'tenant.reset':
      return 'begun anew';
    case 'tenant.restored':
      return 'put back to a snapshot';
    default:
      return undefined;
  }
}
