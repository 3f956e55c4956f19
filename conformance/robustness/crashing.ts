// Clients at work on servers that are killed without warning, over and over, and what must be true all the while: what was
// acknowledged is there, as it was acknowledged, and happened once. `crashes.test.ts` runs some rounds, `crashes.ts` as many as
// one likes.
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
import { Persistence, rest } from './persistence.ts';
import { Random } from './random.ts';
import { ServerFleet } from './server-fleet.ts';

export interface CrashingOptions {
  rounds: number;
  seed: number;
  instances: number;
  /** Words of the command that say where everything is kept. */
  storeWords: (folder: string) => readonly string[];
  report?: (done: CrashProgress) => void;
}

export interface CrashProgress {
  rounds: number;
  flows: number;
  redeemed: number;
  /** Answers that arrived, and those that did not. */
  acknowledged: number;
  cutOff: number;
  /** Events of the trace that somebody has read. */
  events: number;
  violations: readonly string[];
}

const FLOWS_AT_ONCE = 6;
/** A server is killed after so many answers at most, or in its first moments. */
const MOST_ANSWERS = 60;
const SHARE_KILLED_AT_START = 0.15;
/** Around the time that a start takes. */
const START_MS = 900;
/** After an answer that counts, what is under way is met at one instant or another. */
const MOST_DELAY_MS = 8;
/** Nobody answers where everybody waits for a callback. */
const LONGEST_ROUND_MS = 3_000;
/** For how many rounds a request is looked after once it is over. */
const ROUNDS_REMEMBERED = 3;
const MOST_CALLBACKS = 1_000;
const NAMES = { poll: 'agent', ping: 'ping', push: 'push' } as const;
const DELIVERIES = ['poll', 'ping', 'push'] as const;

/** Resolves with what was found; the list of violations is empty where everything held. */
export async function crash(options: CrashingOptions): Promise<CrashProgress> {
  const { rounds, seed, report = () => undefined } = options;
  await using scene = await Scene.open(options);
  const progress = (done: number): CrashProgress => ({ rounds: done, ...scene.sum() });
  scene.begin();
  for (let round = 1; round <= rounds; round += 1) {
    await scene.killSomebody();
    await scene.check(round);
    report(progress(round));
    if (scene.ledger.violations.length > 0) break;
  }
  await scene.finish();
  if (scene.ledger.violations.length > 0) scene.ledger.object(`seed ${seed}`);
  return progress(rounds);
}

class Scene implements AsyncDisposable {
  readonly ledger: Ledger;
  readonly #random: Random;
  readonly #fleet: ServerFleet;
  readonly #persistence: Persistence;
  readonly #flowParts: FlowParts;
  readonly #household: CrashHousehold;
  readonly #overSince = new Map<Promised, number>();
  readonly #undo: Array<() => Promise<void>>;
  readonly #working: Array<Promise<void>> = [];
  readonly #gate = new Gate();
  #isEnding = false;

  private constructor(parts: {
    ledger: Ledger;
    random: Random;
    fleet: ServerFleet;
    flowParts: FlowParts;
    household: CrashHousehold;
    undo: Array<() => Promise<void>>;
  }) {
    this.ledger = parts.ledger;
    this.#random = parts.random;
    this.#fleet = parts.fleet;
    this.#persistence = parts.flowParts.persistence;
    this.#flowParts = parts.flowParts;
    this.#household = parts.household;
    this.#undo = parts.undo;
  }

  static async open({ seed, instances, storeWords }: CrashingOptions): Promise<Scene> {
    const callbacks = await CallbackReceiver.start();
    const all = await makeClients('standard', {
      authority: await makeAuthority(),
      callbackUrl: (path) => callbacks.url(path),
    });
    const clients = new Map<string, LabClient>(
      Object.values(NAMES).map((name) => [name, all.get(name) as LabClient]),
    );
    const fleet = await ServerFleet.start({ config: tenantOf(clients), instances, storeWords });
    const { url } = fleet.front;
    const provider = await Provider.discover({ issuer: `${url}/` });
    const parties = new Map(
      DELIVERIES.map((delivery) => {
        const identity = clients.get(NAMES[delivery]) as LabClient;
        const baseline = () => ({ scope: 'openid', login_hint: emailOf(ADA) });
        return [delivery, new RelyingParty({ provider, identity, baseline })];
      }),
    );
    const server = { url, ca: undefined, now: Date.now };
    const device = await ApproverDevice.enrol(server, ADA);
    const exchange = new Exchange(undefined);
    const ledger = new Ledger();
    const random = new Random(seed);
    const persistence = new Persistence(fleet, ledger);
    const flowParts: FlowParts = {
      ledger,
      persistence,
      random,
      clients: parties,
      callbacks,
      device,
      control: (method, path, body) =>
        exchange.send(`${url}${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        }),
    };
    const manage = (token: string, name: string): Promise<Answer> =>
      exchange.send(`${url}/api/v2/clients/${clients.get('agent')?.clientId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ name }),
      });
    const household = new CrashHousehold({ ...flowParts, server, manage });
    return new Scene({
      ledger,
      random,
      fleet,
      flowParts,
      household,
      undo: [
        () => callbacks[Symbol.asyncDispose](),
        () => fleet[Symbol.asyncDispose](),
        () => provider[Symbol.asyncDispose](),
        () => device[Symbol.asyncDispose](),
        () => exchange[Symbol.asyncDispose](),
        () => household.close(),
        ...[...parties.values()].map((party) => () => party[Symbol.asyncDispose]()),
      ],
    });
  }

  begin(): void {
    const flow = new CrashFlow(this.#flowParts);
    for (let worker = 0; worker < FLOWS_AT_ONCE; worker += 1) this.#repeat(() => flow.run());
    this.#repeat(() => this.#household.enrolAndLeave());
    this.#repeat(() => this.#household.rename());
  }

  /** One process is killed after some answers, or while it starts, and started again. */
  async killSomebody(): Promise<void> {
    const index = this.#random.below(this.#fleet.size);
    await this.#answers(1 + this.#random.below(MOST_ANSWERS));
    await pass(this.#random.next() * MOST_DELAY_MS);
    await this.#fleet.kill(index);
    let { ready } = this.#fleet.launch(index);
    if (this.#random.chance(SHARE_KILLED_AT_START)) {
      await pass(this.#random.next() * START_MS);
      await this.#fleet.kill(index);
      ({ ready } = this.#fleet.launch(index));
    }
    if (!(await ready)) this.ledger.object('a server could not be started again on what it had left');
  }

  /** What was acknowledged until now is there. */
  async check(round: number): Promise<void> {
    const { requests } = this.ledger;
    // What is under way goes on meanwhile; nothing new is begun, or reading would never come to an end.
    await this.#gate.closed(async () => {
      await Promise.all(requests.map((promised) => this.#checkOne(promised, round)));
      await this.#household.check();
      await this.#readTrace();
    });
    this.#checkCallbacks();
    for (const line of this.#fleet.complaints.splice(0)) this.ledger.object(`a server wrote: ${line}`);
  }

  async #checkOne(promised: Promised, round: number): Promise<void> {
    const { persistence, control } = this.#flowParts;
    const known = knownOf(promised);
    const { authReqId, isOver } = promised;
    const answer = await persistence.until('reading a request', () =>
      control('GET', `/control/requests/${authReqId}`),
    );
    if (answer.status === 200) this.ledger.compare(promised, known, answer.json());
    else this.ledger.object(`${authReqId}: was acknowledged, and is not there: ${answer.text}`);
    if (!isOver) return;
    const since = this.#overSince.get(promised) ?? round;
    this.#overSince.set(promised, since);
    if (round - since < ROUNDS_REMEMBERED) return;
    this.#overSince.delete(promised);
    this.ledger.forget(promised);
  }

  /** Nobody is killed any more: what was begun comes to its end. */
  async finish(): Promise<void> {
    this.#isEnding = true;
    if (this.ledger.violations.length === 0) {
      await Promise.all(this.#working);
      await this.check(Number.POSITIVE_INFINITY);
    }
    this.#persistence.end();
  }

  sum(): Omit<CrashProgress, 'rounds'> {
    const { flows, redeemed, acknowledged, cutOff, eventsSeen, violations } = this.ledger;
    return { flows, redeemed, acknowledged, cutOff, events: eventsSeen, violations };
  }

  async #readTrace(): Promise<void> {
    const { persistence, control } = this.#flowParts;
    // Some that are known already are read again: they are what they were.
    const after = Math.max(0, this.ledger.lastEvent - 200);
    const answer = await persistence.until('the trace', () =>
      control('GET', `/control/trace?after=${after}&limit=2000`),
    );
    let last = after;
    for (const event of answer.json().events) {
      if (event.number <= last) this.ledger.object(`event ${event.number} came after event ${last}`);
      last = event.number;
      this.ledger.told(event.number, `${event.type} ${event.at} ${event.approval ?? ''}`);
    }
  }

  /** CIBA Core §10.3.1: a push that comes again is the same. */
  #checkCallbacks(): void {
    const bodies = new Map<string, string>();
    const { received } = this.#flowParts.callbacks;
    for (const { text } of received) {
      const { auth_req_id: authReqId } = JSON.parse(text);
      const known = bodies.get(authReqId) ?? text;
      if (known !== text) this.ledger.object(`${authReqId}: was called back with this and that`);
      bodies.set(authReqId, text);
    }
    // Nobody waits for one of these any more.
    if (received.length > 2 * MOST_CALLBACKS) received.splice(0, received.length - MOST_CALLBACKS);
  }

  #repeat(work: () => Promise<void>): void {
    const working = async (): Promise<void> => {
      while (!this.#isEnding) {
        await this.#gate.passed();
        await work();
      }
    };
    this.#working.push(
      working().catch((error: unknown) => {
        if (!this.#isEnding) this.ledger.object(`a client failed: ${String(error)}`);
      }),
    );
  }

  /** Resolves after so many more answers, or when everybody waits for somebody. */
  #answers(count: number): Promise<void> {
    const until = this.ledger.acknowledged + count;
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        clearTimeout(limit);
        resolve();
      };
      const limit = setTimeout(done, LONGEST_ROUND_MS);
      const stop = this.ledger.watch(() => {
        if (this.ledger.acknowledged >= until || this.ledger.violations.length > 0) done();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    this.#persistence.end();
    for (const step of this.#undo.toReversed()) await step();
  }
}

/** Shut while somebody reads what there is. */
class Gate {
  #opening: Promise<void> = Promise.resolve();

  async closed(reading: () => Promise<void>): Promise<void> {
    const done = reading();
    this.#opening = done.catch(() => undefined);
    await done;
  }

  passed(): Promise<void> {
    return this.#opening;
  }
}

function pass(ms: number): Promise<void> {
  return ms < 1 ? rest() : new Promise((resolve) => setTimeout(resolve, ms));
}

function tenantOf(clients: ReadonlyMap<string, LabClient>): TenantConfigInput {
  return {
    tenant: { name: 'crashing', profile: 'standard' },
    clients: [...clients.values()].map(({ entry }) => entry),
    resource_servers: APIS,
    users: PEOPLE.filter(({ user_id }) => user_id === ADA || user_id === GRACE),
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
