// The heart: opens requests, waits for them, lets exactly one decision and one redemption through, ends them in time.
// Everybody who decides (app, command line, control API, rules) comes through `decide`; everybody who redeems through `redeem`.
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import { type Collection, isOutage } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { type Approval, type ApprovalId, isUnsettled } from './approval.ts';
import { tellReceived, tellSettled } from './approval-events.ts';
import { ApprovalReader } from './approval-reader.ts';
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
import { Decisions } from './decisions.ts';
import { Expiries } from './expiries.ts';
import { ExpiryAlarms } from './expiry-alarms.ts';
import { ExpiryRace } from './expiry-race.ts';
import { LateWrites, type Lookout } from './late-writes.ts';
import { Redemptions } from './redemptions.ts';
import { RequestNumbers } from './request-numbers.ts';
import { Settling } from './settling.ts';
import type { StepParts } from './step-parts.ts';

export class Approvals {
  readonly #approvals: Collection<Approval>;
  readonly #idsByAuthReqId: Collection<{ id: string }>;
  readonly #numbers: RequestNumbers;
  readonly #reader: ApprovalReader;
  readonly #clock: Clock;
  readonly #waitClock: Clock;
  readonly #ids: Ids;
  readonly #ports: ApprovalPorts;
  readonly #retentionMs: () => number;
  readonly #alarms: ExpiryAlarms;
  readonly #changes: Changes;
  readonly #race: ExpiryRace;
  readonly #settling: Settling;
  readonly #late: LateWrites;
  readonly #decisions: Decisions;
  readonly #expiries: Expiries;
  readonly #redemptions: Redemptions;
  readonly #others: OtherInstances | undefined;
  /** Taken over, perhaps: the store went away meanwhile. */
  readonly #claimsInDoubt = new Set<ApprovalId>();
  #hasResumed = false;
  #closed = false;

  constructor(options: ApprovalsOptions) {
    this.#approvals = options.store.collection<Approval>('approvals');
    this.#idsByAuthReqId = options.store.collection<{ id: string }>('approval-ids-by-auth-req-id');
    this.#numbers = new RequestNumbers(options.store);
    this.#clock = options.clock;
    this.#reader = new ApprovalReader(options.store, options.clock, this.#numbers);
    this.#waitClock = options.waitClock ?? options.clock;
    this.#changes = new Changes(this.#waitClock);
    this.#late = new LateWrites(this.#waitClock);
    this.#alarms = new ExpiryAlarms(options.clock, this.#waitClock, ({ id }) => this.expire(id));
    const parts: StepParts = {
      approvals: this.#approvals,
      clock: options.clock,
      alarms: this.#alarms,
      late: this.#late,
      record: (event) => options.ports.record(event),
      tell: (approval) => this.#tell(approval),
      nameAttempt: () => options.ids.make('att_', 22),
      asMine: () => this.#asMine(),
    };
    this.#settling = new Settling({
      ...parts,
      waitClock: this.#waitClock,
      settle: (approval) => options.ports.settle(approval),
      tell: (settled) => this.#tellSettled(settled),
    });
    this.#decisions = new Decisions({
      ...parts,
      settling: this.#settling,
      needsSettling: options.ports.needsSettling,
      tellSettled: (settled) => this.#tellSettled(settled),
      asOfNow: (approval) => this.#reader.asOfNow(approval),
    });
    this.#expiries = new Expiries(parts);
    this.#redemptions = new Redemptions({
      ...parts,
      idsByAuthReqId: this.#idsByAuthReqId,
      graceMs: options.redemptionGraceMs,
    });
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
    // Last, so that where a write fails nobody is asked on behalf of a client that knows of no request.
    await this.#idsByAuthReqId.insert(approval.authReqId, { id: approval.id }, { expiresAt });
    await this.#late.watch(
      approval,
      () => this.#approvals.insert(approval.id, approval, { expiresAt }),
      this.#endingUnknown(approval, request),
    );
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
      if (isFirst && approval.state === 'redeemed') await this.#redemptions.remember(approval);
      try {
        await this.#resumeOne(approval, isFirst);
      } catch (cause) {
        // Then all of them wait for the store, and whoever called begins anew.
        if (isOutage(cause)) throw cause;
        // The tenant file may have changed. One request that no longer fits must not keep the server from starting.
        warnOfFailure(`${approval.name} could not be taken up again`, cause);
      }
    }
  }

  get(id: string): Promise<Approval | undefined> {
    return this.#reader.get(id);
  }

  findByAuthReqId(authReqId: string): Promise<Approval | undefined> {
    return this.#reader.findByAuthReqId(authReqId);
  }

  findByConsentId(consentId: string): Promise<Approval | undefined> {
    return this.#reader.findByConsentId(consentId);
  }

  /** By id, short name, auth_req_id, or `latest`. */
  find(ref: string): Promise<Approval | undefined> {
    return this.#reader.find(ref);
  }

  /** Newest first. */
  list(filter?: ApprovalFilter): Promise<Approval[]> {
    return this.#reader.list(filter);
  }

  /** The same, read as far as the caller goes on. @param before an id; default: from the newest one on */
  newestFirst(filter?: ApprovalFilter, before?: string): AsyncGenerator<Approval> {
    return this.#reader.newestFirst(filter, before);
  }

  /** The oldest pending request that matches; waits for one. Undefined when the time is over. */
  async next(wait: WaitRequest): Promise<Approval | undefined> {
    const deadlineMs = this.#waitClock.now() + wait.timeoutMs;
    for (;;) {
      // Waiting begins before the list is read: what is opened in between wakes it.
      const change = this.#changes.await(deadlineMs, wait.signal);
      const oldest = await this.#reader.oldestPending(wait, wait.afterNumber);
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
    if (asked?.state !== 'pending') return this.#decisions.judge(answer);
    await this.#ports.beforeDecision?.(asked, request);
    return this.#race.run(asked, (countsAtMs) => this.#decisions.judge(answer, countsAtMs), onHeld);
  }

  /**
   * Ends a pending request now, whatever time it had left. Undefined if it does not exist.
   *
   * @param rule id of the rule that ends it, if one does
   */
  expire(id: string, rule?: string): Promise<Approval | undefined> {
    return this.#expiries.expire(id, rule);
  }

  /** Whether an approved request can still become tokens. */
  isRedeemable(approval: Approval): boolean {
    return this.#redemptions.isPossible(approval);
  }

  /** Spends an approved request. True for exactly one caller, ever. */
  redeem(id: ApprovalId): Promise<boolean> {
    return this.#redemptions.redeem(id);
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
    this.#settling.close();
    this.#late.close();
    this.#race.close();
    this.#changes.close();
  }

  /** It was written late, and its client was told to ask again: nobody may be asked on behalf of whoever knows of no request. */
  #endingUnknown({ id }: Approval, request: OpenRequest): Lookout {
    let isTold = false;
    const look = async (): Promise<void> => {
      const late = (await this.#approvals.get(id))?.value;
      if (late?.state !== 'pending') return;
      if (!isTold) this.#ports.record(tellReceived(late, request));
      isTold = true;
      await this.expire(id);
    };
    return { look };
  }

  #refuseOnceClosed(): void {
    if (this.#closed) throw new Error('a request came after the tenant was closed');
  }

  #tellSettled(approval: Approval): Promise<void> {
    this.#ports.record(tellSettled(approval));
    return this.#tell(approval);
  }

  async #resumeOne(listed: Approval, isFirst: boolean): Promise<void> {
    const isNobodys =
      this.#claimsInDoubt.has(listed.id) || ((await this.#others?.isLost(listed.instance)) ?? true);
    if (isUnsettled(listed)) return isNobodys ? void (await this.#settling.settle(listed)) : undefined;
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
    this.#claimsInDoubt.delete(id);
    if (found?.value.state !== 'pending' || found.value.instance !== instance) return false;
    const mine: Approval = { ...found.value, ...this.#asMine() };
    const claiming = this.#approvals.replace(id, found.version, mine);
    // Whoever called tries again, and by then it may be this one's, with nobody who tells of it.
    return claiming.catch((cause: unknown) => {
      if (isOutage(cause)) this.#claimsInDoubt.add(id);
      throw cause;
    });
  }

  /**
   * Sets the alarms of all requests that wait, also of those that others took: whoever puts the clock forward has everything fall due
   * here, in order. Who else has an alarm finds that it is done.
   */
  async setAllAlarms(): Promise<void> {
    for (const { value: approval } of await this.#approvals.list()) {
      if (approval.state === 'pending' && !this.#closed && !this.#alarms.has(approval.id))
        this.#alarms.set(approval, { isOfOthers: approval.instance !== this.#others?.id });
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
      if (!this.#closed) warnOfFailure('a change elsewhere could not be read', cause);
    }
  }
}
