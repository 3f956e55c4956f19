// What a step says about this very run: names and values, taken from its event. Pure.

import type { TraceEvent } from 'assent/contract';
import type { Arrow, Run } from 'assent/sequence';
import { describeChanges } from '../../desk/grant-changes.ts';
import { panelTexts } from '../../texts/panel.ts';
import { fill } from '../../ui/prose.tsx';
import { exactTime } from '../../ui/time-text.ts';

export interface Fact {
  name: string;
  text: string;
}

export function eventOf(run: Run, arrow: Pick<Arrow, 'event'>): TraceEvent | undefined {
  return run.events.find(({ number }) => number === arrow.event);
}

/** The request that this run is about; a refused one has none. */
export function requestOf(run: Run): Extract<TraceEvent, { type: 'request.received' }> | undefined {
  return run.events.find((event) => event.type === 'request.received');
}

const { facts } = panelTexts;

export function readFacts(event: TraceEvent, arrow: Arrow): Fact[] {
  return candidates(event, arrow).flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : [{ name, text }],
  );
}

type Candidate = readonly [name: string, text: string | undefined];

function candidates(event: TraceEvent, arrow: Arrow): Candidate[] {
  switch (event.type) {
    case 'request.received':
      return arrow.isResponse
        ? [
            [facts.expires, exactTime(Date.parse(event.at) + event.expires_in * 1000)],
            [facts.interval, event.interval === undefined ? undefined : seconds(event.interval)],
            [facts.channel, event.channel],
          ]
        : [
            [facts.agent, event.client_name],
            [facts.person, event.user_name],
            [facts.asked, event.consent.summary],
            [facts.api, event.audience],
            [facts.scope, event.scope.join(' ')],
          ];
    case 'request.refused':
      return [
        [facts.error, event.error],
        [facts.description, event.error_description],
        [facts.hint, event.hint],
      ];
    case 'notification.delivered':
      return [
        [facts.channel, event.channel],
        [facts.device, event.device],
        [facts.to, event.to],
        [
          facts.pushService,
          event.push && fill(facts.pushAnswer, { host: event.push.host, status: event.push.status }),
        ],
        [facts.timeToLive, event.push?.ttl === undefined ? undefined : seconds(event.push.ttl)],
      ];
    case 'notification.received':
      return [
        [facts.channel, event.channel],
        [facts.device, event.device],
      ];
    case 'notification.failed':
      return [
        [facts.channel, event.channel],
        [facts.to, event.to],
        [facts.why, event.why],
        [facts.again, event.retry_at && exactTime(event.retry_at)],
      ];
    case 'request.read':
      return [
        [facts.device, event.device],
        [facts.from, event.from],
      ];
    case 'poll.answered':
      return [
        [facts.interval, seconds(event.interval)],
        [facts.held, event.held && seconds(event.held.seconds)],
      ];
    case 'decision.made':
      return [
        [facts.decidedBy, event.by],
        [facts.from, event.from],
        [facts.device, event.device],
        [facts.verifiedBy, event.verified_by],
        ...describeChanges(event.changes),
        [facts.reason, event.reason],
        [facts.rule, event.rule],
      ];
    case 'decision.refused':
      return [
        [facts.from, event.from],
        [facts.device, event.device],
        [facts.rule, event.rule],
      ];
    case 'callback.sent':
      return [
        [facts.to, event.to],
        [facts.attempt, String(event.attempt)],
        [facts.why, event.why],
        [facts.again, event.retry_at && exactTime(event.retry_at)],
      ];
    case 'token.issued':
      return [
        [facts.api, event.audience],
        [facts.scope, event.scope],
        [facts.match, event.details_match ? facts.matches : facts.matchesNot],
      ];
    case 'token.refused':
      return [
        [facts.agent, event.client_id],
        [facts.error, event.error],
        [facts.description, event.error_description],
      ];
    case 'api.called':
      return [
        [facts.api, event.api],
        [facts.call, `${event.method} ${event.path}`],
        [facts.scope, event.asked?.scope?.join(' ')],
      ];
    case 'attack.attempted':
      return [
        [facts.told, event.told],
        [facts.did, event.did],
        [facts.call, event.tried?.map(({ method, path }) => `${method} ${path}`).join(', ')],
        [facts.stoppedBy, event.stopped_by?.why ?? facts.nothing],
        [facts.without, event.without],
      ];
    default:
      return [];
  }
}

/** So many are told one by one; what a long story repeats a thousand times is only summed up. */
const MOST_WAITS = 12;

/** Seconds between one arrow and the next, to a tenth. Undefined where there is only one. */
export function tellWaits(arrows: readonly Pick<Arrow, 'at'>[]): string | undefined {
  const { some, many } = panelTexts.why.waitsTold;
  const waits = arrows
    .slice(1)
    .map(({ at }, index) => (Date.parse(at) - Date.parse(arrows[index]?.at ?? at)) / 1000);
  if (waits.length === 0) return undefined;
  const told = waits
    .slice(0, MOST_WAITS)
    .map((wait) => wait.toFixed(1))
    .join(', ');
  const others = waits.slice(MOST_WAITS);
  if (others.length === 0) return fill(some, { told });
  const longest = others.reduce((most, wait) => Math.max(most, wait), 0).toFixed(1);
  return fill(many, { told, count: others.length, longest });
}

function seconds(count: number): string {
  return fill(facts.seconds, { count });
}
