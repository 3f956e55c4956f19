// A started server with everything that the catalogue needs around it: people, clients of every kind, their callbacks, and
// the control API for decisions and time. The chapters see this; what is inside the server they do not.
import { type ControlClient, type RunningAssent, startAssent } from 'assent';
import type { ApprovalView, TenantConfigInput } from 'assent/contract';
import { expect } from 'vitest';
import { ApproverDevice } from '../client/approver-device.ts';
import { CallbackReceiver } from '../client/callback-receiver.ts';
import { type Authority, makeAuthority } from '../client/certificates.ts';
import type { Answer, Outgoing, Parameters } from '../client/exchange.ts';
import { newJti } from '../client/jwt.ts';
import { Provider } from '../client/provider.ts';
import { RelyingParty } from '../client/relying-party.ts';
import { type Kind, type LabClient, makeClients, type Profile } from './clients.ts';
import { ADA, APIS, CAROL, CAROLS_CODE, emailOf, PEOPLE } from './people.ts';

export interface LabOptions {
  profile: Profile;
  /** Folder of certificates and keys, which the labs of a run share. */
  dataFolder: string;
  /** Changes the tenant before it starts. */
  change?: ((config: TenantConfigInput) => TenantConfigInput) | undefined;
  /** In place of the clients that the catalogue speaks of, by name. */
  kinds?: Readonly<Record<string, Kind>>;
}

/** The answer of a token endpoint, or what push delivered. */
// biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
export type Tokens = Record<string, any>;

/** More than the interval of any client here. */
const A_POLL_LATER_MS = 5_000;

export class Lab implements AsyncDisposable {
  readonly profile: Profile;
  readonly provider: Provider;
  readonly callbacks: CallbackReceiver;
  readonly authority: Authority;
  readonly #assent: RunningAssent;
  readonly #clients: ReadonlyMap<string, LabClient>;
  readonly #parties = new Map<string, RelyingParty>();
  readonly #devices = new Map<string, Promise<ApproverDevice>>();

  private constructor(parts: {
    profile: Profile;
    assent: RunningAssent;
    provider: Provider;
    callbacks: CallbackReceiver;
    authority: Authority;
    clients: ReadonlyMap<string, LabClient>;
  }) {
    this.profile = parts.profile;
    this.#assent = parts.assent;
    this.provider = parts.provider;
    this.callbacks = parts.callbacks;
    this.authority = parts.authority;
    this.#clients = parts.clients;
  }

  static async start({ profile, dataFolder, change = (config) => config, kinds }: LabOptions): Promise<Lab> {
    const [authority, callbacks] = await Promise.all([makeAuthority(), CallbackReceiver.start()]);
    const clients = await makeClients(
      profile,
      { authority, callbackUrl: (path) => callbacks.url(path) },
      kinds,
    );
    const config: TenantConfigInput = {
      tenant: { name: 'lab', profile },
      clients: [...clients.values()].map(({ entry }) => entry),
      resource_servers: APIS,
      mtls: { ca: authority.ca },
      users:
        profile === 'auth0'
          ? PEOPLE
          : PEOPLE.map((one) => (one.user_id === CAROL ? { ...one, user_code: CAROLS_CODE } : one)),
      ciba: {
        requests_per_minute_per_user: 0,
        requests_per_minute_per_tenant: 0,
        pending_requests_per_tenant: 0,
        notification_hosts: ['localhost'],
      },
      ...(profile === 'standard' ? { mtls: { ca: authority.ca } } : {}),
    };
    const assent = await startAssent({ config: change(config), dataFolder }).catch(async (error: unknown) => {
      await callbacks[Symbol.asyncDispose]();
      throw error;
    });
    const provider = await Provider.discover({
      issuer: assent.issuer,
      ca: assent.ca,
      now: () => assent.clock.now(),
    });
    return new Lab({ profile, assent, provider, callbacks, authority, clients });
  }

  get control(): ControlClient {
    return this.#assent.control;
  }

  get url(): string {
    return this.#assent.url;
  }

  get ca(): string | undefined {
    return this.#assent.ca;
  }

  now(): number {
    return this.#assent.clock.now();
  }

  /** Puts the server's time forward; resolves once what falls due until then has happened. */
  async advance(ms: number): Promise<void> {
    await this.control.clock.advance(ms);
  }

  names(): string[] {
    return [...this.#clients.keys()];
  }

  /** What a client of the tenant file is registered with. */
  registered(name: string): LabClient {
    const client = this.#clients.get(name);
    if (!client) throw new Error(`the lab of the profile ${this.profile} has no client ${name}`);
    return client;
  }

  client(name: string): RelyingParty {
    const kept = this.#parties.get(name);
    if (kept) return kept;
    const client = this.registered(name);
    const party = new RelyingParty({
      provider: this.provider,
      identity: client,
      baseline: () => this.#baseline(client),
    });
    this.#parties.set(name, party);
    return party;
  }

  /** The hint by which this profile's clients name a person. */
  hint(userId: string): string {
    return this.profile === 'auth0'
      ? JSON.stringify({ format: 'iss_sub', iss: this.provider.issuer, sub: userId })
      : emailOf(userId);
  }

  /** A device of this person, with a key. */
  device(userId: string): Promise<ApproverDevice> {
    const kept = this.#devices.get(userId);
    if (kept) return kept;
    const server = { url: this.url, ca: this.ca, now: () => this.now() };
    const device = ApproverDevice.enrol(server, userId);
    this.#devices.set(userId, device);
    return device;
  }

  approval(authReqId: string): Promise<ApprovalView> {
    return this.control.request(authReqId);
  }

  /** Polls when it is due. */
  async pollPaced(client: RelyingParty, authReqId: string, changes: Parameters = {}): Promise<Answer> {
    await this.advance(A_POLL_LATER_MS);
    return client.poll(authReqId, changes);
  }

  /** The whole story of a request that is approved: tokens, in the way in which the client gets them. */
  async complete(
    name: string,
    changes: Parameters = {},
    redemption: { changes?: Parameters; outgoing?: Outgoing } = {},
  ): Promise<{ authReqId: string; tokens: Tokens }> {
    const client = this.client(name);
    const authReqId = await client.askFor(changes);
    return { authReqId, tokens: await this.approveAndCollect(name, authReqId, redemption) };
  }

  async approveAndCollect(
    name: string,
    authReqId: string,
    { changes = {}, outgoing = {} }: { changes?: Parameters; outgoing?: Outgoing } = {},
  ): Promise<Tokens> {
    await this.control.approve(authReqId);
    if (this.registered(name).delivery === 'push') {
      const [callback] = await this.callbacks.arrival(authReqId);
      return callback?.json();
    }
    if (this.registered(name).delivery === 'ping') await this.callbacks.arrival(authReqId);
    const answer = await this.client(name).poll(authReqId, changes, outgoing);
    expect(answer.text).toContain('access_token');
    return answer.json();
  }

  /** Access tokens, one after the other; a client that is given a new refresh token goes on with that. */
  async refreshed(name: string, refreshToken: string, count: number): Promise<string[]> {
    const tokens: string[] = [];
    for (let last = refreshToken; tokens.length < count; ) {
      const answer = await this.client(name).refresh(last);
      expect(answer.status, answer.text).toBe(200);
      tokens.push(answer.json().access_token);
      last = answer.json().refresh_token ?? last;
    }
    return tokens;
  }

  /** Nothing of what `work` does may reach anybody who approves. */
  async nobodyIsAsked(work: () => Promise<unknown>): Promise<void> {
    const before = await this.control.requests({ limit: 1 });
    await work();
    expect(await this.control.requests({ limit: 1 })).toEqual(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const devices = await Promise.all(this.#devices.values());
    await Promise.all([...devices, ...this.#parties.values()].map((one) => one[Symbol.asyncDispose]()));
    await this.provider[Symbol.asyncDispose]();
    await this.#assent.close();
    await this.callbacks[Symbol.asyncDispose]();
  }

  #baseline({ delivery }: LabClient): Parameters {
    return {
      scope: 'openid',
      login_hint: this.hint(ADA),
      binding_message: 'W4-SCT1',
      ...(delivery === 'poll' ? {} : { client_notification_token: newJti() }),
    };
  }
}
