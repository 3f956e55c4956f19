// Injects faults through the control API.
import { CONTROL_API, type Fault, type FaultInput, faultSchema, faultsSchema } from '../contract/index.ts';
import type { ControlTransport } from './transport.ts';

export interface FaultsClient {
  /** Those that are active, oldest first. */
  list(): Promise<Fault[]>;
  /**
   * Has something fail from now on.
   *
   * @example await control.faults.inject({ on: 'token', does: { kind: 'answer', status: 429, retry_after: 1 }, times: 2 })
   */
  inject(fault: FaultInput): Promise<Fault>;
  /** Ends one of them. */
  remove(id: string): Promise<Fault>;
  /** Ends all of them. */
  clear(): Promise<void>;
}

export function createFaultsClient(transport: ControlTransport): FaultsClient {
  const path = `${CONTROL_API}/faults`;
  return {
    list: async () => (await transport.call({ path }, faultsSchema)).faults,
    inject: (fault) => transport.call({ method: 'POST', path, body: fault, accepted: [201] }, faultSchema),
    remove: (id) =>
      transport.call({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` }, faultSchema),
    async clear() {
      await transport.call({ method: 'DELETE', path }, faultsSchema);
    },
  };
}
