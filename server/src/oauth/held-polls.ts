// Polls that wait: which request each of them waits for, and when it has waited long enough. Asked by `polls.ts`. A change of
// one request wakes those who wait for that one, and all of them share a single alarm, so a thousand cost little more than
// their connections. Whoever is here is let go by a change, by the time, by leaving, or when the server stops.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';

export type HoldEnd = 'changed' | 'time_over' | 'caller_left' | 'stopping';

export interface HeldPoll {
  readonly ended: Promise<HoldEnd>;
  /** Nobody waits after all. */
  cancel(): void;
}

interface Waiter {
  readonly endsAtMs: number;
  end(how: HoldEnd): void;
}

export class HeldPolls {
  readonly #clock: Clock;
  readonly #shutdown: AbortSignal;
  readonly #byRequest = new Map<string, Set<Waiter>>();
  #alarm: { atMs: number; cancel: () => void } | undefined;
  readonly #letEverybodyGo = (): void => this.#endWhere(() => true, 'stopping');

  /** @param shutdown aborts when the server stops */
  constructor(clock: Clock, shutdown: AbortSignal) {
    this.#clock = clock;
    this.#shutdown = shutdown;
    shutdown.addEventListener('abort', this.#letEverybodyGo);
  }

  /** Waiting begins with this call, at most `seconds`, and for no longer than `response` has somebody to read it. */
  begin(authReqId: string, seconds: number, response: ServerResponse): HeldPoll {
    const { promise, resolve } = Promise.withResolvers<HoldEnd>();
    const waiter: Waiter = {
      endsAtMs: this.#clock.now() + seconds * 1000,
      end: (how) => {
        response.off('close', leave);
        this.#remove(authReqId, waiter);
        resolve(how);
      },
    };
    const leave = (): void => waiter.end('caller_left');
    const held = { ended: promise, cancel: () => waiter.end('changed') };
    const waiters = this.#byRequest.get(authReqId) ?? new Set();
    this.#byRequest.set(authReqId, waiters.add(waiter));
    response.once('close', leave);
    this.#setAlarm(waiter.endsAtMs);
    // Neither tells again what happened before.
    if (response.closed) leave();
    if (this.#shutdown.aborted) waiter.end('stopping');
    return held;
  }

  /** The request may have an answer now. */
  wake(authReqId: string): void {
    for (const waiter of [...(this.#byRequest.get(authReqId) ?? [])]) waiter.end('changed');
  }

  close(): void {
    this.#shutdown.removeEventListener('abort', this.#letEverybodyGo);
    this.#letEverybodyGo();
  }

  #endWhere(isMeant: (waiter: Waiter) => boolean, how: HoldEnd): void {
    for (const waiters of [...this.#byRequest.values()]) {
      for (const waiter of [...waiters]) if (isMeant(waiter)) waiter.end(how);
    }
  }

  #remove(authReqId: string, waiter: Waiter): void {
    const waiters = this.#byRequest.get(authReqId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#byRequest.delete(authReqId);
    if (this.#byRequest.size > 0) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  /** One alarm, for whoever has to be let go first. It may ring for somebody who has left already. */
  #setAlarm(atMs: number): void {
    if (this.#alarm && this.#alarm.atMs <= atMs) return;
    this.#alarm?.cancel();
    this.#alarm = { atMs, cancel: this.#clock.setAlarm(atMs, () => this.#ring()) };
  }

  #ring(): void {
    this.#alarm = undefined;
    const nowMs = this.#clock.now();
    this.#endWhere((waiter) => waiter.endsAtMs <= nowMs, 'time_over');
    const ends = [...this.#byRequest.values()].flatMap((waiters) => [...waiters].map((one) => one.endsAtMs));
    if (ends.length > 0) this.#setAlarm(Math.min(...ends));
  }
}
