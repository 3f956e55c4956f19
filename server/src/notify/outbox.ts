// Tells the browsers that watch their inbox, without ever delaying the agent. A request that reaches nobody says so in the
// trace, and is delivered when a browser of that person comes along.
import type { Approval } from '../approvals/index.ts';
import type { NewTraceEvent } from '../contract/index.ts';

/** A paired browser whose inbox is open. */
export interface Watcher {
  userId: string;
  deviceId: string;
  deviceName: string;
}

export class Outbox {
  readonly #record: (event: NewTraceEvent) => void;
  readonly #watchers = new Set<Watcher>();
  /** Request id → devices that have it. Forgotten when the request ends. */
  readonly #delivered = new Map<string, Set<string>>();

  constructor(record: (event: NewTraceEvent) => void) {
    this.#record = record;
  }

  /** @param options whether something else, such as push, is on its way to this person */
  announce(approval: Approval, options: { reachesOtherwise: boolean }): void {
    this.#delivered.set(approval.id, new Set());
    const watchers = [...this.#watchers].filter((watcher) => watcher.userId === approval.userId);
    for (const watcher of watchers) this.#deliver(approval, watcher);
    if (watchers.length === 0 && !options.reachesOtherwise) {
      this.#record({
        type: 'notification.waiting',
        approval: approval.id,
        name: approval.name,
        channel: 'inbox',
        why: `no browser of ${approval.userName} has its inbox open`,
      });
    }
  }

  /** An inbox was opened: hand over what waits. The returned function ends the watch. */
  open(watcher: Watcher, waiting: readonly Approval[]): () => void {
    this.#watchers.add(watcher);
    for (const approval of waiting) this.#deliver(approval, watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** A request was decided or ended; nothing more is to be delivered for it. */
  forget(approvalId: string): void {
    this.#delivered.delete(approvalId);
  }

  close(): void {
    this.#watchers.clear();
    this.#delivered.clear();
  }

  #deliver(approval: Approval, watcher: Watcher): void {
    const devices = this.#delivered.get(approval.id);
    if (devices?.has(watcher.deviceId) !== false) return;
    devices.add(watcher.deviceId);
    this.#record({
      type: 'notification.delivered',
      approval: approval.id,
      name: approval.name,
      channel: 'inbox',
      device: watcher.deviceName,
    });
  }
}
