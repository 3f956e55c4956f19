// As much of Google's push as stock Chromium needs, when it is started with the switches that point it here: check-in,
// registration and MCS. The endpoint that a page gets still names Google's host, since Chromium has that built in; the
// sender takes messages for that host here instead.
// Imitated from the wire and from google_apis/gcm in Chromium; not affiliated with the original.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Clock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import type { Collection, Store } from '../../store.ts';
import { FcmAgents } from './fcm-agents.ts';
import { McsSession } from './mcs-session.ts';
import { decodeMessage, encodeMessage, type IncomingFields, numberOf } from './protobuf.ts';
import type { PushService } from './push-service.ts';
import { readBody } from './request-body.ts';
import type { Subscription } from './subscription.ts';
import { normalizePublicKey } from './vapid-token.ts';

export interface FcmImitationOptions {
  service: PushService;
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Where check-in and registration are reached, without a slash at the end. */
  origin: string;
  /** PEM, for `localhost`. Chromium must be told to trust it. */
  certificate: { cert: string; key: string };
  /** Address of the MCS port. */
  host: string;
}

/** Fields of AndroidCheckinRequest and AndroidCheckinResponse (checkin.proto). */
const CHECKIN_REQUEST = { id: 2, securityToken: 13 } as const;
const CHECKIN_RESPONSE = {
  statsOk: 1,
  timeMsec: 3,
  androidId: 7,
  securityToken: 8,
  versionInfo: 11,
} as const;

const LONGEST_BODY_BYTES = 64 * 1024;

/** Chromium's stable channel has the first host built in; every other build, Debian's too, the second. */
export const FCM_HOSTS: readonly string[] = ['fcm.googleapis.com', 'jmt17.google.com'];
const AUDIENCES = FCM_HOSTS.map((host) => `https://${host}`);

/** How our send tokens begin. The endpoint names Google's host all the same, and Google's own tokens look different. */
export const FCM_TOKEN_PREFIX = 'assent_';

export class FcmImitation {
  readonly #options: FcmImitationOptions;
  readonly #agents: FcmAgents;
  readonly #server: Server;
  /** Below TLS, which whoever connects and says nothing never gets to. */
  readonly #sockets = new Set<Socket>();

  private constructor(options: FcmImitationOptions) {
    this.#options = options;
    this.#agents = new FcmAgents(options.store, options.clock, options.ids);
    this.#server = createServer(options.certificate, (socket) => this.#converse(socket));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Whether an earlier process on this store opened it, so that there may be browsers that look for it. */
  static async wasOpen(store: Store): Promise<boolean> {
    return (await portsOf(store).get('mcs')) !== undefined;
  }

  /** Opens the MCS port. */
  static async start(options: FcmImitationOptions): Promise<FcmImitation> {
    const imitation = new FcmImitation(options);
    const ports = portsOf(options.store);
    const kept = await ports.get('mcs');
    try {
      // A Chromium that runs on keeps to the switches that it was started with.
      await imitation.#listen(kept?.value.port ?? 0);
    } catch (cause) {
      if (kept === undefined) throw cause;
      await imitation.#listen(0);
    }
    const { port } = imitation;
    if (kept === undefined) await ports.insert('mcs', { port });
    else if (kept.value.port !== port) await ports.replace('mcs', kept.version, { port });
    return imitation;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a TLS server has no port');
    return address.port;
  }

  /** What to start Chromium with. Trust in the certificate comes on top. */
  get switches(): string[] {
    const { origin } = this.#options;
    return [
      `--gcm-checkin-url=${origin}/push/fcm/checkin`,
      `--gcm-registration-url=${origin}/push/fcm/register`,
      `--gcm-mcs-endpoint=https://localhost:${this.port}`,
    ];
  }

  /** Gives a browser the numbers under which it is known. */
  async checkIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fields = readProtobuf(await readBody(request, LONGEST_BODY_BYTES));
    if (!fields) {
      response.writeHead(400).end();
      return;
    }
    const agent = await this.#agents.checkIn(
      String(numberOf(fields, CHECKIN_REQUEST.id) ?? ''),
      String(numberOf(fields, CHECKIN_REQUEST.securityToken) ?? ''),
    );
    if (!agent) {
      response.writeHead(429).end();
      return;
    }
    const { androidId, securityToken } = agent;
    const body = encodeMessage([
      { field: CHECKIN_RESPONSE.statsOk, varint: 1 },
      { field: CHECKIN_RESPONSE.timeMsec, varint: this.#options.clock.now() },
      { field: CHECKIN_RESPONSE.androidId, fixed64: BigInt(androidId) },
      { field: CHECKIN_RESPONSE.securityToken, fixed64: BigInt(securityToken) },
      { field: CHECKIN_RESPONSE.versionInfo, bytes: 'assent' },
    ]);
    response.writeHead(200, { 'content-type': 'application/x-protobuffer' }).end(body);
  }

  /** Subscribes and unsubscribes. Google answers in text, errors with status 200 included. */
  async register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (text: string): void => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
    };
    const [, androidId = '', securityToken = ''] =
      /^AidLogin (\d+):(\d+)$/.exec(request.headers.authorization ?? '') ?? [];
    const body = await readBody(request, LONGEST_BODY_BYTES);
    const listener = await this.#agents.authenticate(androidId, securityToken);
    if (listener === undefined) return answer('Error=AUTHENTICATION_FAILED');
    const form = new URLSearchParams(body?.toString('utf8'));
    const category = form.get('app') ?? '';
    const instanceId = form.get('appid') ?? '';
    if (form.get('delete') === 'true') {
      for (const subscription of await this.#ofInstance(listener, instanceId)) {
        await this.#options.service.unsubscribe(subscription);
      }
      return answer(`deleted=${category}`);
    }
    const sender = form.get('sender') ?? '';
    // Chromium registers for itself as well, with a project number for a sender. It is never sent anything, so any
    // token will do.
    if (normalizePublicKey(sender) === undefined) return answer(`token=${this.#options.ids.make('', 32)}`);
    const subscription = await this.#subscribe(listener, sender, {
      instanceId,
      category,
      subtype: form.get('X-subtype') ?? '',
    });
    answer(subscription === undefined ? 'Error=QUOTA_EXCEEDED' : `token=${subscription}`);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listen(port: number): Promise<void> {
    this.#server.listen({ host: this.#options.host, port });
    await once(this.#server, 'listening');
  }

  /** The send token: the one that the instance has already, while the key is the same. Undefined: there are too many. */
  async #subscribe(
    listener: string,
    sender: string,
    address: { instanceId: string; category: string; subtype: string },
  ): Promise<string | undefined> {
    const { service } = this.#options;
    const applicationServerKey = normalizePublicKey(sender);
    for (const subscription of await this.#ofInstance(listener, address.instanceId)) {
      if (subscription.applicationServerKey === applicationServerKey) return subscription.sendToken;
      await service.unsubscribe(subscription);
    }
    const subscription = await service.subscribe({
      listener,
      address: { via: 'fcm', ...address },
      applicationServerKey: sender,
      audiences: AUDIENCES,
      tokenPrefix: FCM_TOKEN_PREFIX,
    });
    if (!subscription) throw new Error('a key that was a key a moment ago');
    return subscription === 'full' ? undefined : subscription.sendToken;
  }

  async #ofInstance(listener: string, instanceId: string): Promise<Subscription[]> {
    const subscriptions = await this.#options.service.subscriptionsOf(listener);
    return subscriptions.filter(({ address }) => address.via === 'fcm' && address.instanceId === instanceId);
  }

  #converse(socket: TLSSocket): void {
    const { service, clock } = this.#options;
    new McsSession(socket, { service, agents: this.#agents, clock }).run().catch(() => {
      // A broken connection, or a program that speaks something else. Chromium comes back, others need not.
      socket.destroy();
    });
  }
}

function portsOf(store: Store): Collection<{ port: number }> {
  return store.collection('push-fcm-ports');
}

function readProtobuf(body: Buffer | undefined): IncomingFields | undefined {
  try {
    return body && decodeMessage(body);
  } catch {
    // decodeMessage throws RangeError for anything that is not protobuf.
    return undefined;
  }
}
