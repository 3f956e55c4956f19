// What an event says in the log of the console: how it went, who acted, and what happened, in one line each. Pure.

import type { TraceEvent } from 'assent/contract';
import { describeChanges } from '../../desk/grant-changes.ts';
import { consoleTexts } from '../../texts/console.ts';
import { fill } from '../../ui/prose.tsx';
import { duration } from '../../ui/time-text.ts';

const { words } = consoleTexts.events;

export type EventTone = 'plain' | 'good' | 'denied' | 'trouble';

/** Whether it is what somebody looks for who asks why something failed. */
export function toneOf(event: TraceEvent): EventTone {
  switch (event.type) {
    case 'decision.made':
    case 'consent.answered':
      return event.outcome === 'approved' ? 'good' : 'denied';
    case 'token.issued':
      return event.details_match ? 'good' : 'trouble';
    case 'callback.sent':
      return event.outcome === 'taken' ? 'plain' : 'trouble';
    case 'api.called':
      return event.status < 400 ? 'good' : 'denied';
    case 'attack.attempted':
    case 'request.refused':
    case 'token.refused':
    case 'decision.refused':
    case 'notification.failed':
    case 'fault.injected':
    case 'fault.applied':
      return 'trouble';
    case 'poll.answered':
      return event.answer === 'slow_down' ? 'trouble' : 'plain';
    default:
      return 'plain';
  }
}

/** Short name of the request that it is about. */
export function requestOf(event: TraceEvent): string | undefined {
  return 'name' in event ? event.name : undefined;
}

/** The program, person or device that acted, as far as the event tells. */
export function whoOf(event: TraceEvent): string {
  switch (event.type) {
    case 'decision.made':
      return event.device ?? event.rule ?? event.by;
    case 'notification.delivered':
      return event.device ?? event.to ?? event.channel;
    case 'notification.failed':
      return event.to ?? event.channel;
    case 'notification.received':
    case 'request.read':
    case 'decision.refused':
      return event.device ?? '';
    case 'consent.answered':
      return event.user_name;
    case 'notification.waiting':
      return event.channel;
    case 'rule.fired':
      return event.rule;
    case 'api.called':
      return event.api;
    case 'fault.injected':
    case 'fault.ended':
    case 'fault.applied':
      return event.fault;
    case 'attack.attempted':
      return event.attack;
    default:
      if ('user_name' in event) return 'client_name' in event ? event.client_name : event.user_name;
      return 'client_id' in event ? (event.client_id ?? '') : '';
  }
}

/** One sentence. */
export function describeEvent(event: TraceEvent): string {
  switch (event.type) {
    case 'request.received':
      return fill(words.received, { summary: event.consent.summary, who: event.user_name });
    case 'request.refused':
    case 'token.refused':
      return event.error_description === undefined
        ? event.error
        : `${event.error}: ${event.error_description}`;
    case 'notification.delivered':
      return fill(words.delivered, { channel: event.channel, to: event.device ?? event.to ?? '' }).trim();
    case 'notification.received':
      return fill(words.arrived, { device: event.device ?? event.channel });
    case 'notification.failed':
      return event.retry_at === undefined ? event.why : `${event.why}. ${words.retried}`;
    case 'notification.waiting':
      return event.why;
    case 'request.read':
      return fill(words.read, { device: event.device, from: event.from });
    case 'poll.held':
      return words.held;
    case 'poll.answered':
      return event.answer === 'slow_down'
        ? fill(words.slowDown, { interval: event.interval })
        : words.pending;
    case 'decision.made':
      return [
        fill(event.outcome === 'approved' ? words.approved : words.denied, { from: event.from }),
        ...(event.verified_by === undefined ? [] : [words.passkey]),
        ...describeChanges(event.changes).map(([name, text]) => `${name}: ${text}`),
        ...(event.reason === undefined ? [] : [event.reason]),
      ].join('. ');
    case 'decision.refused':
      return fill(words.decisionRefused, { why: words.refusedWhy[event.why], from: event.from });
    case 'rule.fired':
      return event.says;
    case 'request.expired':
      return event.rule === undefined ? words.expired : fill(words.expiredByRule, { rule: event.rule });
    case 'request.settled':
      return words.settled;
    case 'callback.sent': {
      if (event.outcome === 'taken') return words.calledBack[event.says];
      const again = event.retry_at === undefined ? [] : [words.retried];
      return [fill(words.notTaken, { why: event.why ?? event.outcome }), ...again].join('. ');
    }
    case 'token.issued':
      return event.details_match ? words.issued : words.issuedOtherwise;
    case 'api.called':
      return fill(words.called, { method: event.method, path: event.path, status: event.status });
    case 'attack.attempted':
      return event.stopped_by === undefined
        ? fill(words.notStopped, { did: event.did })
        : fill(words.stopped, { did: event.did, check: event.stopped_by.check });
    case 'consent.answered':
      return fill(event.outcome === 'approved' ? words.consented : words.notConsented, {
        client: event.client_name,
      });
    case 'device.paired':
      return fill(words.paired, { device: event.device });
    case 'device.reachable':
      return fill(words.reachable, { device: event.device, by: event.by });
    case 'device.passkey_registered':
      return fill(words.passkeyRegistered, { device: event.device });
    case 'device.removed':
      return fill(words.removed, { device: event.device });
    case 'clock.moved':
      return fill(words.clock, { by: duration(event.by_ms) });
    case 'tenant.reset':
      return words.reset;
    case 'tenant.restored':
      return words.restored;
    case 'fault.injected':
    case 'fault.applied':
      return event.text;
    case 'fault.ended':
      return fill(words.faultEnded, { applied: event.applied });
    default:
      return describeUnknown(event);
  }
}

/** What a later version tells of has a type at least. */
function describeUnknown(event: { type: string }): string {
  return event.type;
}
