// So many at once for each key; whoever comes beyond that waits for its turn, in order.
interface Queue {
  running: number;
  waiting: Array<() => void>;
}

export class Turns {
  readonly #most: number;
  readonly #queues = new Map<string, Queue>();

  constructor(most: number) {
    this.#most = most;
  }

  async take<T>(key: string, act: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.running >= this.#most) await new Promise<void>((resolve) => queue.waiting.push(resolve));
    else queue.running += 1;
    try {
      return await act();
    } finally {
      const next = queue.waiting.shift();
      // The place goes over to the next one.
      if (next) next();
      else {
        queue.running -= 1;
        if (queue.running === 0) this.#queues.delete(key);
      }
    }
  }
}
