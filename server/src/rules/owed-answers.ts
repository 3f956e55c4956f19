// Answers that a rule has promised and not given yet. Kept in the store, so that they also come after a restart.
import type { ApprovalId } from '../approvals/index.ts';
import type { Collection, Store } from '../store.ts';

/** What has to happen first. */
export type Moment = { pollsLeft: number } | { atMs: number } | { onExpiry: true };

export interface OwedAnswer {
  ruleId: string;
  moment: Moment;
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

  /** Counts a poll down. True for exactly one caller: the one whose poll was the last that had to come. */
  async countPoll(approvalId: ApprovalId): Promise<boolean> {
    for (;;) {
      const found = await this.#answers.get(approvalId);
      if (!found || !('pollsLeft' in found.value.moment)) return false;
      const pollsLeft = found.value.moment.pollsLeft - 1;
      const next: OwedAnswer = { ...found.value, moment: { pollsLeft } };
      if (!(await this.#answers.replace(approvalId, found.version, next))) continue;
      return pollsLeft === 0;
    }
  }

  /** True for exactly one caller, who then gives the answer or lets it be. */
  settle(approvalId: ApprovalId): Promise<boolean> {
    return this.#answers.remove(approvalId);
  }
}
