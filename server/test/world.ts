// A running Assent whose time stands still until a test moves it, with two people and two agents that ask them.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { type ApprovalView, CIBA_GRANT_TYPE, type TenantConfigInput } from '../src/contract/index.ts';
import {
  type ControlClient,
  createManualClock,
  type ManualClock,
  type RunningAssent,
  startAssent,
} from '../src/index.ts';
import { Agent } from './agent.ts';

export const ADA = 'auth0|ada';
export const GRACE = 'auth0|grace';

// Made once per test file: a key for each tenant would be most of the work of a test.
const { privateKey } = await generateKeyPair('RS256', { extractable: true });

export const CONFIG: TenantConfigInput = {
  tenant: { name: 'bank', friendly_name: 'the bAInk' },
  clients: ['aiya', 'night-trader'].map((id) => ({
    client_id: id,
    client_secret: `${id}-secret`,
    name: id,
    grant_types: [CIBA_GRANT_TYPE],
  })),
  users: [
    {
      user_id: ADA,
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      devices: [{ id: 'dev_AAAAAAAAAAAAAAAA', name: 'Phone of the tenant file' }],
    },
    {
      user_id: GRACE,
      name: 'Grace Hopper',
      devices: [{ id: 'dev_GGGGGGGGGGGGGGGG', name: 'Phone of the tenant file' }],
    },
  ],
  ciba: { requests_per_minute_per_user: 0 },
  signing_keys: [{ ...(await exportJWK(privateKey)), kty: 'RSA', kid: 'test-only' }],
};

export interface Question {
  clientId?: string;
  bindingMessage?: string;
  scope?: string;
  expiresInSeconds?: number;
}

export interface WorldOptions {
  issuer?: string;
  /** In place of what a tenant has by default. */
  guardian?: NonNullable<TenantConfigInput['guardian']>;
  /** Beside what this file says. */
  ciba?: NonNullable<TenantConfigInput['ciba']>;
}

export class World implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly #assent: RunningAssent;

  private constructor(assent: RunningAssent, clock: ManualClock) {
    this.#assent = assent;
    this.clock = clock;
  }

  static async start({ issuer, guardian, ciba }: WorldOptions = {}): Promise<World> {
    const clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));
    const config = { ...CONFIG, ...(guardian ? { guardian } : {}), ciba: { ...CONFIG.ciba, ...ciba } };
    const assent = await startAssent({
      config,
      tls: false,
      clock,
      ...(issuer === undefined ? {} : { issuer }),
    });
    return new World(assent, clock);
  }

  get url(): string {
    return this.#assent.url;
  }

  get issuer(): string {
    return this.#assent.issuer;
  }

  get control(): ControlClient {
    return this.#assent.control;
  }

  /** Value of the Host header. */
  get host(): string {
    return new URL(this.url).host;
  }

  /** A client asks `userId`, over the wire. */
  async ask(userId: string, question: Question = {}): Promise<ApprovalView> {
    const clientId = question.clientId ?? 'aiya';
    const agent = new Agent(this.#assent, { client_id: clientId, client_secret: `${clientId}-secret` });
    const authReqId = await agent.askFor({
      audience: undefined,
      scope: question.scope ?? 'openid',
      login_hint: agent.hint(userId),
      binding_message: question.bindingMessage ?? 'TRIP-7F2',
      requested_expiry: String(question.expiresInSeconds ?? 300),
    });
    return this.#assent.control.request(authReqId);
  }

  /** The request as it is now. */
  read(ref: string): Promise<ApprovalView> {
    return this.#assent.control.request(ref);
  }

  /** Types of the events of one request, in order. */
  async story(ref: string): Promise<string[]> {
    return (await this.#assent.control.trace(ref)).map((event) => event.type);
  }

  /** Resolves once the server has begun to answer a call of `path`. */
  arrivalOf(path: string): Promise<void> {
    return arrivals(path, 1);
  }

  /** Lets time pass, a second at a time, until `settling` has settled. */
  async moveUntil(settling: Promise<unknown>): Promise<void> {
    const isDone = settling.then(() => true);
    for (;;) {
      this.clock.advance(1_000);
      // Sockets and promises have their turn between two steps.
      const turn = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
      if (await Promise.race([isDone, turn])) return;
    }
  }

  stop(): Promise<void> {
    return this.#assent.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Resolves once a server of this process has begun to answer `count` calls of `path`. */
export function arrivals(path: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const notice = (message: unknown): void => {
      const { request } = message as { request: IncomingMessage };
      if (!request.url?.startsWith(path)) return;
      left -= 1;
      if (left > 0) return;
      unsubscribe('http.server.request.start', notice);
      resolve();
    };
    subscribe('http.server.request.start', notice);
  });
}
