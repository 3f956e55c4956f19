// The heart: opens requests, waits for them, lets exactly one decision and one redemption through, ends them in time.
// Everybody who decides (app, command line, control API, rules) comes through `decide`; everybody who redeems through `redeem`.
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { Collection } from '../store.ts';
import {
  type Approval,
  type ApprovalId,
  decideApproval,
  isRedeemable,
  isUnsettled,
  redeemApproval,
  stateAt,
} from './approval.ts';
import { tellDecision, tellExpiry, tellReceived, tellRefusal, tellSettled } from './approval-events.ts';
import type {
  ApprovalFilter,
  ApprovalPorts,
  ApprovalsOptions,
  DecideRequest,
  DecideResult,
  OpenRequest,
  OtherInstances,
  WaitRequest,
} from './approvals-ports.ts';
import { type ApprovalWatcher, Changes } from './changes.ts';
import { hashConsent } from './consent-view.ts';
import { ExpiryAlarms } from './expiry-alarms.ts';
import { ExpiryRace } from './expiry-race.ts';
import { RedeemedRequests } from './redeemed-requests.ts';
import { RequestNumbers } from './request-numbers.ts';

/** The number in a short name: 7 for `r7`. */
export function numberOf(approval: Pick<Approval, 'name'>): number {
  return Number(approval.name.slice(1));
}

/** How `find` was asked, for a message: an auth_req_id is the client's secret, so it is not repeated. */
export function quoteReference(ref: string): string {
  return /^(r\d+|latest|apr_\w{22})$/.test(ref) ? ` "${ref}"` : '';
}

export class Approvals {
  readonly #approvals: Collection<Approval>;
  readonly #idsByAuthReqId: Collection<{ id: string }>;
  readonly #numbers: RequestNumbers;
  readonly #clock: Clock;
  readonly #waitClock: Clock;
  readonly #ids: Ids;
  readonly #ports: ApprovalPorts;
  readonly #retentionMs: () => number;
  readonly #redemptionGraceMs: () => number;
  readonly #alarms: ExpiryAlarms;
  readonly #changes: Changes;
  readonly #race: ExpiryRace;
  readonly #others: OtherInstances | undefined;
  #hasResumed = false;
  readonly #redeemed = new RedeemedRequests();
  #closed = false;

  constructor(options: ApprovalsOptions) {
    this.#approvals = options.store.collection<Approval>('approvals');
    this.#idsByAuthReqId = options.store.collection<{ id: string }>('approval-ids-by-auth-req-id');
    this.#numbers = new RequestNumbers(options.store);
    this.#clock = options.clock;
    this.#waitClock = options.waitClock ?? options.clock;
    this.#changes = new Changes(this.#waitClock);
    this.#alarms = new ExpiryAlarms(options.clock, ({ id }) => this.expire(id));
    this.#race = new ExpiryRace({
      clock: options.clock,
      alarms: this.#alarms,
      winnerOf: async (approval) => options.ports.winnerOf?.(approval),
      expire: (id) => this.expire(id),
    });
    this.#ids = options.ids;
    this.#others = options.others;
    this.#others?.hear((id) => void this.#changedElsewhere(id));
    this.#ports = options.ports;
    this.#redemptionGraceMs = options.redemptionGraceMs;
    this.#retentionMs = () => Math.max(options.retentionMs(), options.redemptionGraceMs());
  }

  /** Starts the clock of a new request and has it announced. */
  async open(request: OpenRequest): Promise<Approval> {
    const { expiresInSeconds, intervalSeconds: _interval, exchange: _exchange, ...asked } = request;
    this.#refuseOnceClosed();
    const nowMs = this.#clock.now();
    const approval: Approval = {
      ...asked,
      id: this.#ids.make('apr_', 22) as ApprovalId,
      name: `r${await this.#numbers.next()}`,
      state: 'pending',
      consentHash: hashConsent(asked),
      consentId: this.#ids.make('cns_', 22),
      requestedAtMs: nowMs,
      expiresAtMs: nowMs + expiresInSeconds * 1000,
      ...this.#asMine(),
    };
    const expiresAt = approval.expiresAtMs + this.#retentionMs();
    await this.#approvals.insert(approval.id, approval, { expiresAt });
    await this.#idsByAuthReqId.insert(approval.authReqId, { id: approval.id }, { expiresAt });
    // The end may have come meanwhile; an alarm set now would outlive it.
    this.#refuseOnceClosed();
    this.#alarms.set(approval);
    this.#ports.record(tellReceived(approval, request));
    // First, so that whoever is told of the request can ask whether it may be shown yet.
    this.#ports.announce(approval);
    const telling = this.#tell(approval);
    // What waits for the next request, whichever instance takes that, has found it before the client is answered.
    if (this.#others?.id !== undefined) await telling;
    return approval;
  }

  /**
   * Goes on where an earlier process stopped: requests whose time ended meanwhile expire now, those that still wait are
   * announced again, and a decision that nobody could settle is settled. Called when everybody who is told is there, and again
   * where another instance is lost.
   */
  async resume(): Promise<void> {
    const isFirst = !this.#hasResumed;
    this.#hasResumed = true;
    for (const { value: approval } of await this.#approvals.list()) {
      try {
        await this.#resumeOne(approval, isFirst);
      } catch (cause) {
        // The tenant file may have changed. One request that no longer fits must not keep the server from starting.
        process.emitWarning(`${approval.name} could not be taken up again: ${String(cause)}`);
      }
    }
  }

  async get(id: string): Promise<Approval | undefined> {
    const found = await this.#approvals.get(id);
    return found && this.#asOfNow(found.value);
  }

  async findByAuthReqId(authReqId: string): Promise<Approval | undefined> {
    const found = await this.#idsByAuthReqId.get(authReqId);
    return found && this.get(found.value.id);
  }

  async findByConsentId(consentId: string): Promise<Approval | undefined> {
    const [found] = await this.#approvals.findBy('consentId', consentId);
    return found && this.#asOfNow(found.value);
  }

  /** By id, short name, auth_req_id, or `latest`. */
  async find(ref: string): Promise<Approval | undefined> {
    if (ref === 'latest') {
      const last = await this.find(`r${await this.#numbers.last()}`);
      // Its number may have been given before it is there.
      return last ?? (await this.list()).at(0);
    }
    if (/^r\d+$/.test(ref)) {
      const [found] = await this.#approvals.findBy('name', ref);
      return found && this.#asOfNow(found.value);
    }
    return (await this.get(ref)) ?? (await this.findByAuthReqId(ref));
  }

  /** Newest first. */
  async list(filter: ApprovalFilter = {}): Promise<Approval[]> {
    const { state, userId, clientId } = filter;
    const all =
      state !== undefined
        ? await this.#approvals.findBy('state', state)
        : userId !== undefined
          ? await this.#approvals.findBy('userId', userId)
          : await this.#approvals.list();
    return all
      .map((found) => this.#asOfNow(found.value))
      .filter((a) => state === undefined || a.state === state)
      .filter((a) => userId === undefined || a.userId === userId)
      .filter((a) => clientId === undefined || a.clientId === clientId)
      .sort((a, b) => numberOf(b) - numberOf(a));
  }

  /** The oldest pending request that matches; waits for one. Undefined when the time is over. */
  async next(wait: WaitRequest): Promise<Approval | undefined> {
    const deadlineMs = this.#waitClock.now() + wait.timeoutMs;
    for (;;) {
      // Waiting begins before the list is read: what is opened in between wakes it.
      const change = this.#changes.await(deadlineMs, wait.signal);
      const pending = await this.list({ ...wait, state: 'pending' });
      const matching = pending.filter((a) => numberOf(a) > (wait.afterNumber ?? 0));
      const oldest = matching.at(-1);
      if (oldest || this.#closed || wait.signal?.aborted || this.#waitClock.now() >= deadlineMs) {
        change.cancel();
        return oldest;
      }
      await change.happened;
    }
  }

  /**
   * The one place where a request is answered. The first decision stands; later ones are told what it was.
   * Resolves after the authorization server has learnt of it, so the client's next poll has the answer.
   */
  async decide(request: DecideRequest): Promise<DecideResult> {
    const { onHeld, ...answer } = request;
    const asked = await this.get(answer.id);
    if (asked?.state !== 'pending') return this.#judge(answer);
    await this.#ports.beforeDecision?.(asked, request);
    return this.#race.run(asked, (countsAtMs) => this.#judge(answer, countsAtMs), onHeld);
  }

  async #judge(request: Omit<DecideRequest, 'onHeld'>, countsAtMs?: number): Promise<DecideResult> {
    const { id, consentHash, told, ...answer } = request;
    for (;;) {
      const found = await this.#approvals.get(id);
      if (!found) return { result: 'not_found' };
      const attempt = decideApproval(
        found.value,
        { ...answer, atMs: countsAtMs ?? this.#clock.now() },
        consentHash,
      );
      if ('refusal' in attempt) {
        // The race was over its end; without an answer it comes now.
        if (countsAtMs !== undefined && found.value.state === 'pending') this.#alarms.set(found.value);
        const approval = this.#asOfNow(await this.#finishSettling(found.value));
        this.#ports.record(tellRefusal(approval, attempt.refusal, answer));
        return { result: attempt.refusal, approval };
      }
      // Somebody wrote in between: read again, and most likely be told that it is decided.
      const decided: Approval = { ...attempt.approval, ...this.#asMine() };
      if (!(await this.#approvals.replace(id, found.version, decided))) continue;
      this.#alarms.stop(id);
      this.#ports.record(tellDecision(decided, answer, told));
      const settled = await this.#settle(decided);
      await this.#tell(settled);
      return { result: 'decided', approval: settled };
    }
  }

  /**
   * Ends a pending request now, whatever time it had left. Undefined if it does not exist.
   *
   * @param rule id of the rule that ends it, if one does
   */
  async expire(id: string, rule?: string): Promise<Approval | undefined> {
    for (;;) {
      const found = await this.#approvals.get(id);
      if (!found) return undefined;
      if (found.value.state !== 'pending') return found.value;
      const expired: Approval = {
        ...found.value,
        state: 'expired',
        expiresAtMs: Math.min(found.value.expiresAtMs, this.#clock.now()),
        ...this.#asMine(),
      };
      if (!(await this.#approvals.replace(id, found.version, expired))) continue;
      this.#alarms.stop(expired.id);
      this.#ports.record(tellExpiry(expired, rule));
      await this.#tell(expired);
      return expired;
    }
  }

  /** Whether an approved request can still become tokens. */
  isRedeemable(approval: Approval): boolean {
    return isRedeemable(approval, this.#clock.now(), this.#redemptionGraceMs());
  }

  /** Spends an approved request. True for exactly one caller, ever. */
  async redeem(id: ApprovalId): Promise<boolean> {
    for (;;) {
      const found = await this.#approvals.get(id);
      const redeemed = found && redeemApproval(found.value, this.#clock.now(), this.#redemptionGraceMs());
      if (!redeemed) return false;
      if (await this.#approvals.replace(id, found.version, redeemed)) {
        await this.#tell(redeemed);
        await this.#forget(this.#redeemed.add(redeemed));
        return true;
      }
    }
  }

  /** How many requests of this process wait for an answer. */
  get pendingCount(): number {
    return this.#alarms.count;
  }

  /** Calls `watcher` whenever a request appears or changes, at whichever instance. The returned function stops that. */
  watch(watcher: ApprovalWatcher): () => void {
    return this.#changes.watch(watcher);
  }

  /** Cancels every alarm and lets every waiter go empty-handed. */
  close(): void {
    this.#closed = true;
    this.#alarms.close();
    this.#race.close();
    this.#changes.close();
  }

  async #forget(request: Pick<Approval, 'id' | 'authReqId'> | undefined): Promise<void> {
    if (!request) return;
    await this.#idsByAuthReqId.remove(request.authReqId);
    await this.#approvals.remove(request.id);
  }

  #refuseOnceClosed(): void {
    if (this.#closed) throw new Error('a request came after the tenant was closed');
  }

  async #settle(approval: Approval): Promise<Approval> {
    await this.#ports.settle(approval);
    for (;;) {
      const found = await this.#approvals.get(approval.id);
      if (!found) return approval;
      const settled: Approval = { ...found.value, settledAtMs: this.#clock.now() };
      if (!(await this.#approvals.replace(approval.id, found.version, settled))) continue;
      this.#ports.record(tellSettled(approval));
      return settled;
    }
  }

  /** A decision whose settling broke off is settled by whoever comes next. */
  async #finishSettling(approval: Approval): Promise<Approval> {
    return isUnsettled(approval) ? this.#settle(approval) : approval;
  }

  async #resumeOne(listed: Approval, isFirst: boolean): Promise<void> {
    const isNobodys = (await this.#others?.isLost(listed.instance)) ?? true;
    if (isUnsettled(listed)) return isNobodys ? this.#tell(await this.#settle(listed)) : undefined;
    if (listed.state !== 'pending') return;
    // Somebody may have answered since the list was read.
    const approval = await this.get(listed.id);
    if (approval?.state === 'expired') await this.expire(approval.id);
    if (this.#closed || approval?.state !== 'pending') return;
    if (!isNobodys) return isFirst ? this.#changes.tell(approval, 'elsewhere') : undefined;
    if (!(await this.#claim(approval))) return;
    this.#alarms.set(approval);
    this.#ports.announce(approval);
  }

  /** Of several instances that take a request over, one tells of it. */
  async #claim({ id, instance }: Approval): Promise<boolean> {
    if (this.#others?.id === undefined) return true;
    const found = await this.#approvals.get(id);
    if (found?.value.state !== 'pending' || found.value.instance !== instance) return false;
    return this.#approvals.replace(id, found.version, { ...found.value, ...this.#asMine() });
  }

  /**
   * Sets the alarms of all requests that wait, also of those that others took: whoever puts the clock forward has everything fall due
   * here, in order. Who else has an alarm finds that it is done.
   */
  async setAllAlarms(): Promise<void> {
    for (const { value: approval } of await this.#approvals.list()) {
      if (approval.state === 'pending' && !this.#closed && !this.#alarms.has(approval.id))
        this.#alarms.set(approval);
    }
  }

  #asMine(): Pick<Approval, 'instance'> {
    const id = this.#others?.id;
    return id === undefined ? {} : { instance: id };
  }

  /** Everybody here has been told when this returns. */
  #tell(approval: Approval): Promise<void> {
    const told = this.#changes.tell(approval);
    this.#others?.tell(approval.id);
    return told;
  }

  /** What the store has is told: messages may come in another order than the changes that they tell of. */
  async #changedElsewhere(id: ApprovalId): Promise<void> {
    try {
      const approval = await this.get(id);
      if (!approval || this.#closed) return;
      if (approval.state !== 'pending') this.#alarms.stop(id);
      await this.#changes.tell(approval, 'elsewhere');
    } catch (cause) {
      // Whoever waits asks again when its time is over.
      if (!this.#closed) process.emitWarning(`a change elsewhere could not be read: ${String(cause)}`);
    }
  }

  #asOfNow(approval: Approval): Approval {
    return { ...approval, state: stateAt(approval, this.#clock.now()) };
  }
}
