// How often a client may poll. CIBA Core §7.3 and §11, RFC 8628 §3.5: at least `interval` seconds apart; `slow_down`
// adds to it. Auth0 also says so in the body and in Retry-After. The first poll is always allowed: several SDKs poll at once.
import { z } from 'zod';
import type { CibaConfig } from '../contract/index.ts';

const paceSchema = z.strictObject({ lastPollAtMs: z.number(), intervalSeconds: z.number() });
type Pace = z.output<typeof paceSchema>;
const savedSchema = z.array(z.tuple([z.string(), paceSchema]));

export type PollAnswer =
  | { answer: 'authorization_pending'; intervalSeconds: number }
  | { answer: 'slow_down'; intervalSeconds: number };

export class Pacing {
  readonly #config: () => CibaConfig;
  readonly #paces = new Map<string, Pace>();

  /** @param config the rules as they are now */
  constructor(config: () => CibaConfig) {
    this.#config = config;
  }

  /**
   * Judges one poll of a request that is still pending.
   *
   * @param isCalledEarly it is too early by somebody's wish, whenever it comes
   */
  poll(authReqId: string, nowMs: number, isCalledEarly = false): PollAnswer {
    const { interval, slow_down_increment, early_poll_tolerance_ms } = this.#config();
    const known = this.#paces.get(authReqId);
    const pace = known ?? { lastPollAtMs: nowMs, intervalSeconds: interval };
    this.#paces.set(authReqId, pace);
    const intervalMs = pace.intervalSeconds * 1000;
    const toleranceMs = Math.min(early_poll_tolerance_ms, intervalMs / 2);
    const isTooSoon = known !== undefined && nowMs - known.lastPollAtMs < intervalMs - toleranceMs;
    const isEarly = isCalledEarly || isTooSoon;
    pace.lastPollAtMs = nowMs;
    if (!isEarly) return { answer: 'authorization_pending', intervalSeconds: pace.intervalSeconds };
    pace.intervalSeconds += slow_down_increment;
    return { answer: 'slow_down', intervalSeconds: pace.intervalSeconds };
  }

  /** For a snapshot. */
  write(): Array<[string, Pace]> {
    return [...this.#paces];
  }

  read(saved: unknown): void {
    for (const [authReqId, pace] of savedSchema.parse(saved)) this.#paces.set(authReqId, pace);
  }

  /** The next poll is not early, whenever it comes: the last one waited for its answer. */
  allowNext(authReqId: string): void {
    const pace = this.#paces.get(authReqId);
    if (pace) pace.lastPollAtMs = Number.MIN_SAFE_INTEGER;
  }

  /** The request has ended. */
  forget(authReqId: string): void {
    this.#paces.delete(authReqId);
  }

  clear(): void {
    this.#paces.clear();
  }
}
