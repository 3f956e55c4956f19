// How often a client may poll. CIBA Core §7.3 and §11, RFC 8628 §3.5: at least `interval` seconds apart; `slow_down`
// adds to it. Auth0 also says so in the body and in Retry-After. The first poll is always allowed: several SDKs poll at once.
import { z } from 'zod';
import type { CibaConfig } from '../contract/index.ts';
import type { Collection } from '../store.ts';

const paceSchema = z.strictObject({ lastPollAtMs: z.number(), intervalSeconds: z.number() });
type Pace = z.output<typeof paceSchema>;
const savedSchema = z.array(z.tuple([z.string(), paceSchema]));

export type PollAnswer =
  | { answer: 'authorization_pending'; intervalSeconds: number }
  | { answer: 'slow_down'; intervalSeconds: number };

/** What several instances keep together. */
export interface SharedPaces {
  documents: Collection<Pace>;
  /** When nobody can poll any more. */
  expiresAtMs(): number;
}

export class Pacing {
  readonly #config: () => CibaConfig;
  readonly #paces = new Map<string, Pace>();
  readonly #together: SharedPaces | undefined;

  /**
   * @param config the rules as they are now
   * @param together where the next poll may come to another instance
   */
  constructor(config: () => CibaConfig, together?: SharedPaces) {
    this.#config = config;
    this.#together = together;
  }

  /**
   * Judges one poll of a request that is still pending.
   *
   * @param isCalledEarly it is too early by somebody's wish, whenever it comes
   */
  async poll(authReqId: string, nowMs: number, isCalledEarly = false): Promise<PollAnswer> {
    if (this.#together) return this.#pollTogether(this.#together, authReqId, nowMs, isCalledEarly);
    const known = this.#paces.get(authReqId);
    const { pace, answer } = this.#judge(known, nowMs, isCalledEarly);
    this.#paces.set(authReqId, pace);
    return answer;
  }

  /** Of polls at two instances at once one comes after the other. */
  async #pollTogether(
    { documents, expiresAtMs }: SharedPaces,
    authReqId: string,
    nowMs: number,
    isCalledEarly: boolean,
  ): Promise<PollAnswer> {
    for (;;) {
      const found = await documents.get(authReqId);
      const { pace, answer } = this.#judge(found?.value, nowMs, isCalledEarly);
      const options = { expiresAt: expiresAtMs() };
      const isKept = found
        ? await documents.replace(authReqId, found.version, pace, options)
        : await documents.insert(authReqId, pace, options);
      if (isKept) return answer;
    }
  }

  #judge(known: Pace | undefined, nowMs: number, isCalledEarly: boolean): { pace: Pace; answer: PollAnswer } {
    const { interval, slow_down_increment, early_poll_tolerance_ms } = this.#config();
    const { intervalSeconds, lastPollAtMs } = known ?? { lastPollAtMs: nowMs, intervalSeconds: interval };
    const intervalMs = intervalSeconds * 1000;
    const toleranceMs = Math.min(early_poll_tolerance_ms, intervalMs / 2);
    const isTooSoon = known !== undefined && nowMs - lastPollAtMs < intervalMs - toleranceMs;
    const isEarly = isCalledEarly || isTooSoon;
    const next = isEarly ? intervalSeconds + slow_down_increment : intervalSeconds;
    return {
      pace: { lastPollAtMs: nowMs, intervalSeconds: next },
      answer: { answer: isEarly ? 'slow_down' : 'authorization_pending', intervalSeconds: next },
    };
  }

  /** For a snapshot. */
  write(): Array<[string, Pace]> {
    return [...this.#paces];
  }

  read(saved: unknown): void {
    for (const [authReqId, pace] of savedSchema.parse(saved)) this.#paces.set(authReqId, pace);
  }

  /** The next poll is not early, whenever it comes: the last one waited for its answer. */
  async allowNext(authReqId: string): Promise<void> {
    const pace = this.#paces.get(authReqId);
    if (pace) pace.lastPollAtMs = Number.MIN_SAFE_INTEGER;
    const found = await this.#together?.documents.get(authReqId);
    if (!found) return;
    const allowed = { ...found.value, lastPollAtMs: Number.MIN_SAFE_INTEGER };
    await this.#together?.documents.replace(authReqId, found.version, allowed);
  }

  /** The request has ended. What is kept together is forgotten in its time. */
  forget(authReqId: string): void {
    this.#paces.delete(authReqId);
  }

  clear(): void {
    this.#paces.clear();
  }
}
