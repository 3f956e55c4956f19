// The HTTP surface on a real socket, over a real tenant whose time stands still until a test moves it. Requests are
// opened at the heart, so that these tests say nothing about the protocol in front of it.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConsentView, toApprovalView } from '../src/approvals/index.ts';
import { createManualClock, type ManualClock } from '../src/clock.ts';
import { type ApprovalView, type TenantConfigInput, tenantConfigSchema } from '../src/contract/index.ts';
import { createHttpApp, type HttpParts } from '../src/http/index.ts';
import { createRandomIds } from '../src/ids.ts';
import { Outbox } from '../src/notify/index.ts';
import { createMemoryStore, createTenant, type Tenant } from '../src/tenant/index.ts';

export const ADA = 'auth0|ada';
export const GRACE = 'auth0|grace';

const CONFIG: TenantConfigInput = {
  tenant: { name: 'bank', friendly_name: 'the bAInk' },
  clients: [{ client_id: 'aiya', client_secret: 'not-real', name: 'Aiya' }],
  users: [
    { user_id: ADA, name: 'Ada Lovelace', email: 'ada@example.com' },
    {
      user_id: GRACE,
      name: 'Grace Hopper',
      devices: [{ id: 'dev_0123456789abcdef', name: 'Phone of the tenant file' }],
    },
  ],
};

export interface Question {
  clientId?: string;
  bindingMessage?: string;
  expiresInSeconds?: number;
}

export class HttpWorld implements AsyncDisposable {
  readonly url: string;
  readonly clock: ManualClock;
  readonly tenant: Tenant;
  readonly #server: Server;
  readonly #shutdown: AbortController;

  private constructor(parts: {
    clock: ManualClock;
    tenant: Tenant;
    server: Server;
    shutdown: AbortController;
  }) {
    this.clock = parts.clock;
    this.tenant = parts.tenant;
    this.#server = parts.server;
    this.#shutdown = parts.shutdown;
    this.url = `http://${this.host}`;
  }

  static async start(changes: Partial<HttpParts> = {}): Promise<HttpWorld> {
    const clock = createManualClock(Date.parse('2030-01-01T12:00:00Z'));
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const shutdown = new AbortController();
    const tenant: Tenant = await createTenant({
      config: tenantConfigSchema.parse(CONFIG),
      issuer: 'https://bank.assent.example/',
      clock,
      ids: createRandomIds(),
      store: createMemoryStore(clock),
      keys: { private: [], public: [] },
      ports: {
        announce: (approval) => outbox.announce(approval),
        settle: async (approval) => outbox.forget(approval.id),
      },
    });
    const outbox = new Outbox((event) => void tenant.log.append(event));
    const world = new HttpWorld({ clock, tenant, server, shutdown });
    const app = createHttpApp({
      tenant,
      outbox,
      oauth: async (ctx, next) => {
        if (ctx.path !== '/oauth/token') return next();
        ctx.body = { answeredBy: 'oauth' };
      },
      oauthRoutes: [
        { method: 'POST', path: '/bc-authorize', purpose: 'start a CIBA request' },
        { method: 'POST', path: '/oauth/token', purpose: 'exchange a grant for tokens' },
        { method: 'GET', path: '/authorize', purpose: 'log a person in' },
      ],
      isReady: () => true,
      version: '1.2.3',
      startedAtMs: clock.now(),
      webFolder: '/nowhere',
      caPem: undefined,
      allowedHosts: () => new Set([world.host, 'bank.assent.example']),
      askDemo: async (userId) => (await world.ask(userId)).name,
      shutdown: shutdown.signal,
      ...changes,
    });
    server.on('request', app.callback());
    return world;
  }

  /** Value of the Host header. */
  get host(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** A client asks `userId`. */
  async ask(userId: string, question: Question = {}): Promise<ApprovalView> {
    const approval = await this.tenant.approvals.open({
      authReqId: this.tenant.ids.make('', 32),
      clientId: question.clientId ?? 'aiya',
      clientName: 'Aiya',
      userId,
      userName: this.tenant.directory.user(userId)?.name ?? userId,
      bindingMessage: question.bindingMessage ?? 'TRIP-7F2',
      scope: ['openid'],
      consent: buildConsentView({ clientName: 'Aiya', scope: ['openid'] }),
      channel: 'guardian-push',
      expiresInSeconds: question.expiresInSeconds ?? 300,
      intervalSeconds: 5,
    });
    return toApprovalView(approval, this.clock.now());
  }

  /** Resolves once the server has begun to answer the next call. */
  async nextCallArrives(): Promise<void> {
    await once(this.#server, 'request');
  }

  /** Lets time pass, a second at a time, until `settled` is; at most `ms`. */
  async moveUntil(settled: Promise<unknown>, ms: number): Promise<void> {
    const isDone = settled.then(() => true);
    for (let movedMs = 0; movedMs < ms; movedMs += 1_000) {
      this.clock.advance(1_000);
      // Sockets and promises have their turn between two steps.
      const turn = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
      if (await Promise.race([isDone, turn])) return;
    }
  }

  /** What the process does first when it is told to stop. */
  beginShutdown(): void {
    this.#shutdown.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shutdown.abort();
    await this.tenant.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
