// A tenant with agents that are called back, and one of them to play. Time stands still until a test moves it.
import type { TenantConfigInput, TraceEvent } from '../../src/contract/index.ts';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import type { RunningAssent } from '../../src/index.ts';
import { bankTenant } from '../../src/tenant/bank-tenant.ts';
import { Agent, type Changes, unlimitedBank } from '../agent.ts';

export const TOKEN = 'tok-A1._~+/9==';

type ClientInput = NonNullable<TenantConfigInput['clients']>[number];
type DeliveryMode = NonNullable<ClientInput['backchannel_token_delivery_mode']>;

/** The bank with one more agent for each endpoint: `pinger` and `pushed` by default. */
export function bankThatCalls(
  endpoint: string,
  changes: Partial<TenantConfigInput> = {},
  client: Partial<ClientInput> = {},
): TenantConfigInput {
  const agent = (id: string, mode: DeliveryMode): ClientInput => ({
    client_id: id,
    client_secret: `${id}-secret-not-real`,
    name: id,
    profile: 'standard',
    grant_types: ['refresh_token', CIBA_GRANT_TYPE],
    backchannel_token_delivery_mode: mode,
    backchannel_client_notification_endpoint: endpoint,
    ...client,
  });
  return unlimitedBank({
    clients: [
      ...(bankTenant.clients ?? []),
      agent('pinger', 'ping'),
      agent('pushed', 'push'),
      agent('poller', 'poll'),
    ],
    ...changes,
    ciba: { notification_hosts: ['localhost'], ...changes.ciba },
  });
}

export class CalledAgent extends Agent {
  readonly #assent: RunningAssent;

  constructor(assent: RunningAssent, clientId: 'pinger' | 'pushed' | 'poller') {
    super(assent, { client_id: clientId, client_secret: `${clientId}-secret-not-real` });
    this.#assent = assent;
  }

  override ask(changes: Changes = {}) {
    return super.ask({ client_notification_token: TOKEN, ...changes });
  }

  /** What the trace tells of calls, once it tells of so many. */
  async attempts(count: number): Promise<Array<Extract<TraceEvent, { type: 'callback.sent' }>>> {
    const told: Array<Extract<TraceEvent, { type: 'callback.sent' }>> = [];
    for await (const event of this.#assent.control.events({ afterNumber: 0 })) {
      if (event.type === 'callback.sent') told.push(event);
      if (told.length === count) return told;
    }
    throw new Error('the server has stopped');
  }
}
