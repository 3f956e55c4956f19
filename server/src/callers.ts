// Those who call, and the world that answers them. Between two worlds they wait for the next one.
import type { ServerResponse } from 'node:http';
import { AnswersInFlight } from './answers-in-flight.ts';
import { refuseUnready } from './http/index.ts';
import type { World } from './world-frame.ts';

/** How long callers wait for the next world: longer than any snapshot takes that is not very large. */
const PATIENCE_MS = 15_000;

export interface CallersPorts {
  /** Undefined between two worlds. */
  current(): World | undefined;
  /** Settles with the world that answers next, or now; rejects once there will be none. */
  next(): Promise<World>;
}

export class Callers {
  readonly #worlds: CallersPorts;
  /** By the current world. */
  readonly #inFlight = new AnswersInFlight();

  constructor(worlds: CallersPorts) {
    this.#worlds = worlds;
  }

  /** `hand` is called with the world that answers, once it knows what other instances have answered. */
  pass(response: ServerResponse, hand: (world: World) => void): void {
    const current = this.#worlds.current();
    if (current !== undefined && current.catchUp === undefined) this.#enter(current, response, hand);
    else this.#enterNext(response, hand).catch(() => refuseUnready(response));
  }

  /** Its answer is not waited for. */
  release(response: ServerResponse): void {
    this.#inFlight.release(response);
  }

  /** Resolves when nobody is being answered any more; whoever takes too long is asked to come back. */
  finish(): Promise<void> {
    return this.#inFlight.finish(refuseUnready);
  }

  #enter(world: World, response: ServerResponse, hand: (world: World) => void): void {
    this.#inFlight.add(response);
    hand(world);
  }

  /** @throws whatever keeps the next world from being there in time */
  async #enterNext(response: ServerResponse, hand: (world: World) => void): Promise<void> {
    for (;;) {
      const current = this.#worlds.current();
      if (current === undefined || current.isOver) await this.#nextInTime();
      if (response.destroyed) return;
      const world = this.#worlds.current();
      if (world === undefined) continue;
      await world.catchUp?.();
      if (response.destroyed) return;
      // Another one may have begun to end meanwhile.
      if (this.#worlds.current() !== world || world.isOver) continue;
      this.#enter(world, response, hand);
      return;
    }
  }

  async #nextInTime(): Promise<void> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error('no world in time')), PATIENCE_MS);
    await Promise.race([this.#worlds.next(), tooLate]).finally(() => clearTimeout(timer));
  }
}
