// People who answer by rule. Whoever opens a request has it looked at here; whoever answers a poll says so; the clock does the
// rest. What comes of it goes through `approvals.decide` like everybody's answer, so a person who is faster wins.
import type { Approval, ApprovalId, Approvals } from '../approvals/index.ts';
import type { Clock } from '../clock.ts';
import type { AuthorizationDetailTypeConfig, NewTraceEvent } from '../contract/index.ts';
import { draw } from '../draw.ts';
import { AFTER_OUTAGE_MS, isOutage, type Store } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import { isMeant } from './conditions.ts';
import { type Giver, type Moment, OwedAnswers } from './owed-answers.ts';
import type { RuleBook } from './rule-book.ts';
import type { IdentifiedRule } from './rule-ids.ts';
import { describeRule } from './rule-text.ts';

/** An answer is forgotten with the request that it is for, or soon after. */
const GRACE_MS = 86_400_000;

export interface ScriptedPeopleParts {
  book: RuleBook;
  approvals: Approvals;
  store: Store;
  clock: Clock;
  /** This instance. */
  giver: Giver;
  /** What `probability` draws from. */
  seed(): string;
  /** Types of authorization details of an API. */
  typesOf(audience: string): readonly AuthorizationDetailTypeConfig[];
  record(event: NewTraceEvent): void;
}

export class ScriptedPeople {
  readonly #parts: ScriptedPeopleParts;
  readonly #owed: OwedAnswers;
  readonly #alarms = new Map<ApprovalId, () => void>();
  /** Answers that are being given here, or are made to wait for the end of their request. */
  readonly #giving = new Set<ApprovalId>();
  /** What nobody waits for; `close` does. */
  readonly #underway = new Set<Promise<void>>();
  readonly #stopWatching: () => void;
  #closed = false;

  constructor(parts: ScriptedPeopleParts) {
    this.#parts = parts;
    this.#owed = new OwedAnswers(parts.store);
    this.#stopWatching = parts.approvals.watch((approval, changedAt) =>
      approval.state === 'pending' || changedAt === 'elsewhere'
        ? undefined
        : this.#follow(approval, this.#end(approval)),
    );
  }

  /**
   * Shows a new request to the rules; the first that matches takes it. Resolves once an answer without delay is there, so
   * that the client's first poll gets it.
   */
  async meet(approval: Approval): Promise<void> {
    const rule = await this.#choose(approval);
    if (!rule) return;
    this.#parts.record({
      type: 'rule.fired',
      approval: approval.id,
      name: approval.name,
      rule: rule.id,
      says: describeRule(rule),
    });
    if (rule.answer === 'nothing') return;
    const moment = momentOf(rule, approval);
    if (moment === undefined)
      return this.#unlessHeld(approval, (onHeld) => this.#answer(rule, approval, onHeld));
    const lastMs = Math.max(approval.expiresAtMs, 'atMs' in moment ? moment.atMs : 0);
    await this.#owed.owe(approval.id, { ruleId: rule.id, moment }, lastMs + GRACE_MS);
    if ('atMs' in moment) this.#setAlarm(approval, moment.atMs);
  }

  /**
   * A poll of this request is told that nobody has answered yet, or begins to wait. Resolves once an answer that waited for
   * this poll is there, so that the next poll gets it, or the one that waits.
   */
  async polled(approval: Approval): Promise<void> {
    if (await this.#owed.countPoll(approval.id)) await this.#giveOrLater(approval);
  }

  /**
   * Rules have changed: with those that are gone goes what they still owe, and how often they have fired. One that says the
   * same later has the same id, and is none the less another rule.
   */
  async forgetLost(): Promise<void> {
    const { book } = this.#parts;
    for (const { approvalId, ruleId } of await this.#owed.list()) {
      if (book.find(ruleId)) continue;
      this.#stopAlarm(approvalId);
      await this.#owed.settle(approvalId);
    }
    await book.forgetLost();
  }

  /**
   * Goes on where an earlier process stopped. Called when everybody who is told of a decision is there, and again where another
   * instance is lost, or the clock is put forward for all of them: an answer is given once, whoever has an alarm for it.
   */
  async resume(): Promise<void> {
    for (const { approvalId, moment } of await this.#owed.list()) {
      const approval = await this.#parts.approvals.get(approvalId);
      if (!approval) {
        await this.#owed.settle(approvalId);
        continue;
      }
      if (approval.state !== 'pending') await this.#end(approval);
      if ('pollsLeft' in moment && moment.pollsLeft <= 0) await this.#give(approval);
      if (!('atMs' in moment)) continue;
      if (moment.atMs <= this.#parts.clock.now()) await this.#give(approval);
      else if (await this.#owed.of(approvalId)) this.#setAlarm(approval, moment.atMs);
    }
  }

  /** No answer is on its way any more once this has resolved. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching();
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
    await Promise.all(this.#underway);
  }

  async #choose(approval: Approval): Promise<IdentifiedRule | undefined> {
    const { book, seed, typesOf } = this.#parts;
    const types = approval.audience === undefined ? [] : typesOf(approval.audience);
    for (const rule of book.current()) {
      if (!isMeant(rule, approval, types)) continue;
      const isDrawn =
        rule.probability === undefined || draw(seed(), rule.id, approval.name) < rule.probability;
      if (isDrawn && (await book.take(rule))) return rule;
    }
    return undefined;
  }

  /** Gives the answer that is owed to this request, once. Resolves as `#unlessHeld` does. */
  async #give(approval: Approval): Promise<void> {
    if (this.#giving.has(approval.id)) return;
    this.#giving.add(approval.id);
    const give = (onHeld: () => void): Promise<void> =>
      this.#giveOwed(approval, onHeld).finally(() => this.#giving.delete(approval.id));
    await this.#unlessHeld(approval, give);
  }

  /** None where its rule has been removed, nor where it was given before a crash that came before that was written down. */
  async #giveOwed({ id }: Approval, onHeld: () => void): Promise<void> {
    const { approvals, book, giver } = this.#parts;
    const owed = await this.#owed.take(id, giver);
    if (!owed) return;
    const rule = book.find(owed.ruleId);
    const approval = await approvals.get(id);
    if (rule && approval && approval.decision?.rule !== rule.id) await this.#answer(rule, approval, onHeld);
    await this.#owed.settle(id);
  }

  async #giveOrLater(approval: Approval): Promise<void> {
    try {
      await this.#give(approval);
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      this.#setAlarm(approval, this.#parts.clock.now() + AFTER_OUTAGE_MS);
    }
  }

  async #answer(rule: IdentifiedRule, { id, userId }: Approval, onHeld: () => void): Promise<void> {
    const { approvals } = this.#parts;
    if (rule.answer === 'expire') return void (await approvals.expire(id, rule.id));
    await approvals.decide({
      id,
      outcome: rule.answer === 'approve' ? 'approved' : 'denied',
      by: userId,
      from: 'rule',
      rule: rule.id,
      ...(rule.reason === undefined ? {} : { reason: rule.reason }),
      onHeld,
    });
  }

  /** Resolves once the answer is there, or is made to wait for the end of its request; then nobody waits for it here. */
  async #unlessHeld(approval: Approval, give: (onHeld: () => void) => Promise<void>): Promise<void> {
    const { promise: isHeld, resolve: onHeld } = Promise.withResolvers<void>();
    const giving = give(onHeld);
    await Promise.race([giving, isHeld.then(() => void this.#follow(approval, giving))]);
  }

  /** The request has ended: what was to come before its end does not come any more, and what was to come after it does. */
  async #end(approval: Approval): Promise<void> {
    const owed = await this.#owed.of(approval.id);
    if (!owed) return;
    const { moment } = owed;
    if (approval.state === 'expired') {
      if ('onExpiry' in moment) return this.#giveOrLater(approval);
      // It will come too late, and the trace will tell.
      if ('atMs' in moment && moment.atMs >= approval.expiresAtMs) return;
    }
    this.#stopAlarm(approval.id);
    await this.#owed.settle(approval.id);
  }

  #setAlarm(approval: Approval, atMs: number): void {
    if (this.#closed) return;
    this.#stopAlarm(approval.id);
    const ring = (): Promise<void> => {
      this.#alarms.delete(approval.id);
      return this.#follow(approval, this.#giveOrLater(approval));
    };
    this.#alarms.set(approval.id, this.#parts.clock.setAlarm(atMs, ring));
  }

  #stopAlarm(id: ApprovalId): void {
    this.#alarms.get(id)?.();
    this.#alarms.delete(id);
  }

  /** Never rejects: nobody waits for it who could do anything about it. */
  #follow({ name }: Approval, answering: Promise<unknown>): Promise<void> {
    const followed = answering
      .then(() => undefined)
      .catch((cause: unknown) => {
        if (!this.#closed) warnOfFailure(`the scripted answer to ${name} failed`, cause);
      })
      .finally(() => this.#underway.delete(followed));
    this.#underway.add(followed);
    return followed;
  }
}

/** When the answer is due; undefined for at once. */
function momentOf(rule: IdentifiedRule, { requestedAtMs }: Approval): Moment | undefined {
  if (rule.after_polls !== undefined) return { pollsLeft: rule.after_polls };
  if (rule.after_seconds !== undefined) return { atMs: requestedAtMs + rule.after_seconds * 1000 };
  return rule.late ? { onExpiry: true } : undefined;
}
