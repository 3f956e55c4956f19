// The requests that a page knows of. What arrives may be older than what is known: states only move forward, and a request that
// was opened since a list was written is not missing from it.
import type { ApprovalView } from 'assent/contract';

/** An older view that arrives late must not bring a decided request back. */
const PROGRESS: Record<ApprovalView['state'], number> = {
  pending: 0,
  approved: 1,
  denied: 1,
  expired: 1,
  redeemed: 2,
};

export class KnownApprovals {
  readonly #byId = new Map<string, ApprovalView>();

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  take(views: readonly ApprovalView[]): void {
    for (const view of views) {
      const known = this.#byId.get(view.id);
      if (known === undefined || PROGRESS[view.state] >= PROGRESS[known.state]) this.#byId.set(view.id, view);
    }
  }

  /** Forgets what the server has forgotten. @param writtenAt when the server wrote the list */
  keepListed(listed: readonly ApprovalView[], writtenAt: string): void {
    const ids = new Set(listed.map(({ id }) => id));
    for (const [id, { requested_at: requestedAt }] of this.#byId) {
      if (!ids.has(id) && requestedAt < writtenAt) this.#byId.delete(id);
    }
  }

  /** Oldest first. */
  list(): ApprovalView[] {
    return [...this.#byId.values()].sort((a, b) => a.requested_at.localeCompare(b.requested_at));
  }
}
