// What is shot at: a tenant in the profile `standard` with clients of several kinds, in a process of its own, and the means to
// ask whether it is well.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type ControlClient, createControlClient } from 'assent';
import type { TenantConfigInput } from 'assent/contract';
import { makeAuthority } from '../client/certificates.ts';
import { Provider } from '../client/provider.ts';
import { RelyingParty } from '../client/relying-party.ts';
import { type LabClient, makeClients } from '../lab/clients.ts';
import { ADA, APIS, emailOf, PEOPLE } from '../lab/people.ts';
import type { FromServer, ToServer } from './server-process.ts';

/** Which of the lab's clients take part: each way of authentication that plain http knows, and those that sign. */
const NAMES = [
  'agent',
  'basic',
  'jwt',
  'secret_jwt',
  'signing',
  'public',
  'no_ciba',
  'typed',
  'dpop',
] as const;
export type ClientName = (typeof NAMES)[number];
export const CLIENT_NAMES: readonly ClientName[] = NAMES;

export class Target implements AsyncDisposable {
  readonly url: string;
  readonly provider: Provider;
  readonly control: ControlClient;
  readonly #process: ChildProcess;
  readonly #parties: ReadonlyMap<string, RelyingParty>;

  private constructor(parts: {
    url: string;
    provider: Provider;
    process: ChildProcess;
    clients: Map<string, LabClient>;
  }) {
    this.url = parts.url;
    this.provider = parts.provider;
    this.control = createControlClient({ url: parts.url });
    this.#process = parts.process;
    this.#parties = new Map(
      [...parts.clients].map(([name, identity]) => [
        name,
        new RelyingParty({
          provider: parts.provider,
          identity,
          baseline: () => ({ scope: 'openid', login_hint: emailOf(ADA), binding_message: 'W4-SCT1' }),
        }),
      ]),
    );
  }

  static async start(): Promise<Target> {
    const callbackUrl = (): string => 'https://client.lab.example/notified';
    const all = await makeClients('standard', { authority: await makeAuthority(), callbackUrl });
    const clients = new Map([...all].filter(([name]) => NAMES.includes(name as ClientName)));
    const child = fork(join(import.meta.dirname, 'server-process.ts'), {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = await ask(child, { config: tenantOf(clients) });
    if (!('url' in started)) throw new Error(`the server did not start: ${JSON.stringify(started)}`);
    // The clock of the tenant is put forward; the attackers' tokens go by it.
    const control = createControlClient({ url: started.url });
    let offsetMs = Date.parse((await control.clock.read()).now) - Date.now();
    const provider = await Provider.discover({ issuer: started.issuer, now: () => Date.now() + offsetMs });
    const target = new Target({ url: started.url, provider, process: child, clients });
    target.#moved = (ms) => {
      offsetMs += ms;
    };
    return target;
  }

  #moved = (_ms: number): void => undefined;

  client(name: ClientName): RelyingParty {
    const party = this.#parties.get(name);
    if (!party) throw new Error(`no client ${name}`);
    return party;
  }

  /** Lets requests end and be forgotten, as they are after a day. */
  async letTimePass(ms: number): Promise<void> {
    await this.control.clock.advance(ms);
    this.#moved(ms);
  }

  /** How many requests people were asked in all: their short names count. */
  async askedSoFar(): Promise<number> {
    const [newest] = await this.control.requests({ limit: 1 });
    return newest === undefined ? 0 : Number(newest.name.slice(1));
  }

  async rssBytes(): Promise<number> {
    const answer = await ask(this.#process, { weigh: true });
    if (!('rssBytes' in answer)) throw new Error('the server does not say what it weighs');
    return answer.rssBytes;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const party of this.#parties.values()) await party[Symbol.asyncDispose]();
    await this.provider[Symbol.asyncDispose]();
    if (this.hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

function tenantOf(clients: ReadonlyMap<string, LabClient>): TenantConfigInput {
  return {
    tenant: { name: 'target', profile: 'standard' },
    clients: [...clients.values()].map(({ entry }) => entry),
    resource_servers: APIS,
    users: PEOPLE,
    registration: { enabled: true, initial_access_token: 'initial-access-token-of-the-lab' },
    ciba: { default_expiry: 60, expiry_limit: 600, retention: 60, requests_per_minute_per_tenant: 0 },
  };
}

async function ask(child: ChildProcess, message: ToServer): Promise<FromServer> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer] = await answered;
  return answer as FromServer;
}
