// Tells the trace that a device has fetched what is asked, once for each device and request, however often it looks.
import type { Approval } from '../approvals/index.ts';
import type { Exchange } from '../contract/index.ts';
import type { EnrolledDevice, Tenant } from '../tenant/index.ts';

/** More requests than may wait at once; the oldest are forgotten first. */
const MOST_REQUESTS = 10_000;

export class Readings {
  readonly #tenant: Pick<Tenant, 'log'>;
  /** Request id → ids of devices. */
  readonly #readers = new Map<string, Set<string>>();

  constructor(tenant: Pick<Tenant, 'log'>) {
    this.#tenant = tenant;
  }

  tell(approval: Approval, device: EnrolledDevice, describe: () => Exchange): void {
    const readers = this.#readers.get(approval.id) ?? new Set();
    if (readers.has(device.id)) return;
    this.#readers.set(approval.id, readers.add(device.id));
    for (const oldest of this.#readers.keys()) {
      if (this.#readers.size <= MOST_REQUESTS) break;
      this.#readers.delete(oldest);
    }
    this.#tenant.log.append({
      type: 'request.read',
      approval: approval.id,
      name: approval.name,
      device: device.name,
      from: device.guardian === undefined ? 'approver app' : 'Guardian app',
      exchange: describe(),
    });
  }
}
