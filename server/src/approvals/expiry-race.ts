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
  readonly #releases = new Set<() => void>();

  constructor(parts: ExpiryRaceParts) {
    this.#parts = parts;
  }

  /** Resolves when the answer is to be judged, with the instant at which it counts as given; undefined: now. */
  async hold(approval: Approval): Promise<number | undefined> {
    const { alarms, expire, winnerOf } = this.#parts;
    const winner = await winnerOf(approval);
    if (winner === undefined) return undefined;
    if (winner === 'expiry') {
      await this.#until(approval.expiresAtMs);
      await expire(approval.id);
      return undefined;
    }
    // Time may be moved over both instants in one step; the answer is the first all the same.
    alarms.stop(approval.id);
    const atMs = approval.expiresAtMs - BEFORE_EXPIRY_MS;
    await this.#until(atMs);
    return atMs;
  }

  /** Lets every answer go that waits. */
  close(): void {
    for (const release of [...this.#releases]) release();
  }

  #until(atMs: number): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        cancel();
        this.#releases.delete(release);
        resolve();
      };
      const cancel = this.#parts.clock.setAlarm(atMs, release);
      this.#releases.add(release);
    });
  }
}
