// The embedded push service behind real sockets, with the package web-push as its sender. Time of the queue stands still
// until a test moves it. It listens twice: with TLS, since web-push knows nothing else, and without for those who listen.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { Agent, createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import webPush from 'web-push';
import { createSystemClock } from '../../src/clock.ts';
import type { PushSubscription } from '../../src/contract/index.ts';
import { createRandomIds } from '../../src/ids.ts';
import {
  type EmbeddedPush,
  loadVapidKeys,
  startEmbeddedPush,
  type VapidKeys,
} from '../../src/notify/index.ts';
import type { Store } from '../../src/store.ts';
import { createMemoryStore } from '../../src/tenant/index.ts';
import { type Certificates, provideCertificates } from '../../src/tls/certificates.ts';
import { EventReader } from '../event-reader.ts';
import { type Answer, type Call, call } from '../http-call.ts';
import { BrowserKeys } from './browser-keys.ts';
import { type CountedClock, createCountedClock } from './counted-clock.ts';

export const START_MS = Date.parse('2030-01-01T12:00:00Z');

// Made once per test file.
const folder = await mkdtemp(join(tmpdir(), 'assent-push-'));
export const certificates: Certificates = await provideCertificates({ folder, clock: { now: Date.now } });
await rm(folder, { recursive: true });

/** A page that subscribed to the relay. */
export interface Page {
  subscription: PushSubscription;
  keys: BrowserKeys;
  /** Path of the subscription resource: the secret with which it listens. */
  path: string;
}

export interface SendOptions {
  ttlSeconds?: number;
  topic?: string;
  vapidKeys?: VapidKeys | null;
  contentEncoding?: 'aes128gcm' | 'aesgcm';
}

export interface SendAnswer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

export class PushWorld implements AsyncDisposable {
  readonly clock: CountedClock = createCountedClock(START_MS);
  readonly store: Store = createMemoryStore(this.clock);
  readonly vapidKeys: VapidKeys;
  /** Nothing may go wrong on this side unseen. */
  readonly unexpected: unknown[] = [];
  readonly #servers: readonly Server[];
  readonly #agent = new Agent({ ca: certificates.ca, keepAlive: false });
  #push: EmbeddedPush | undefined;

  private constructor(vapidKeys: VapidKeys) {
    this.vapidKeys = vapidKeys;
    const answer: RequestListener = (request, response) => {
      if (!this.push.answer(request, response)) response.writeHead(421).end('not for the push service');
    };
    this.#servers = [createHttpsServer(certificates, answer), createHttpServer(answer)];
    for (const server of this.#servers) {
      server.on('upgrade', (request, socket, head) => {
        if (!this.push.upgrade(request, socket, head)) socket.destroy();
      });
    }
  }

  static async start(): Promise<PushWorld> {
    const world = new PushWorld(await loadVapidKeys(undefined, createMemoryStore(createSystemClock())));
    for (const server of world.#servers) {
      server.listen({ host: '127.0.0.1', port: 0 });
      await once(server, 'listening');
    }
    await world.startPush();
    return world;
  }

  get push(): EmbeddedPush {
    if (!this.#push) throw new Error('The push service is not running.');
    return this.#push;
  }

  /** As endpoints name it. */
  get origin(): string {
    return `https://localhost:${this.#port(0)}`;
  }

  /** The same, without TLS. */
  get plainOrigin(): string {
    return `http://localhost:${this.#port(1)}`;
  }

  /** Starts it on what the store has, as after a restart of the server. */
  async startPush(): Promise<void> {
    const push = await startEmbeddedPush({
      store: this.store,
      clock: this.clock,
      ids: createRandomIds(),
      origin: this.origin,
      fcm: { certificate: certificates, host: '127.0.0.1' },
      onUnexpected: (error) => this.unexpected.push(error),
    });
    await push.openForChromium();
    this.#push = push;
  }

  async stopPush(): Promise<void> {
    const push = this.#push;
    this.#push = undefined;
    await push?.close();
  }

  /** One HTTP call with nothing added. */
  call(path: string, options: Call = {}): Promise<Answer> {
    return call(`${this.plainOrigin}${path}`, options);
  }

  async subscribePage(applicationServerKey = this.vapidKeys.publicKey): Promise<Page> {
    const answer = await this.call('/push/subscribe', {
      method: 'POST',
      headers: { 'Content-Type': 'application/webpush-options+json' },
      body: JSON.stringify({ vapid: applicationServerKey }),
    });
    if (answer.status !== 201) throw new Error(`Subscribing was answered ${answer.status}: ${answer.text}`);
    const { endpoint, subscription } = answer.json();
    const keys = new BrowserKeys();
    return { keys, subscription: keys.toSubscription(endpoint), path: new URL(subscription).pathname };
  }

  listen(page: Page): Promise<EventReader> {
    return EventReader.open(`${this.plainOrigin}${page.path}`);
  }

  /** The next message that the stream brings, decrypted, and the path of its resource. */
  async read(page: Page, stream: EventReader): Promise<{ text: string; path: string }> {
    const { data } = await stream.nextOf('push');
    const { text } = page.keys.open(Buffer.from(data.body, 'base64url'));
    return { text, path: new URL(data.message).pathname };
  }

  /** Sends with the unmodified package, as any application server would. */
  async send(
    subscription: PushSubscription,
    text: string | null,
    { ttlSeconds = 60, topic, vapidKeys = this.vapidKeys, contentEncoding = 'aes128gcm' }: SendOptions = {},
  ): Promise<SendAnswer> {
    const { endpoint, keys } = subscription;
    try {
      const { statusCode, headers, body } = await webPush.sendNotification({ endpoint, keys }, text, {
        TTL: ttlSeconds,
        contentEncoding,
        agent: this.#agent,
        ...(topic === undefined ? {} : { topic }),
        ...(vapidKeys === null ? {} : { vapidDetails: { subject: 'mailto:ops@example.com', ...vapidKeys } }),
      });
      return { status: statusCode, headers, body };
    } catch (error) {
      if (!(error instanceof webPush.WebPushError)) throw error;
      return { status: error.statusCode, headers: error.headers, body: error.body };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopPush();
    this.#agent.destroy();
    for (const server of this.#servers) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
    if (this.unexpected.length > 0) throw new AggregateError(this.unexpected, 'The push service failed.');
  }

  #port(index: number): number {
    const address = this.#servers[index]?.address();
    if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
    return address.port;
  }
}
