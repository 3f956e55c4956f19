// How many requests may be started. auth0: CIBA rate limits. A limit of 0 is off.
import type { Clock } from '../clock.ts';
import type { CibaConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';

const WINDOW_MS = 60_000;

export class RequestLimits {
  readonly #clock: Clock;
  readonly #config: () => CibaConfig;
  /** Instants of the last minute, oldest first. */
  #starts: Array<{ userId: string; limitsPerson: boolean; atMs: number }> = [];

  /** @param config the limits as they are now */
  constructor(clock: Clock, config: () => CibaConfig) {
    this.#clock = clock;
    this.#config = config;
  }

  /** One that another instance has let through. */
  count(userId: string, atMs: number, limitsPerson: boolean): void {
    const { requests_per_minute_per_user: perUser, requests_per_minute_per_tenant: perTenant } =
      this.#config();
    if (perUser === 0 && perTenant === 0) return;
    if (atMs > this.#clock.now() - WINDOW_MS) this.#starts.push({ userId, limitsPerson, atMs });
  }

  /** Counts one request; names the limit that forbids it instead, and then counts nothing. */
  take(
    userId: string,
    pendingCount: number,
    { limitsPerson = true }: { limitsPerson?: boolean } = {},
  ): 'user' | 'tenant' | undefined {
    const { requests_per_minute_per_user: perUser, requests_per_minute_per_tenant: perTenant } =
      this.#config();
    const mostPending = this.#config().pending_requests_per_tenant;
    const nowMs = this.#clock.now();
    if (perUser > 0 || perTenant > 0) {
      this.#starts = this.#starts.filter((start) => start.atMs > nowMs - WINDOW_MS);
      const ofUser = this.#starts.filter((start) => start.limitsPerson && start.userId === userId).length;
      if (limitsPerson && perUser > 0 && ofUser >= perUser) return 'user';
      if (perTenant > 0 && this.#starts.length >= perTenant) return 'tenant';
    }
    if (mostPending > 0 && pendingCount >= mostPending) return 'tenant';
    if (perUser > 0 || perTenant > 0) this.#starts.push({ userId, limitsPerson, atMs: nowMs });
    return undefined;
  }
}

/** At all instances; those of others as they were a moment ago. */
export function pendingCountOf({ approvals, instances }: Tenant): number {
  return approvals.pendingCount + instances.pendingElsewhere;
}
