// The time of a tenant, put forward on purpose. How far is kept with everything else that changes, so it survives a restart;
// moving tells the trace, and whoever watches.
import type { MovableClock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Store } from '../store.ts';
import type { EventLog } from '../trace/index.ts';

/** ISO 8601 writes years of four digits; ten of them are left for what is issued there. */
const LATEST_MS = Date.parse('9990-01-01T00:00:00Z');
const BEYOND_MS = Date.parse('9999-01-01T00:00:00Z');

interface Offset {
  ms: number;
}

/** The clocks of the other instances that serve this tenant. */
export interface OtherClocks {
  /** Resolves once whatever falls due at any of them will do so here, in order. */
  prepare(): Promise<void>;
  /** They are put forward as well. Resolves once none of them answers by the time before. */
  tell(): Promise<void>;
}

export class TenantTime {
  readonly #clock: MovableClock;
  readonly #store: Store;
  readonly #watchers = new Set<() => void>();
  #others: OtherClocks = { prepare: async () => undefined, tell: async () => undefined };
  #log: EventLog | undefined;
  #moving: Promise<unknown> = Promise.resolve();

  private constructor(clock: MovableClock, store: Store) {
    this.#clock = clock;
    this.#store = store;
  }

  /** Puts the clock where an earlier process left it. */
  static async open(clock: MovableClock, store: Store): Promise<TenantTime> {
    const kept = await store.collection<Offset>('clock').get('offset');
    if (kept) {
      const { ms } = kept.value;
      // Every instant that is told is written down: one that cannot be written would end the server.
      if (typeof ms !== 'number' || !(ms >= 0 && clock.base.now() + ms < BEYOND_MS)) {
        throw new Problem('bad_request', `The clock cannot be ${String(ms)} ms ahead.`);
      }
      clock.startAhead(ms);
    }
    return new TenantTime(clock, store);
  }

  /** Every move is an event there. */
  tell(log: EventLog): void {
    this.#log = log;
  }

  moveTogether(others: OtherClocks): void {
    this.#others = others;
  }

  /** Another instance may have put it forward. What falls due here has fallen due there before. */
  readAgain(): Promise<void> {
    return this.#inTurn(async () => {
      const kept = await this.#store.collection<Offset>('clock').get('offset');
      const byMs = (kept?.value.ms ?? 0) - this.#clock.offsetMs;
      if (byMs <= 0) return;
      await this.#clock.putForward(byMs);
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  get now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  get offsetMs(): number {
    return this.#clock.offsetMs;
  }

  advance(ms: number): Promise<void> {
    return this.#inTurn(() => {
      const fromMs = this.#clock.now();
      return this.#move(fromMs, fromMs + ms);
    });
  }

  /**
   * Resolves once everything that falls due until then has happened.
   *
   * @throws Problem `bad_request` for an instant that is over or too far away
   */
  moveTo(atMs: number): Promise<void> {
    return this.#inTurn(() => this.#move(this.#clock.now(), atMs));
  }

  /** Calls `watcher` after each move. The returned function stops that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #inTurn(move: () => Promise<void>): Promise<void> {
    const moved = this.#moving.then(move);
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  /** @param fromMs what the clock shows, read once: the one underneath may run meanwhile */
  async #move(fromMs: number, atMs: number): Promise<void> {
    const from = new Date(fromMs).toISOString();
    const byMs = atMs - fromMs;
    if (byMs < 0) {
      throw new Problem(
        'bad_request',
        `The clock shows ${from} and goes forwards only, received ${new Date(atMs).toISOString()}.`,
        { hint: 'Name a later instant. To go back, begin anew: POST /control/reset' },
      );
    }
    if (atMs > LATEST_MS) {
      throw new Problem('bad_request', 'Received an instant after the year 9989, expected an earlier one.', {
        hint: `The clock shows ${from}.`,
      });
    }
    // Kept first: should the process end meanwhile, the next one finds what fell due and ends it.
    await this.#keep({ ms: this.#clock.offsetMs + byMs });
    await this.#others.prepare();
    await this.#clock.putForward(byMs);
    this.#log?.append({
      type: 'clock.moved',
      from,
      to: this.now,
      by_ms: byMs,
      offset_ms: this.#clock.offsetMs,
    });
    for (const watcher of [...this.#watchers]) watcher();
    await this.#others.tell();
  }

  /** Never back: of two instances that put it forward at once, the farther one counts. */
  async #keep(offset: Offset): Promise<void> {
    const offsets = this.#store.collection<Offset>('clock');
    for (;;) {
      const kept = await offsets.get('offset');
      if (kept && kept.value.ms >= offset.ms) return;
      const isKept = kept
        ? await offsets.replace('offset', kept.version, offset)
        : await offsets.insert('offset', offset);
      if (isKept) return;
    }
  }
}
