// The last ones of many: each new one takes the place of the oldest.

export class Ring<T> {
  readonly #most: number;
  readonly #ones: T[] = [];
  #oldest = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** The one that leaves for it; undefined while there is room. */
  add(one: T): T | undefined {
    const leaving = this.#ones[this.#oldest];
    this.#ones[this.#oldest] = one;
    this.#oldest = (this.#oldest + 1) % this.#most;
    return leaving;
  }
}
