// Which HTTP exchange something happens in, wherever it happens: a decision is taken deep below its route, and whether it can be
// held for longer depends on who waits for the answer.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { WaitingProgram } from '../contract/index.ts';

export interface Exchange {
  /** By the computer's clock: its caller's time-out runs since then. */
  readonly arrivedAtMs: number;
  readonly waits: WaitingProgram;
  /** Nobody waits any more. */
  readonly isLeft: boolean;
  /** Calls `tell` when its caller leaves, at once if it has left. The returned function cancels. */
  whenLeft(tell: () => void): () => void;
}

export class Exchanges {
  readonly #storage = new AsyncLocalStorage<Exchange>();

  /** Undefined outside of one. */
  get current(): Exchange | undefined {
    return this.#storage.getStore();
  }

  run<T>(exchange: Exchange, act: () => T): T {
    return this.#storage.run(exchange, act);
  }
}

export function createExchange(
  response: ServerResponse,
  { arrivedAtMs, waits }: Pick<Exchange, 'arrivedAtMs' | 'waits'>,
): Exchange {
  return {
    arrivedAtMs,
    waits,
    get isLeft() {
      return response.closed;
    },
    whenLeft(tell) {
      if (response.closed) {
        tell();
        return () => undefined;
      }
      response.once('close', tell);
      return () => response.off('close', tell);
    },
  };
}
