// The numbers in the short names of requests: r1, r2, … Counted in the store, so that none is given twice.
import type { Collection, Store } from '../store.ts';

interface Counter {
  last: number;
}

export class RequestNumbers {
  readonly #counters: Collection<Counter>;

  constructor(store: Store) {
    this.#counters = store.collection<Counter>('counters');
  }

  /** The newest; 0 before the first. */
  async last(): Promise<number> {
    return (await this.#counters.get('approvals'))?.value.last ?? 0;
  }

  async next(): Promise<number> {
    for (;;) {
      const counter = await this.#counters.get('approvals');
      const last = (counter?.value.last ?? 0) + 1;
      const written = counter
        ? await this.#counters.replace('approvals', counter.version, { last })
        : await this.#counters.insert('approvals', { last });
      if (written) return last;
    }
  }
}
