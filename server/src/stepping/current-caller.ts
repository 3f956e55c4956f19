// Who waits for the answer to the HTTP exchange in which something happens, wherever it happens: a decision is taken deep below its route, and whether it can be
// held for longer depends on who waits for the answer.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { WaitingProgram } from '../contract/index.ts';

export interface Caller {
  /** When its exchange arrived, by the computer's clock: its time-out runs since then. */
  readonly arrivedAtMs: number;
  readonly waits: WaitingProgram;
  /** It does not wait any more. */
  readonly hasLeft: boolean;
  /** Calls `tell` when it leaves, at once if it has left. The returned function cancels. */
  whenLeft(tell: () => void): () => void;
}

export class CurrentCaller {
  readonly #storage = new AsyncLocalStorage<Caller>();

  /** Undefined where nobody waits. */
  get waiting(): Caller | undefined {
    return this.#storage.getStore();
  }

  run<T>(caller: Caller, act: () => T): T {
    return this.#storage.run(caller, act);
  }
}

export function callerOf(
  response: ServerResponse,
  { arrivedAtMs, waits }: Pick<Caller, 'arrivedAtMs' | 'waits'>,
): Caller {
  return {
    arrivedAtMs,
    waits,
    get hasLeft() {
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
