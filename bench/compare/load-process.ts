// The other end of `load/load.ts`: hands it one order at a time and waits for what came of it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { answerSchema, type Order, type SliceResult } from './load/messages.ts';

export class LoadProcess implements AsyncDisposable {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = fork(join(import.meta.dirname, 'load/load.ts'), []);
  }

  /** @throws with the first thing that was not as expected: such a run has no figures */
  async carryOut(order: Order): Promise<SliceResult> {
    const ended = new AbortController();
    const { signal } = ended;
    const gone = once(this.#process, 'exit', { signal }).then(([code]) => {
      throw new Error(`the process that asks ended with ${code}`);
    });
    gone.catch(() => undefined);
    try {
      if (!this.#process.connected) throw new Error('the process that asks has ended');
      this.#process.send(order);
      const [message] = await Promise.race([once(this.#process, 'message', { signal }), gone]);
      const answer = answerSchema.parse(message);
      if ('failed' in answer) throw new Error(`${order.kind} at ${order.target.peer}: ${answer.failed}`);
      return answer.done;
    } finally {
      ended.abort();
    }
  }

  kill(): void {
    this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
