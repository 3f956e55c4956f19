// Answers that a rule has promised and not given yet. Kept in the store, so that they also come after a restart.
import type { ApprovalId } from '../approvals/index.ts';
import type { Collection, Store } from '../store.ts';

/** What has to happen first. */
export type Moment = { pollsLeft: number } | { atMs: number } | { onExpiry: true };

export interface OwedAnswer {
  ruleId: string;
  moment: Moment;
  /** The instance that is about to give it. */
  giver?: string;
}

/** Whoever gives answers, as seen by the others. */
export interface Giver {
  readonly id: string;
  /** Whether nobody serves under that id any more. */
  isLost(id: string): Promise<boolean>;
}

/** One for each request at most: a request is taken by one rule. */
export class OwedAnswers {
  readonly #answers: Collection<OwedAnswer>;

  constructor(store: Store) {
    this.#answers = store.collection<OwedAnswer>('owed-answers');
  }

  /** @param expiresAtMs when nobody can want it any more */
  async owe(approvalId: ApprovalId, answer: OwedAnswer, expiresAtMs: number): Promise<void> {
    await this.#answers.insert(approvalId, answer, { expiresAt: expiresAtMs });
  }

  async of(approvalId: ApprovalId): Promise<OwedAnswer | undefined> {
    return (await this.#answers.get(approvalId))?.value;
  }

  async list(): Promise<Array<OwedAnswer & { approvalId: ApprovalId }>> {
    const all = await this.#answers.list();
    return all.map(({ id, value }) => ({ ...value, approvalId: id as ApprovalId }));
  }

  /** Counts a poll down. True once no more polls have to come. */
  async countPoll(approvalId: ApprovalId): Promise<boolean> {
    for (;;) {
      const found = await this.#answers.get(approvalId);
      if (!found || !('pollsLeft' in found.value.moment)) return false;
      const pollsLeft = found.value.moment.pollsLeft - 1;
      const next: OwedAnswer = { ...found.value, moment: { pollsLeft } };
      if (!(await this.#answers.replace(approvalId, found.version, next))) continue;
      return pollsLeft <= 0;
    }
  }

  /**
   * For whoever gives it then: one instance at a time, and another one where that is lost. It is owed until `settle`, so that
   * somebody still gives it where a crash comes in between.
   */
  async take(approvalId: ApprovalId, { id, isLost }: Giver): Promise<OwedAnswer | undefined> {
    for (;;) {
      const found = await this.#answers.get(approvalId);
      if (!found || found.value.giver === id) return found?.value;
      if (found.value.giver !== undefined && !(await isLost(found.value.giver))) return undefined;
      const taken: OwedAnswer = { ...found.value, giver: id };
      if (await this.#answers.replace(approvalId, found.version, taken)) return taken;
    }
  }

  /** It has been given, or nobody wants it any more. */
  async settle(approvalId: ApprovalId): Promise<void> {
    await this.#answers.remove(approvalId);
  }
}
