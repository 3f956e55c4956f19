// Whether this computer and the server agree on the time. Requests end by the clock of whichever instance is asked, and the server is
// what all of them can ask, so whoever disagrees with it is told.
import type { Clock } from '../../clock.ts';
import { warn } from '../../warnings.ts';
import type { RedisConnection } from './redis-connection.ts';

/** What nobody notices who approves a request. */
const TOLERATED_MS = 5_000;

export class TimeComparison {
  readonly #connection: RedisConnection;
  readonly #shown: string;
  readonly #clock: Clock;
  #isOff = false;

  /** @param clock of the computer */
  constructor(connection: RedisConnection, shown: string, clock: Clock) {
    this.#connection = connection;
    this.#shown = shown;
    this.#clock = clock;
  }

  /** Never rejects: where nobody may ask, it cannot be told. */
  async compare(): Promise<void> {
    const askedAtMs = this.#clock.now();
    const answer = await this.#connection.run<string[]>(['TIME']).catch(() => undefined);
    if (answer === undefined) return;
    const answeredAtMs = this.#clock.now();
    const [seconds, microseconds] = answer.map(Number);
    const theirsMs = (seconds ?? 0) * 1000 + (microseconds ?? 0) / 1000;
    // However long the answer was on its way: by so much at least.
    const aheadMs = askedAtMs > theirsMs ? askedAtMs - theirsMs : Math.min(0, answeredAtMs - theirsMs);
    const isOff = Math.abs(aheadMs) > TOLERATED_MS;
    if (isOff && !this.#isOff) this.#warn(aheadMs);
    this.#isOff = isOff;
  }

  #warn(aheadMs: number): void {
    const seconds = Math.round(Math.abs(aheadMs) / 1000);
    const where = aheadMs > 0 ? 'ahead of' : 'behind';
    warn(
      'CLOCKS_DIFFER',
      `The clock of this computer is ${seconds} seconds ${where} that of the store ${this.#shown}. Requests end by the clock of the server that is asked: have all of them keep the same time (NTP).`,
    );
  }
}
