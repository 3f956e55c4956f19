// Finds requests, each as it is at this instant: one whose time is over reads as expired, whatever was written of it.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Collection, Store } from '../store.ts';
import { type Approval, stateAt } from './approval.ts';
import type { ApprovalFilter } from './approvals-ports.ts';
import type { RequestNumbers } from './request-numbers.ts';

/** The number in a short name: 7 for `r7`. */
export function numberOf(approval: Pick<Approval, 'name'>): number {
  return Number(approval.name.slice(1));
}

/** How `find` was asked, for a message: an auth_req_id is the client's secret, so it is not repeated. */
export function quoteReference(ref: string): string {
  return /^(r\d+|latest|apr_\w{22})$/.test(ref) ? ` "${ref}"` : '';
}

/** Enough for most who ask. */
const FIRST_PORTION = 50;
const LATER_PORTION = 200;
/** A number is given before its request is there, so that of two at once the later one may come first. */
const MOST_OVERTAKEN = 100;

export class ApprovalReader {
  readonly #approvals: Collection<Approval>;
  readonly #idsByAuthReqId: Collection<{ id: string }>;
  readonly #numbers: RequestNumbers;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock, numbers: RequestNumbers) {
    this.#approvals = store.collection<Approval>('approvals');
    this.#idsByAuthReqId = store.collection<{ id: string }>('approval-ids-by-auth-req-id');
    this.#numbers = numbers;
    this.#clock = clock;
  }

  async get(id: string): Promise<Approval | undefined> {
    const found = await this.#approvals.get(id);
    return found && this.asOfNow(found.value);
  }

  async findByAuthReqId(authReqId: string): Promise<Approval | undefined> {
    const found = await this.#idsByAuthReqId.get(authReqId);
    return found && this.get(found.value.id);
  }

  async findByConsentId(consentId: string): Promise<Approval | undefined> {
    const [found] = await this.#approvals.findBy('consentId', consentId);
    return found && this.asOfNow(found.value);
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
      return found && this.asOfNow(found.value);
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
      .map((found) => this.asOfNow(found.value))
      .filter((a) => state === undefined || a.state === state)
      .filter((a) => userId === undefined || a.userId === userId)
      .filter((a) => clientId === undefined || a.clientId === clientId)
      .sort((a, b) => numberOf(b) - numberOf(a));
  }

  /** The same, some at a time and others in between, so that nobody reads more than is wanted. @param before an id; default: all */
  async *newestFirst(filter: ApprovalFilter = {}, before?: string): AsyncGenerator<Approval> {
    const { state, userId, clientId } = filter;
    const where =
      state !== undefined
        ? (['state', state] as const)
        : userId !== undefined
          ? (['userId', userId] as const)
          : undefined;
    let order = before === undefined ? undefined : await this.#approvals.orderOf(before);
    for (let most = FIRST_PORTION; ; most = LATER_PORTION) {
      const portion = await this.#approvals.newest({ most, before: order, where });
      for (const { value } of portion) {
        const approval = this.asOfNow(value);
        if (state !== undefined && approval.state !== state) continue;
        if (userId !== undefined && approval.userId !== userId) continue;
        if (clientId === undefined || approval.clientId === clientId) yield approval;
      }
      if (portion.length < most) return;
      order = portion.at(-1)?.order;
      await setImmediate();
    }
  }

  /** Of those that were opened after the one of that number. Whoever knows of most reads those alone that came since. */
  async oldestPending(filter: ApprovalFilter, afterNumber = 0): Promise<Approval | undefined> {
    let oldest: Approval | undefined;
    for await (const approval of this.newestFirst({ ...filter, state: 'pending' })) {
      const number = numberOf(approval);
      if (number <= afterNumber - MOST_OVERTAKEN) break;
      if (number > afterNumber && (!oldest || number < numberOf(oldest))) oldest = approval;
    }
    return oldest;
  }

  asOfNow(approval: Approval): Approval {
    const state = stateAt(approval, this.#clock.now());
    return state === approval.state ? approval : { ...approval, state };
  }
}
