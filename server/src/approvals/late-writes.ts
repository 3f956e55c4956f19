// Writes of which nobody knows whether they were carried out: the store was silent for so long that whoever asked was told to come
// back, and it may do them yet. Once it answers again somebody looks, so that what has happened is told. Owned by the approvals.
import type { Clock } from '../clock.ts';
import { AFTER_OUTAGE_MS, isOutage } from '../store.ts';
import { warnOfFailure } from '../warnings.ts';
import type { Approval } from './approval.ts';

export interface Lookout {
  /** Is called where the store went away meanwhile and answers again, or is about to: it is called once more where it fails. */
  look(): Promise<unknown>;
  /** Of those with the same aim the latest one alone looks: needed where looking is itself such a write. Default: nobody else's. */
  aim?: string;
  /** Is called at once, where the store went away. */
  onDoubt?(): void;
}

export class LateWrites {
  readonly #clock: Clock;
  readonly #cancels = new Map<string | Lookout, () => void>();
  #isClosed = false;

  /** @param clock by which it is waited for the store */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves with what `write` does.
   *
   * @throws Problem `store_unavailable`, and then somebody looks
   */
  async watch<T>({ name }: Pick<Approval, 'name'>, write: () => Promise<T>, lookout: Lookout): Promise<T> {
    try {
      return await write();
    } catch (cause) {
      if (isOutage(cause)) {
        lookout.onDoubt?.();
        this.#lookLater(name, lookout);
      }
      throw cause;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #lookLater(name: string, lookout: Lookout): void {
    if (this.#isClosed) return;
    const key = lookout.aim ?? lookout;
    this.#cancels.get(key)?.();
    const cancel = this.#clock.setAlarm(this.#clock.now() + AFTER_OUTAGE_MS, async () => {
      this.#cancels.delete(key);
      try {
        await lookout.look();
      } catch (cause) {
        if (isOutage(cause)) this.#lookLater(name, lookout);
        else if (!this.#isClosed)
          warnOfFailure(`what became of ${name} while the store was away is not known`, cause);
      }
    });
    this.#cancels.set(key, cancel);
  }
}
