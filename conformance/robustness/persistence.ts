// A client that does not give up: what a dead server cut off is tried again at whoever answers next.
import type { Answer } from '../client/exchange.ts';
import type { Ledger } from './ledger.ts';
import type { ServerFleet } from './server-fleet.ts';

/** Neither done nor refused: nobody knows. */
export const CUT_OFF = 'cut off';

export class Persistence {
  readonly #fleet: ServerFleet;
  readonly #ledger: Ledger;
  #isOver = false;

  constructor(fleet: ServerFleet, ledger: Ledger) {
    this.#fleet = fleet;
    this.#ledger = ledger;
  }

  /** One try. A server that stops says 503, and that is no answer either. */
  async once(what: string, send: () => Promise<Answer>): Promise<Answer | typeof CUT_OFF> {
    await this.#fleet.someoneAnswers();
    if (this.#isOver) throw new Error('the run is over');
    let answer: Answer;
    try {
      answer = await send();
    } catch {
      this.#ledger.cutOff += 1;
      return CUT_OFF;
    }
    if (answer.status === 503) return CUT_OFF;
    if (answer.status >= 500) this.#ledger.object(`${what} was answered ${answer.status}: ${answer.text}`);
    this.#ledger.count();
    return answer;
  }

  /** Until there is an answer. For what may be said twice. */
  async until(what: string, send: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await this.once(what, send);
      if (answer !== CUT_OFF) return answer;
      await rest();
    }
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }
}

/** Lets others go first: a connection that is refused at once is no reason to do nothing else. */
export function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
