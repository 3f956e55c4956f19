// The servers, everybody who works with them, and the ledger of what they were promised. `crashing.ts` and `every-step.ts` say who
// is killed when.
import type { TenantConfigInput } from 'assent/contract';
import { ApproverDevice } from '../client/approver-device.ts';
import { CallbackReceiver } from '../client/callback-receiver.ts';
import { makeAuthority } from '../client/certificates.ts';
import { type Answer, Exchange } from '../client/exchange.ts';
import { Provider } from '../client/provider.ts';
import { RelyingParty } from '../client/relying-party.ts';
import { type LabClient, makeClients } from '../lab/clients.ts';
import { ADA, APIS, emailOf, GRACE, PEOPLE } from '../lab/people.ts';
import { CrashFlow, type FlowParts } from './crash-flow.ts';
import { CrashHousehold } from './crash-household.ts';
import { knownOf, Ledger, type Promised } from './ledger.ts';
import { Persistence } from './persistence.ts';
import { Random } from './random.ts';
import { type FleetOptions, ServerFleet } from './server-fleet.ts';

export interface SceneOptions extends Pick<FleetOptions, 'instances' | 'storeWords'> {
  seed: number;
  /** Options of Node for every server. */
  nodeOptions?: string;
}

/** For how many looks a request is looked after once it is over. */
const LOOKS_REMEMBERED = 3;
const MOST_CALLBACKS = 1_000;
/** Events that are known already are read again: they are what they were. */
const EVENTS_READ_AGAIN = 200;
const DELIVERIES = ['poll', 'ping', 'push'] as const;
const NAMES = { poll: 'agent', ping: 'ping', push: 'push' } as const;

export class CrashScene implements AsyncDisposable {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly fleet: ServerFleet;
  readonly persistence: Persistence;
  readonly household: CrashHousehold;
  readonly pollingClient: Pick<LabClient, 'clientId' | 'secret'>;
  readonly #parts: FlowParts;
  readonly #undo: ReadonlyArray<() => Promise<void>>;
  readonly #overSince = new Map<Promised, number>();
  #looks = 0;

  private constructor(
    parts: FlowParts & Pick<CrashScene, 'fleet' | 'household' | 'pollingClient'>,
    undo: ReadonlyArray<() => Promise<void>>,
  ) {
    this.ledger = parts.ledger;
    this.random = parts.random;
    this.fleet = parts.fleet;
    this.persistence = parts.persistence;
    this.household = parts.household;
    this.pollingClient = parts.pollingClient;
    this.#parts = parts;
    this.#undo = undo;
  }

  static async open({ seed, instances, storeWords, nodeOptions = '' }: SceneOptions): Promise<CrashScene> {
    const callbacks = await CallbackReceiver.start();
    const all = await makeClients('standard', {
      authority: await makeAuthority(),
      callbackUrl: (path) => callbacks.url(path),
    });
    const clientOf = (name: string): LabClient => {
      const client = all.get(name);
      if (!client) throw new Error(`the lab has no client ${name}`);
      return client;
    };
    const fleet = await ServerFleet.start({
      config: tenantOf(Object.values(NAMES).map(clientOf)),
      instances,
      storeWords,
      env: { NODE_OPTIONS: nodeOptions },
    });
    const { url } = fleet.front;
    const provider = await Provider.discover({ issuer: `${url}/` });
    const clients = new Map(
      DELIVERIES.map((delivery) => {
        const baseline = () => ({ scope: 'openid', login_hint: emailOf(ADA) });
        return [delivery, new RelyingParty({ provider, identity: clientOf(NAMES[delivery]), baseline })];
      }),
    );
    const server = { url, ca: undefined, now: Date.now };
    const device = await ApproverDevice.enrol(server, ADA);
    const exchange = new Exchange(undefined);
    const ledger = new Ledger();
    const flowParts: FlowParts = {
      ledger,
      persistence: new Persistence(fleet, ledger),
      random: new Random(seed),
      clients,
      callbacks,
      device,
      control: (method, path, body) =>
        exchange.send(`${url}${path}`, { method, ...(body === undefined ? {} : asJson(body)) }),
    };
    const manage = (token: string, name: string): Promise<Answer> => {
      const { headers, body } = asJson({ name });
      return exchange.send(`${url}/api/v2/clients/${clientOf(NAMES.poll).clientId}`, {
        method: 'PATCH',
        headers: { ...headers, authorization: `Bearer ${token}` },
        body,
      });
    };
    const household = new CrashHousehold({ ...flowParts, server, manage });
    const closing = [fleet, provider, device, exchange, ...clients.values(), callbacks];
    return new CrashScene({ ...flowParts, fleet, household, pollingClient: clientOf(NAMES.poll) }, [
      () => household.close(),
      ...closing.map((one) => () => one[Symbol.asyncDispose]()),
    ]);
  }

  /** @param random chooses what happens in it; by default it goes on from where the scene's has come to */
  flow(random = this.random): CrashFlow {
    return new CrashFlow({ ...this.#parts, random });
  }

  /** What was acknowledged until now is there. */
  async look(): Promise<void> {
    this.#looks += 1;
    await Promise.all(this.ledger.requests.map((promised) => this.#lookAt(promised)));
    await this.household.check();
    await this.#readTrace();
    this.#compareCallbacks();
    for (const line of this.fleet.complaints.splice(0)) this.ledger.object(`a server wrote: ${line}`);
  }

  async #lookAt(promised: Promised): Promise<void> {
    const { persistence, control } = this.#parts;
    const known = knownOf(promised);
    const { authReqId, isOver } = promised;
    const answer = await persistence.until('reading a request', () =>
      control('GET', `/control/requests/${authReqId}`),
    );
    if (answer.status === 200) this.ledger.compare(promised, known, answer.json());
    else this.ledger.object(`${authReqId}: was acknowledged, and is not there: ${answer.text}`);
    if (!isOver) return;
    const since = this.#overSince.get(promised) ?? this.#looks;
    this.#overSince.set(promised, since);
    if (this.#looks - since < LOOKS_REMEMBERED) return;
    this.#overSince.delete(promised);
    this.ledger.forget(promised);
  }

  async #readTrace(): Promise<void> {
    const { persistence, control } = this.#parts;
    const after = Math.max(0, this.ledger.lastEvent - EVENTS_READ_AGAIN);
    const answer = await persistence.until('the trace', () =>
      control('GET', `/control/trace?after=${after}&limit=5000`),
    );
    let last = after;
    for (const event of answer.json().events) {
      if (event.number <= last) this.ledger.object(`event ${event.number} came after event ${last}`);
      last = event.number;
      this.ledger.told(event.number, `${event.type} ${event.at} ${event.approval ?? ''}`);
    }
  }

  /** CIBA Core §10.3.1: a push that comes again is the same. */
  #compareCallbacks(): void {
    const bodies = new Map<string, string>();
    const { received } = this.#parts.callbacks;
    for (const { text } of received) {
      const { auth_req_id: authReqId } = JSON.parse(text);
      const known = bodies.get(authReqId) ?? text;
      if (known !== text) this.ledger.object(`${authReqId}: was called back with this and that`);
      bodies.set(authReqId, text);
    }
    // Nobody waits for the oldest of these any more.
    if (received.length > 2 * MOST_CALLBACKS) received.splice(0, received.length - MOST_CALLBACKS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.persistence.end();
    for (const step of this.#undo) await step();
  }
}

function asJson(body: unknown): { headers: Record<string, string>; body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function tenantOf(clients: readonly LabClient[]): TenantConfigInput {
  return {
    tenant: { name: 'crashing', profile: 'standard' },
    clients: clients.map(({ entry }) => entry),
    resource_servers: APIS,
    users: PEOPLE.filter(({ user_id: id }) => id === ADA || id === GRACE),
    ciba: {
      interval: 0.001,
      slow_down_increment: 0,
      default_expiry: 3_600,
      push_expiry_limit: 3_600,
      requests_per_minute_per_user: 0,
      requests_per_minute_per_tenant: 0,
      pending_requests_per_tenant: 0,
      notification_hosts: ['localhost'],
    },
  };
}
