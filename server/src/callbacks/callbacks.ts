// Calls clients back once their request has an answer: a ping, or the answer itself. Never in anybody's way: it begins when the
// approval has been decided and settled, and goes on by itself, also after a restart. What must stay true:
//  - What is sent is written before it is sent for the first time and stays the same, so tokens are made once, whatever has to be
//    repeated.
//  - Tokens leave only once the approval is redeemed, which succeeds once.
//  - What a client has taken, or does not want, is not sent again.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Approval, Approvals } from '../approvals/index.ts';
import type { Clock } from '../clock.ts';
import type { NewTraceEvent } from '../contract/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { AFTER_OUTAGE_MS, type Collection, isOutage, type Store, type Versioned } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import {
  type AttemptOutcome,
  errorMessage,
  judgeAnswer,
  type Message,
  MOST_ATTEMPTS,
  pauseSeconds,
} from './callback.ts';
import { describeAttempt } from './callback-event.ts';
import { Turns } from './turns.ts';

/** How far a callback has come. Keyed by approval id. */
interface KeptCallback {
  /** Of several instances the one that sends it. */
  sender?: string;
  /** Gone once it is over: it may hold tokens. */
  message?: Message;
  attempts: number;
  notBeforeMs: number;
  /** How it ended. */
  end?: 'taken' | 'refused' | 'given_up';
}

/** What makes a callback fail on purpose. */
export type CallbackFault =
  | { kind: 'answer'; status: number; retryAfterSeconds: number | undefined; id: string }
  | { kind: 'late'; ms: number }
  | { kind: 'lose' | 'duplicate'; id: string };

export interface CallbacksParts {
  store: Store;
  clock: Clock;
  approvals: Pick<Approvals, 'watch' | 'list' | 'get' | 'redeem'>;
  /** Those that serve the same tenant. */
  instances: {
    readonly id: string;
    readonly areMany: boolean;
    isLost(instance: string | undefined): Promise<boolean>;
  };
  outbound: Pick<Outbound, 'call'>;
  config: () => { retention: number; redemption_grace: number; forward_denial_reason: boolean };
  tokens: {
    /** Whether the client may have any still, by the rules of its profile. */
    areInTime(approval: Approval): boolean;
    /** The token response for an approved request; undefined where nobody could have one any more. */
    make(approval: Approval): Promise<Readonly<Record<string, unknown>> | undefined>;
    /** They leave now. Called once. */
    tellIssued(approval: Approval, answer: Readonly<Record<string, unknown>>): Promise<void>;
  };
  /** Until the client has been told its auth_req_id: before, it could not make sense of a callback. */
  acknowledged(authReqId: string): Promise<void> | undefined;
  /** Whether a call may leave, where somebody goes through the flow step by step; undefined where it may at once. */
  mayLeave(approval: Approval): Promise<boolean> | undefined;
  faults: {
    failsTransaction(approval: Approval): Promise<boolean>;
    ofCallback(approval: Approval): Promise<CallbackFault | undefined>;
  };
  record(event: NewTraceEvent): void;
}

/** What an attempt leads to. */
interface Progress {
  againAtMs?: number;
  event?: NewTraceEvent;
}

/** At once for one endpoint: one that hangs must not keep others of it waiting. */
const MOST_AT_ONCE = 8;

export class Callbacks {
  readonly #parts: CallbacksParts;
  readonly #kept: Collection<KeptCallback>;
  readonly #underWay = new Set<string>();
  readonly #alarms = new Map<string, () => void>();
  readonly #turns = new Turns(MOST_AT_ONCE);
  readonly #stopWatching: () => void;
  /** What is begun here belongs to no request, whatever request brought the answer about. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #isClosed = false;

  constructor(parts: CallbacksParts) {
    this.#parts = parts;
    this.#kept = parts.store.collection<KeptCallback>('callbacks');
    this.#stopWatching = parts.approvals.watch((approval, changedAt) => {
      // Whoever has taken the decision calls back.
      if (changedAt === 'here' && approval.state !== 'pending' && approval.state !== 'redeemed')
        this.#start(approval);
    });
  }

  /** Goes on with what an earlier process, or another instance that is lost, did not get done. */
  async resume(): Promise<void> {
    for (const approval of (await this.#parts.approvals.list()).toReversed()) {
      // One that has not been settled is told of as soon as it is.
      const isUnsettled = approval.state === 'approved' && approval.settledAtMs === undefined;
      if (!(await this.#isNobodys(approval))) continue;
      if (approval.callback !== undefined && approval.state !== 'pending' && !isUnsettled)
        this.#start(approval);
    }
  }

  /** Whether no other instance that is there sees to it. */
  async #isNobodys({ id, instance }: Approval): Promise<boolean> {
    const { instances } = this.#parts;
    if (!instances.areMany) return true;
    const sender = (await this.#kept.get(id))?.value.sender ?? instance;
    return sender === instances.id || instances.isLost(sender);
  }

  /** What was not sent is sent by whoever resumes. */
  close(): void {
    this.#isClosed = true;
    this.#stopWatching();
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
  }

  /** Returns at once. */
  #start(approval: Approval): void {
    const { callback, id } = approval;
    if (callback === undefined || this.#isClosed || this.#underWay.has(id)) return;
    this.#underWay.add(id);
    this.#alarms.get(id)?.();
    this.#alarms.delete(id);
    const going = this.#outside(async () => {
      await this.#parts.acknowledged(approval.authReqId);
      if ((await this.#kept.get(id))?.value.end !== undefined) return {};
      if ((await this.#parts.mayLeave(approval)) === false) return {};
      return this.#turns.take(callback.endpoint, () => this.#proceed(approval));
    });
    going
      .catch((cause: unknown): Progress => {
        if (isOutage(cause)) return { againAtMs: this.#parts.clock.now() + AFTER_OUTAGE_MS };
        if (!this.#isClosed) warnOfCall(approval, cause);
        return {};
      })
      .then(({ againAtMs, event }) => {
        this.#underWay.delete(id);
        // First, so that whoever reads of it can put the clock forward.
        if (againAtMs !== undefined) this.#startAt(againAtMs, approval);
        if (event) this.#parts.record(event);
      });
  }

  #startAt(atMs: number, approval: Approval): void {
    if (this.#isClosed) return;
    // Nobody who puts the clock forward waits for somebody else's server.
    this.#alarms.set(
      approval.id,
      this.#parts.clock.setAlarm(atMs, () => void this.#start(approval)),
    );
  }

  /** One attempt, where one is due. */
  async #proceed(approval: Approval): Promise<Progress> {
    if (this.#isClosed) return {};
    const kept = await this.#prepare(approval);
    const message = kept?.value.message;
    if (kept === undefined || message === undefined || kept.value.end !== undefined) return {};
    const { clock, faults } = this.#parts;
    if (kept.value.notBeforeMs > clock.now()) return { againAtMs: kept.value.notBeforeMs };
    if (kept.value.attempts > 0 && (await this.#isFetched(approval, message))) {
      const { attempts } = kept.value;
      await this.#write(approval, kept, { ...this.#sender, attempts, notBeforeMs: 0, end: 'taken' });
      return {};
    }
    const fault = await faults.ofCallback(approval);
    if (fault?.kind === 'late') {
      const againAtMs = clock.now() + fault.ms;
      await this.#write(approval, kept, { ...kept.value, notBeforeMs: againAtMs });
      return { againAtMs };
    }
    const attempt = kept.value.attempts + 1;
    const sent = await this.#send(approval, message, fault);
    if (sent === undefined) return {};
    const next = this.#judge(kept.value, attempt, sent.outcome);
    await this.#writeAtLast(approval, kept, next);
    const againAtMs = next.end === undefined ? next.notBeforeMs : undefined;
    const event = describeAttempt({ approval, message, attempt, ...sent, againAtMs });
    return againAtMs === undefined ? { event } : { againAtMs, event };
  }

  /** Whoever has the answer need not be told again that there is one. */
  async #isFetched({ id }: Approval, { says }: Message): Promise<boolean> {
    return says === 'ping' && (await this.#parts.approvals.get(id))?.state === 'redeemed';
  }

  #judge(kept: KeptCallback, attempts: number, outcome: AttemptOutcome): KeptCallback {
    if (outcome.outcome === 'retry_later' && attempts < MOST_ATTEMPTS) {
      const pauseMs = pauseSeconds(attempts, outcome.afterSeconds) * 1000;
      return { ...kept, attempts, notBeforeMs: this.#parts.clock.now() + pauseMs };
    }
    const end = outcome.outcome === 'retry_later' ? 'given_up' : outcome.outcome;
    return { ...this.#sender, attempts, notBeforeMs: 0, end };
  }

  /** Undefined when the server stops: then nothing is known of it. */
  async #send(
    approval: Approval,
    message: Message,
    fault: CallbackFault | undefined,
  ): Promise<{ outcome: AttemptOutcome; status?: number } | undefined> {
    const { callback } = approval;
    if (callback === undefined) return undefined;
    if (fault?.kind === 'lose')
      return { outcome: { outcome: 'refused', why: `it was lost, a fault (${fault.id})` } };
    if (fault?.kind === 'answer') {
      const retryAfter = fault.retryAfterSeconds === undefined ? undefined : String(fault.retryAfterSeconds);
      return { outcome: judgeAnswer(fault.status, retryAfter), status: fault.status };
    }
    const call = {
      method: 'POST' as const,
      // CIBA Core §10.2 and §10.3.1; RFC 6750 §2.1.
      headers: { Authorization: `Bearer ${callback.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(message.body),
    };
    if (fault?.kind === 'duplicate') await this.#parts.outbound.call(callback.endpoint, call);
    const answer = await this.#parts.outbound.call(callback.endpoint, call);
    switch (answer.result) {
      case 'answered':
        return { outcome: judgeAnswer(answer.status, answer.headers['retry-after']), status: answer.status };
      case 'forbidden':
        return { outcome: { outcome: 'refused', why: answer.why } };
      case 'failed':
        return { outcome: { outcome: 'retry_later', afterSeconds: undefined, why: answer.why } };
      case 'aborted':
        return undefined;
    }
  }

  /** What is to be sent, written and allowed to leave. */
  async #prepare(approval: Approval): Promise<Versioned<KeptCallback> | undefined> {
    const { id } = approval;
    if ((await this.#kept.get(id)) === undefined) {
      const message = await this.#compose(approval);
      const made: KeptCallback = { ...this.#sender, message, attempts: 0, notBeforeMs: 0 };
      await this.#kept.insert(id, made, { expiresAt: this.#expiresAt(approval) });
    }
    const kept = await this.#takeOn(approval);
    const message = kept?.value.message;
    if (kept === undefined || message?.says !== 'tokens' || (await this.#spend(approval, message)))
      return kept;
    // They were made in time, and nobody had sent them when the time was over.
    const instead = { ...kept.value, message: this.#expired(approval) };
    await this.#write(approval, kept, instead);
    return this.#kept.get(id);
  }

  /** It is sent by whoever has written it, and by another instance only where that one is lost. Undefined where it is not ours. */
  async #takeOn(approval: Approval): Promise<Versioned<KeptCallback> | undefined> {
    for (;;) {
      const kept = await this.#kept.get(approval.id);
      const { sender } = this.#sender;
      if (kept === undefined || kept.value.sender === sender) return kept;
      if (!(await this.#parts.instances.isLost(kept.value.sender))) return undefined;
      await this.#write(approval, kept, { ...kept.value, ...this.#sender });
    }
  }

  get #sender(): Pick<KeptCallback, 'sender'> {
    const { areMany, id } = this.#parts.instances;
    return areMany ? { sender: id } : {};
  }

  /** Whether the tokens may leave: of an approved request, once, or of one that was redeemed for them before. */
  async #spend(approval: Approval, { body }: Message): Promise<boolean> {
    const { approvals, tokens } = this.#parts;
    if (tokens.areInTime(approval) && (await approvals.redeem(approval.id))) {
      await tokens.tellIssued(approval, body);
      return true;
    }
    return (await approvals.get(approval.id))?.state === 'redeemed';
  }

  async #compose(approval: Approval): Promise<Message> {
    const { authReqId, decision, state } = approval;
    const { config, faults, tokens } = this.#parts;
    if (approval.callback?.mode === 'ping') return { says: 'ping', body: { auth_req_id: authReqId } };
    if (state === 'denied') {
      const reason = config().forward_denial_reason ? decision?.reason : undefined;
      return errorMessage(
        'access_denied',
        reason ?? 'The end-user denied the authorization request',
        authReqId,
      );
    }
    if (state === 'expired' || !tokens.areInTime(approval)) return this.#expired(approval);
    if (await faults.failsTransaction(approval)) return this.#failed(approval);
    try {
      const answer = await tokens.make(approval);
      if (answer) return { says: 'tokens', body: { auth_req_id: authReqId, ...answer } };
    } catch (cause) {
      warnOfCall(approval, cause);
    }
    return this.#failed(approval);
  }

  #expired({ authReqId }: Approval): Message {
    return errorMessage('expired_token', 'The authorization request has expired', authReqId);
  }

  #failed({ authReqId }: Approval): Message {
    return errorMessage('transaction_failed', 'The transaction could not be completed', authReqId);
  }

  /** What has been sent is not sent again for a store that is away: it is waited for. */
  async #writeAtLast(approval: Approval, kept: Versioned<KeptCallback>, next: KeptCallback): Promise<void> {
    for (;;) {
      try {
        return await this.#write(approval, kept, next);
      } catch (cause) {
        if (!isOutage(cause) || this.#isClosed) throw cause;
      }
      const { promise: isTime, resolve } = Promise.withResolvers<void>();
      const { clock } = this.#parts;
      this.#alarms.set(approval.id, clock.setAlarm(clock.now() + AFTER_OUTAGE_MS, resolve));
      await isTime;
      this.#alarms.delete(approval.id);
    }
  }

  async #write(approval: Approval, { version }: Versioned<KeptCallback>, value: KeptCallback): Promise<void> {
    await this.#kept.replace(approval.id, version, value, { expiresAt: this.#expiresAt(approval) });
  }

  #expiresAt({ expiresAtMs }: Approval): number {
    const { retention, redemption_grace: grace } = this.#parts.config();
    return expiresAtMs + Math.max(retention, grace) * 1000;
  }
}

function warnOfCall(approval: Approval, cause: unknown): void {
  warnOfFailure(`calling the client of ${approval.name} back failed`, cause);
}
