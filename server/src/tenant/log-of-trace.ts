// What the trace tells of requests and devices, in Auth0's words. auth0: Log Event Type Codes, CIBA and Guardian.
import { CIBA_GRANT_TYPE, type Exchange, type NewLogEntry, type TraceEvent } from '../contract/index.ts';

/** What later events of a request leave out. */
interface Subject {
  clientId: string;
  userId: string;
  channel: string;
  consentId: string | undefined;
}

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>;

/** More requests than may wait at once by default; the oldest are forgotten first. */
const MOST_SUBJECTS = 10_000;

const FAILED_EXCHANGES: Readonly<Record<string, NewLogEntry['type']>> = {
  [CIBA_GRANT_TYPE]: 'ciba_exchange_failed',
  authorization_code: 'feacft',
  client_credentials: 'feccft',
  refresh_token: 'fertft',
};

export class LogOfTrace {
  readonly #subjects = new Map<string, Subject>();

  /** A request that an earlier process opened. */
  remember(approvalId: string, subject: Subject): void {
    this.#subjects.set(approvalId, subject);
    if (this.#subjects.size <= MOST_SUBJECTS * 2) return;
    // Half of them at once: a map walks over all that was deleted before it comes to its oldest entry.
    for (const oldest of [...this.#subjects.keys()].slice(0, MOST_SUBJECTS)) this.#subjects.delete(oldest);
  }

  /** The entries that an event comes to; often none. */
  entriesOf(event: TraceEvent): NewLogEntry[] {
    switch (event.type) {
      case 'request.received':
        return this.#started(event);
      case 'request.refused':
        return [startFailed(event)];
      case 'notification.delivered':
      case 'notification.failed':
        return this.#notified(event);
      case 'decision.made':
      case 'decision.refused':
        return this.#answered(event);
      case 'token.issued':
        return [this.#exchanged(event)];
      case 'token.refused':
        return this.#exchangeFailed(event);
      case 'device.paired':
        return [about('gd_enrollment_complete', event)];
      case 'device.reachable':
        return [about('gd_update_device_account', event)];
      case 'device.removed':
        return [about('gd_unenroll', event)];
      default:
        return [];
    }
  }

  #started(event: EventOf<'request.received'>): NewLogEntry[] {
    const { client_id: clientId, user_id: userId, channel, consent_id: consentId, exchange } = event;
    this.remember(event.approval, { clientId, userId, channel, consentId });
    const subject = { client_id: clientId, user_id: userId, caller: callerOf(exchange) };
    const started: NewLogEntry = {
      type: 'ciba_start_succeeded',
      ...subject,
      audience: event.audience,
      scope: event.scope.join(' '),
      details: { body: bodyOf(exchange), ...linkOf({ channel, consentId }) },
    };
    if (channel !== 'guardian-push') return [started];
    return [started, { type: 'gd_start_auth', ...subject, details: linkOf({ channel, consentId }) }];
  }

  #notified(event: EventOf<'notification.delivered'> | EventOf<'notification.failed'>): NewLogEntry[] {
    const subject = this.#subjects.get(event.approval);
    const common = { ...whoOf(subject), details: { ...linkOf(subject), channel: event.channel } };
    const isEmail = event.channel === 'email';
    if (event.type === 'notification.delivered') {
      return isEmail
        ? []
        : [{ type: 'gd_send_pn', ...common, details: { ...common.details, device: event.device } }];
    }
    const details = { ...common.details, to: event.to, error: { message: event.why } };
    return isEmail
      ? [{ type: 'fn', ...common, details: { ...details, email_type: 'async_approval' } }]
      : [{ type: 'gd_send_pn_failure', ...common, details }];
  }

  /** An answer on the page of an e-mail is none of Guardian's. */
  #answered(event: EventOf<'decision.made'> | EventOf<'decision.refused'>): NewLogEntry[] {
    const subject = this.#subjects.get(event.approval);
    if (subject?.channel !== 'guardian-push') return [];
    const details = { ...linkOf(subject), from: event.from, device: event.device };
    if (event.type === 'decision.refused') {
      return [
        { type: 'gd_auth_failed', ...whoOf(subject), details: { ...details, error: { message: event.why } } },
      ];
    }
    const type = event.outcome === 'approved' ? 'gd_auth_succeed' : 'gd_auth_rejected';
    return [{ type, ...whoOf(subject), details }];
  }

  #exchanged(event: EventOf<'token.issued'>): NewLogEntry {
    const subject = this.#subjects.get(event.approval);
    return {
      type: 'ciba_exchange_succeeded',
      ...whoOf(subject),
      caller: callerOf(event.exchange),
      audience: event.audience,
      scope: event.scope,
      details: linkOf(subject),
    };
  }

  #exchangeFailed(event: EventOf<'token.refused'>): NewLogEntry[] {
    const type = FAILED_EXCHANGES[event.grant_type ?? ''];
    if (!type) return [];
    const subject = event.approval === undefined ? undefined : this.#subjects.get(event.approval);
    return [
      {
        type,
        ...whoOf(subject),
        client_id: subject?.clientId ?? event.client_id,
        caller: callerOf(event.exchange),
        description: event.error_description,
        details: { ...linkOf(subject), ...failureOf(event) },
      },
    ];
  }
}

function startFailed(event: EventOf<'request.refused'>): NewLogEntry {
  return {
    type: 'ciba_start_failed',
    client_id: event.client_id,
    caller: callerOf(event.exchange),
    description: event.error_description,
    details: { body: bodyOf(event.exchange), ...failureOf(event) },
  };
}

function failureOf({
  error,
  error_description: description,
  exchange,
}: Pick<EventOf<'token.refused'>, 'error' | 'error_description' | 'exchange'>): Record<string, unknown> {
  return {
    error: { message: description ?? error, oauthError: error },
    // auth0, recorded: wrong credentials answer 401.
    ...(exchange?.response.status === 401 ? { client_authentication_error: description ?? error } : {}),
  };
}

function about(
  type: NewLogEntry['type'],
  event: EventOf<'device.paired' | 'device.reachable' | 'device.removed'>,
): NewLogEntry {
  return { type, user_id: event.user_id, details: { device: event.device } };
}

function whoOf(subject: Subject | undefined): Pick<NewLogEntry, 'client_id' | 'user_id'> {
  return subject ? { client_id: subject.clientId, user_id: subject.userId } : {};
}

function linkOf(subject: Pick<Subject, 'channel' | 'consentId'> | undefined): Record<string, unknown> {
  if (!subject) return {};
  return {
    notification_channel: subject.channel,
    ...(subject.consentId === undefined ? {} : { transaction_linking_id: subject.consentId }),
  };
}

/** What was asked, without what could be used again: the trace has taken that out already. */
function bodyOf(exchange: Exchange | undefined): Record<string, unknown> {
  const { audience = '', login_hint = '', scope = '', ...rest } = exchange?.request.parameters ?? {};
  const { binding_message, requested_expiry } = rest;
  return {
    audience,
    login_hint,
    scope,
    ...(binding_message === undefined ? {} : { binding_message }),
    ...(requested_expiry === undefined ? {} : { requested_expiry }),
  };
}

function callerOf(exchange: Exchange | undefined): NewLogEntry['caller'] {
  const { ip, user_agent, auth0_client } = exchange?.request ?? {};
  if (ip === undefined) return undefined;
  return {
    ip,
    ...(user_agent === undefined ? {} : { user_agent }),
    ...(auth0_client === undefined ? {} : { auth0_client }),
  } as NewLogEntry['caller'];
}
