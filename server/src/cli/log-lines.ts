// One line per event that means something to a person. Repeated polls fold into a count, so that waiting stays readable.
import { bindingOf, type TraceEvent } from '../contract/index.ts';
import { describeChanges, describeDecider } from './decision-text.ts';
import { createTimeOfDay, formatLogLine, type TimeOfDay } from './log-line.ts';
import { type Paint, showText } from './output.ts';
import { describeSpan } from './time-text.ts';

export interface LogLine {
  text: string;
  /** Stands for the line before it, with a higher count. */
  replacesLast: boolean;
}

export interface LogOptions {
  paint: Paint;
  /** Whether a printed line can be replaced; else a count is told when it is complete. */
  canRewrite: boolean;
  /** Of the times shown. Default: the computer's. */
  timeZone?: string;
}

interface Polls {
  answer: string;
  count: number;
  shown: number;
}

export class LogLines {
  readonly #options: LogOptions;
  readonly #clock: TimeOfDay;
  /** Short name of a request → polls that were answered alike in a row. */
  readonly #polls = new Map<string, Polls>();
  #lastPrinted: string | undefined;
  #lastTime = { second: '', shown: '' };

  constructor(options: LogOptions) {
    this.#options = options;
    this.#clock = createTimeOfDay(options.timeZone);
  }

  /** The lines to print for `event`; often one, sometimes none. */
  add(event: TraceEvent): LogLine[] {
    if (event.type === 'poll.answered') return this.#addPoll(event);
    // That a poll waits is said of the first one.
    if (event.type === 'poll.held' && this.#polls.has(event.name)) return [];
    const name = 'name' in event ? event.name : undefined;
    const untold = name === undefined ? [] : this.#tellCount(name, event.at);
    if (name !== undefined) this.#polls.delete(name);
    this.#lastPrinted = undefined;
    return [
      ...untold,
      { text: this.#format(event.at, ...describeEvent(event, this.#options.paint)), replacesLast: false },
    ];
  }

  #addPoll(event: Extract<TraceEvent, { type: 'poll.answered' }>): LogLine[] {
    const { name, answer, at } = event;
    const known = this.#polls.get(name);
    if (known?.answer !== answer) {
      const untold = this.#tellCount(name, at);
      this.#polls.set(name, { answer, count: 1, shown: 1 });
      this.#lastPrinted = name;
      return [...untold, { text: this.#formatPolls(name, at), replacesLast: false }];
    }
    known.count += 1;
    if (!this.#options.canRewrite || this.#lastPrinted !== name) return [];
    known.shown = known.count;
    return [{ text: this.#formatPolls(name, at), replacesLast: true }];
  }

  #tellCount(name: string, at: string): LogLine[] {
    const polls = this.#polls.get(name);
    if (!polls || polls.shown === polls.count) return [];
    return [{ text: this.#formatPolls(name, at), replacesLast: false }];
  }

  #formatPolls(name: string, at: string): string {
    const { answer = '', count = 0 } = this.#polls.get(name) ?? {};
    const word = answer === 'slow_down' ? 'too fast' : 'pending';
    return this.#format(
      at,
      'poll',
      name,
      this.#options.paint('warning', count > 1 ? `${word} ×${count}` : word),
    );
  }

  /** Of one second there may be many lines, and formatting a time is most of what a line costs. */
  #timeOf(at: string): string {
    const second = at.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
    if (second !== this.#lastTime.second)
      this.#lastTime = { second, shown: this.#clock.format(new Date(at)) };
    return this.#lastTime.shown;
  }

  #format(at: string, verb: string, name: string, text: string): string {
    return formatLogLine({ time: this.#timeOf(at), verb, name, text }, this.#options.paint);
  }
}

type Described = readonly [verb: string, name: string, text: string];

/** Verb, short name and the rest. Texts of others are shown as text. */
function describeEvent(event: Exclude<TraceEvent, { type: 'poll.answered' }>, paint: Paint): Described {
  switch (event.type) {
    case 'request.received': {
      const who = `${showText(event.client_name)} → ${showText(event.user_name)}`;
      const what = showText(event.consent.summary);
      const code = event.binding_message === '' ? 'no code' : `"${showText(event.binding_message)}"`;
      return ['ask', event.name, `${who}  ${code}  ${what}  expires ${formatDuration(event.expires_in)}`];
    }
    case 'request.refused': {
      const who = event.client_id === undefined ? '' : ` for ${showText(event.client_id)}`;
      return [
        'refuse',
        '',
        `${paint('bad', event.error)}${who}  ${showText(event.error_description ?? '')}${hintOf(event.hint)}`,
      ];
    }
    case 'notification.delivered':
      if (event.channel === 'email') {
        const to = `e-mail to ${showText(event.to ?? '')}`;
        const kept = event.link === undefined ? '' : ` kept in the mailbox: ${showText(event.link)}`;
        return ['notify', event.name, `${to}${kept}`];
      }
      return [
        'notify',
        event.name,
        `${event.channel}${event.device === undefined ? '' : ` of ${showText(event.device)}`}`,
      ];
    case 'notification.received':
      return ['notify', event.name, `taken by ${showText(event.device ?? 'the device')}`];
    case 'request.read':
      return ['read', event.name, `on ${showText(event.device)} (${event.from})`];
    case 'api.called': {
      const stop = event.checks.find(({ passed }) => !passed);
      const call = `${showText(event.method)} ${showText(event.path)}`;
      return [
        'api',
        event.name ?? '',
        stop === undefined
          ? `${call}  ${paint('good', 'let through')}`
          : `${call}  ${paint('bad', `stopped: ${showText(stop.check)}`)}  ${showText(stop.why ?? '')}`,
      ];
    }
    case 'attack.attempted': {
      const { stopped_by: stop } = event;
      const end =
        stop === undefined
          ? paint('bad', 'nothing stopped it')
          : paint('good', `stopped at ${stop.at}: ${showText(stop.check)}`);
      return ['attack', event.name ?? '', `${showText(event.attack)}  ${end}`];
    }
    case 'notification.waiting':
      return ['notify', event.name, `waiting: ${showText(event.why)}`];
    case 'notification.failed': {
      const to = event.to === undefined ? '' : ` to ${showText(event.to)}`;
      const next = event.retry_at === undefined ? 'not tried again' : 'tried again later';
      return [
        'notify',
        event.name,
        `${paint('bad', `${event.channel === 'email' ? 'e-mail' : event.channel}${to} failed`)}: ${showText(event.why)}  (${next})`,
      ];
    }
    case 'poll.held':
      return ['poll', event.name, 'waits for the decision'];
    case 'decision.made': {
      const outcome = event.outcome === 'approved' ? paint('good', '✓ approved') : paint('bad', '✕ denied');
      const reason = event.reason === undefined ? '' : `  "${showText(event.reason)}"`;
      const changes = describeChanges(event.changes).join(', ');
      return [
        'decide',
        event.name,
        `${outcome} ${describeDecider(event)}${changes && `, ${changes}`}${reason}`,
      ];
    }
    case 'decision.refused': {
      const from = event.rule === undefined ? event.from : `the rule ${showText(event.rule)}`;
      return ['decide', event.name, `refused, ${DECISION_REFUSALS[event.why]}  (${from})`];
    }
    case 'rule.fired':
      return ['rule', event.name, `${showText(event.rule)}: ${showText(event.says)}`];
    case 'request.expired':
      return [
        'expire',
        event.name,
        event.rule === undefined ? 'nobody decided in time' : `ended by the rule ${showText(event.rule)}`,
      ];
    case 'request.settled':
      return ['settle', event.name, 'the client can have the answer'];
    case 'token.issued': {
      const binding = bindingOf(event.access_token);
      const bound = binding === undefined ? '' : `, bound to ${binding}`;
      return [
        'token',
        event.name,
        event.details_match
          ? paint('good', `issued, details match${bound}`)
          : paint('bad', `issued, details differ${bound}`),
      ];
    }
    case 'callback.sent': {
      const call = `${showText(event.client_id)}  ${event.says}  ${showText(event.to)}`;
      if (event.outcome === 'taken') return ['call', event.name, `${call}  ${paint('good', 'taken')}`];
      const next = event.retry_at === undefined ? 'not tried again' : 'tried again later';
      return [
        'call',
        event.name,
        `${call}  ${paint('bad', event.outcome)}: ${showText(event.why ?? '')}  (${next})`,
      ];
    }
    case 'token.refused':
      return [
        'token',
        event.name ?? '',
        `${paint('bad', event.error)}  ${showText(event.error_description ?? '')}`,
      ];
    case 'consent.answered': {
      const types = event.authorization_details?.map(({ type }) => type) ?? event.scope;
      const text = `${showText(event.user_name)} for ${showText(event.client_name)}: ${showText(types.join(', '))}`;
      return ['consent', '', `${event.outcome}  ${text}`];
    }
    case 'device.paired':
      return ['pair', '', `${showText(event.device)} of ${showText(event.user_name)}`];
    case 'device.reachable': {
      const by = event.by === 'web-push' ? 'web push' : 'relay, while its page is open';
      return ['reach', '', `${showText(event.device)} of ${showText(event.user_name)}  by ${by}`];
    }
    case 'device.passkey_registered':
      return ['passkey', '', `${showText(event.device)} of ${showText(event.user_name)}`];
    case 'device.removed':
      return ['unpair', '', `${showText(event.device)} of ${showText(event.user_name)}`];
    case 'tenant.reset':
      return ['reset', '', 'everything is as at the start'];
    case 'tenant.restored':
      return ['restore', '', `everything is as in the snapshot of ${event.taken_at}`];
    case 'clock.moved':
      return ['clock', '', `put forward by ${describeSpan(event.by_ms)}, to ${event.to}`];
    case 'fault.injected':
      return ['fault', '', `${paint('warning', `${event.fault} is active`)}: ${showText(event.text)}`];
    case 'fault.applied':
      return ['fault', event.name ?? '', `${paint('warning', event.fault)}: ${showText(event.text)}`];
    case 'step.held': {
      const pause = event.because === 'slow' ? 'slowed down' : paint('warning', 'held');
      return ['step', event.name ?? '', `${pause}  ${event.hold}  ${event.arrow}${describeWaiting(event)}`];
    }
    case 'step.warned':
      return ['step', event.name ?? '', `${paint('warning', event.hold)}  ${event.text}`];
    case 'step.released': {
      const meaning = event.text === undefined ? '' : `  ${event.text}`;
      const why = event.why.replaceAll('_', ' ');
      return [
        'step',
        event.name ?? '',
        `${event.hold}  ${event.why === 'caller_left' ? paint('bad', why) : why} after ${formatDuration(event.held_ms / 1000)}${meaning}`,
      ];
    }
    case 'fault.ended':
      return [
        'fault',
        '',
        `${event.fault} is over${event.why === 'used_up' ? ', used up' : ''} (applied ${event.applied} ×)`,
      ];
  }
}

function describeWaiting({
  waits,
  goes_on_in_ms: leftMs,
}: Extract<TraceEvent, { type: 'step.held' }>): string {
  const who = waits === undefined ? '' : `  ${showText(waits.program)} waits`;
  return leftMs === undefined ? who : `${who}, goes on by itself in ${formatDuration(leftMs / 1000)}`;
}

const DECISION_REFUSALS = {
  already_decided: 'it was decided before',
  expired: 'it had expired',
  changed: 'it was not what had been shown',
  not_verified: 'no passkey verified the person',
} as const;

function hintOf(hint: string | undefined): string {
  return hint === undefined ? '' : `  (${showText(hint)})`;
}

/** `5:00`, `72:00:00` */
export function formatDuration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const tail = rest.toString().padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${minutes.toString().padStart(2, '0')}:${tail}`;
}
