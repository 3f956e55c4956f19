// Who wants to know when a request appears or changes: watchers, who are told every time, and waiters, who are woken once.
import type { Clock } from '../clock.ts';
import { warnOfFailure } from '../warnings.ts';
import type { Approval } from './approval.ts';

/** Where a request has changed: at this instance, or at another one, which sees to what has to be done about it. */
export type ChangedAt = 'here' | 'elsewhere';

export type ApprovalWatcher = (approval: Approval, changedAt: ChangedAt) => unknown;

export class Changes {
  readonly #clock: Clock;
  readonly #watchers = new Set<ApprovalWatcher>();
  readonly #waiters = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Everybody has been told when this returns; it resolves once they are done with what they do about it. */
  async tell(approval: Approval, changedAt: ChangedAt = 'here'): Promise<void> {
    const doing = [...this.#watchers].map((watcher) => {
      try {
        return watcher(approval, changedAt);
      } catch (cause) {
        // Whoever only listens must not break what it listens to.
        warnOfFailure(`a watcher of ${approval.name} failed`, cause);
        return undefined;
      }
    });
    this.#wakeAll();
    await Promise.all(doing);
  }

  /** A promise that `watcher` gives never rejects. The returned function stops it. */
  watch(watcher: ApprovalWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Waiting begins with this call: `happened` settles at the next change, at the deadline, on abort or when cancelled. */
  await(deadlineMs: number, signal: AbortSignal | undefined): { happened: Promise<void>; cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = (): void => {
      this.#waiters.delete(cancel);
      cancelAlarm();
      signal?.removeEventListener('abort', cancel);
      resolve();
    };
    const cancelAlarm = this.#clock.setAlarm(deadlineMs, cancel);
    this.#waiters.add(cancel);
    signal?.addEventListener('abort', cancel);
    return { happened: promise, cancel };
  }

  /** Nobody is told any more; everybody who waits is woken. */
  close(): void {
    this.#watchers.clear();
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiters]) wake();
  }
}
