// Answers that are being given, for whoever ends what gives them: they may finish, for a while.
import type { ServerResponse } from 'node:http';

/** Whoever has no answer by then is told to ask again. */
const FAREWELL_MS = 1_000;

export class AnswersInFlight {
  readonly #answers = new Set<ServerResponse>();

  add(answer: ServerResponse): void {
    this.#answers.add(answer);
    answer.once('close', () => this.#answers.delete(answer));
  }

  /** Nobody waits for it. */
  release(answer: ServerResponse): void {
    this.#answers.delete(answer);
  }

  /** Resolves when there are none. @param refuse answers what takes too long: never from something that is half closed */
  async finish(refuse: (answer: ServerResponse) => void): Promise<void> {
    if (this.#answers.size > 0) {
      const { promise: isTime, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, FAREWELL_MS);
      const finished = [...this.#answers].map(
        (answer) => new Promise<void>((done) => answer.once('close', done)),
      );
      await Promise.race([isTime, Promise.all(finished)]);
      clearTimeout(timer);
    }
    for (const answer of this.#answers) refuse(answer);
    this.#answers.clear();
  }
}
