// Has the answer of a person wait for the very instant at which its request expires, where somebody asks for that, and says
// which of the two comes first. By the clock of the tenant, so the same one always wins.
import type { Clock } from '../clock.ts';
import type { Approval } from './approval.ts';
import type { ExpiryAlarms } from './expiry-alarms.ts';

/** Who wins; undefined lets the answer count when it comes. */
export type RaceWinner = 'decision' | 'expiry' | undefined;

/** The last instant at which an answer counts. */
const BEFORE_EXPIRY_MS = 1;

export interface ExpiryRaceParts {
  clock: Clock;
  alarms: ExpiryAlarms;
  winnerOf(approval: Approval): Promise<RaceWinner>;
  expire(id: string): Promise<unknown>;
}

export class ExpiryRace {
  readonly #parts: ExpiryRaceParts;
  readonly #giveUps = new Set<() => void>();

  constructor(parts: ExpiryRaceParts) {
    this.#parts = parts;
  }

  /**
   * Has an answer judged: at once, or at the end of its request.
   *
   * @param judge is told the instant at which the answer counts as given; undefined: when it is judged
   * @param onHeld is called where it waits
   * @throws Error where everything ends before
   */
  async run<T>(
    approval: Approval,
    judge: (countsAtMs?: number) => Promise<T>,
    onHeld?: () => void,
  ): Promise<T> {
    const { alarms, expire, winnerOf } = this.#parts;
    const winner = await winnerOf(approval);
    if (winner === undefined) return judge();
    onHeld?.();
    if (winner === 'expiry') {
      return this.#at(approval.expiresAtMs, async () => {
        await expire(approval.id);
        return judge();
      });
    }
    // Time may be moved over both instants in one step; the answer is the first all the same.
    alarms.stop(approval.id);
    const atMs = approval.expiresAtMs - BEFORE_EXPIRY_MS;
    return this.#at(atMs, () =>
      judge(atMs).catch((cause: unknown) => {
        // Without an answer its end comes.
        alarms.set(approval);
        throw cause;
      }),
    );
  }

  /** Gives up every answer that waits: whoever gave it was told nothing yet. */
  close(): void {
    for (const giveUp of [...this.#giveUps]) giveUp();
  }

  #at<T>(atMs: number, act: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const giveUp = (): void => {
      this.#giveUps.delete(giveUp);
      cancel();
      reject(new Error('everything ended while an answer waited for the end of its request'));
    };
    const cancel = this.#parts.clock.setAlarm(atMs, () => {
      this.#giveUps.delete(giveUp);
      const acting = act();
      resolve(acting);
      // Whoever gave the answer is told what became of it; the clock only waits.
      return acting.catch(() => undefined);
    });
    this.#giveUps.add(giveUp);
    return promise;
  }
}
