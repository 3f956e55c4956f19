// People and programs who follow the trace while others work. Each of them must have got every event, in order, or there are no figures.
import { z } from 'zod';
import type { Target } from '../target.ts';
import { EventStream, numberOf } from './event-stream.ts';

const traceSchema = z.object({ last_number: z.number() });

export class Watchers {
  readonly #target: Target;
  readonly #streams: EventStream[] = [];
  /** Number of the last event of each. */
  readonly #last: number[] = [];
  #mistake: string | undefined;
  #onEvent = (): void => {};
  /** Events that arrived so far, over all of them. */
  events = 0;

  private constructor(target: Target) {
    this.#target = target;
  }

  static async open(target: Target, count: number): Promise<Watchers> {
    const watchers = new Watchers(target);
    for (let index = 0; index < count; index += 1) await watchers.#add(index);
    return watchers;
  }

  async #add(index: number): Promise<void> {
    const stream = await EventStream.open(`${this.#target.url}/control/events`, {}, (event) => {
      const number = numberOf(event);
      if (number === undefined) return;
      const expected = (this.#last[index] ?? number - 1) + 1;
      if (number !== expected) this.#mistake ??= `watcher ${index} got event ${number}, expected ${expected}`;
      this.#last[index] = number;
      this.events += 1;
      this.#onEvent();
    });
    this.#streams.push(stream);
  }

  /** Until all have everything that has happened so far. */
  async catchUp(): Promise<void> {
    const answer = await fetch(`${this.#target.url}/control/trace?limit=0`);
    const { last_number: last } = traceSchema.parse(await answer.json());
    const haveAll = (): boolean => this.#streams.every((_, index) => (this.#last[index] ?? 0) >= last);
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const lost = this.#streams.findIndex(({ isClosed }) => isClosed);
        if (lost >= 0)
          reject(new Error(`watcher ${lost} was dropped at event ${this.#last[lost]} of ${last}`));
        else if (this.#mistake !== undefined) reject(new Error(this.#mistake));
        else if (haveAll()) resolve();
      };
      this.#onEvent = look;
      look();
    });
    this.#onEvent = () => {};
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
  }
}
