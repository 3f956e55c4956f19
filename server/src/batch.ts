// Work that is put off until there is enough of it. What is done for many things right after each other takes less than half of what
// it takes in between everything else, when its code and what it reads have left the processor's caches (decisions/0047). Whoever
// puts work off finishes it before anybody could notice. Called by who keeps JSON: trace, log, journal and documents in memory.
import { warnOfFailure } from './warnings.ts';

export class Batch<T> {
  readonly #most: number;
  readonly #work: (one: T) => void;
  #ones: T[] = [];

  /** @param most how many are put off at most */
  constructor(most: number, work: (one: T) => void) {
    this.#most = most;
    this.#work = work;
  }

  add(one: T): void {
    if (this.#ones.push(one) >= this.#most) this.finish();
  }

  /** In the order in which they were added. One that fails takes no other along, and fails nobody who happens to come by. */
  finish(): void {
    const ones = this.#ones;
    this.#ones = [];
    for (const one of ones) {
      try {
        this.#work(one);
      } catch (cause) {
        warnOfFailure('something that was put off failed', cause);
      }
    }
  }

  /** Nothing of it is done any more. */
  clear(): void {
    this.#ones = [];
  }
}
