// What was used and may not be used again: ids of client assertions and signed requests, DPoP proofs. Their makers may go by the
// computer's clock or by the tenant's, so a mark counts until both have passed its end: putting the tenant's clock forward makes
// nothing good again. The store forgets by the tenant's clock alone, hence marks are kept without an end and are swept here.
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';

interface Mark {
  /** By the tenant's clock. */
  untilMs: number;
  /** By the computer's. */
  untilRealMs: number;
}

const SWEEP_MS = 60_000;

export class SpentMarks {
  readonly #clock: Tenant['clock'];
  readonly #marks: Collection<Mark>;
  #sweptAtMs: number;

  /** @param name of the collection */
  constructor({ clock, store }: Pick<Tenant, 'clock' | 'store'>, name: string) {
    this.#clock = clock;
    this.#marks = store.collection(name);
    this.#sweptAtMs = clock.base.now();
  }

  /** False for an id that was spent before: whoever writes it second is the replay. */
  async spend(id: string, lastsMs: number): Promise<boolean> {
    await this.#sweep();
    const { base } = this.#clock;
    return this.#marks.insert(id, {
      untilMs: this.#clock.now() + lastsMs,
      untilRealMs: base.now() + lastsMs,
    });
  }

  async #sweep(): Promise<void> {
    const [nowMs, realMs] = [this.#clock.now(), this.#clock.base.now()];
    if (realMs - this.#sweptAtMs < SWEEP_MS) return;
    this.#sweptAtMs = realMs;
    for (const { id, value } of await this.#marks.list()) {
      if (value.untilMs <= nowMs && value.untilRealMs <= realMs) await this.#marks.remove(id);
    }
  }
}
