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

/** The instances that serve the same tenant. */
export interface InboxNeighbours {
  tell(topic: string, message: unknown): void;
  hear(topic: string, reader: (message: unknown, from: string) => void): () => void;
  whenGone(seeOff: (instance: string) => void): void;
}

/** Whose inboxes are open at an instance; and the question for that. */
const TOPIC = 'open-inboxes';
const QUESTION = 'open-inboxes?';

export class Outbox {
  readonly #record: (event: NewTraceEvent) => void;
  readonly #neighbours: InboxNeighbours | undefined;
  /** Instance → people whose inbox is open there. */
  readonly #openElsewhere = new Map<string, ReadonlySet<string>>();
  readonly #watchers = new Set<Watcher>();
  /** Request id → devices that have it. Forgotten when the request ends. */
  readonly #delivered = new Map<string, Set<string>>();

  constructor(record: (event: NewTraceEvent) => void, neighbours?: InboxNeighbours) {
    this.#record = record;
    this.#neighbours = neighbours;
    neighbours?.hear(TOPIC, (message, from) => {
      if (Array.isArray(message)) this.#openElsewhere.set(from, new Set(message.map(String)));
    });
    neighbours?.hear(QUESTION, () => this.#tellOpen());
    neighbours?.whenGone((instance) => this.#openElsewhere.delete(instance));
    neighbours?.tell(QUESTION, {});
  }

  /** @param options whether something else, such as push, is on its way to this person */
  announce(approval: Approval, options: { reachesOtherwise: boolean }): void {
    if (!this.announceElsewhere(approval) && !options.reachesOtherwise && !this.#isOpenElsewhere(approval)) {
      this.#record({
        type: 'notification.waiting',
        approval: approval.id,
        name: approval.name,
        channel: 'inbox',
        why: `no browser of ${approval.userName} has its inbox open`,
      });
    }
  }

  /** Another instance announces it otherwise: here it is for whoever watches here. Whether somebody does. */
  announceElsewhere(approval: Approval): boolean {
    if (!this.#delivered.has(approval.id)) this.#delivered.set(approval.id, new Set());
    const watchers = [...this.#watchers].filter((watcher) => watcher.userId === approval.userId);
    for (const watcher of watchers) this.#deliver(approval, watcher);
    return watchers.length > 0;
  }

  /** An inbox was opened: hand over what waits. The returned function ends the watch. */
  open(watcher: Watcher, waiting: readonly Approval[]): () => void {
    this.#watchers.add(watcher);
    this.#tellOpen();
    for (const approval of waiting) this.#deliver(approval, watcher);
    return () => {
      this.#watchers.delete(watcher);
      this.#tellOpen();
    };
  }

  /** A request was decided or ended; nothing more is to be delivered for it. */
  forget(approvalId: string): void {
    this.#delivered.delete(approvalId);
  }

  close(): void {
    this.#watchers.clear();
    this.#delivered.clear();
  }

  #tellOpen(): void {
    this.#neighbours?.tell(TOPIC, [...new Set([...this.#watchers].map(({ userId }) => userId))]);
  }

  #isOpenElsewhere({ userId }: Approval): boolean {
    return [...this.#openElsewhere.values()].some((users) => users.has(userId));
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
