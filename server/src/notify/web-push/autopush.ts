// Mozilla's push protocol, as stock Firefox speaks it: JSON text frames over a WebSocket with the subprotocol
// `push-notification`. A browser is known by its `uaid`, which must outlive restarts: at any other one in the answer to
// `hello`, Firefox drops every subscription of the profile.
// Imitated from the wire and from PushServiceWebSocket.sys.mjs of Firefox ESR 153.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Ids } from '../../ids.ts';
import type { Collection, Store } from '../../store.ts';
import type { Delivery, PushService } from './push-service.ts';
import type { Subscription } from './subscription.ts';
import { normalizePublicKey } from './vapid-token.ts';

const SUBPROTOCOL = 'push-notification';
/** Longest message of a browser is a few hundred bytes, an `ack` of many messages a few thousand. */
const LONGEST_MESSAGE_BYTES = 64 * 1024;

const FAREWELL_MS = 250;

const CLOSE = {
  serverStops: 1001,
  protocolError: 1002,
  /** Firefox does not come back by itself after this one: two browsers with one copied profile would take turns. */
  takenOver: 4774,
} as const;

const channelId = z.string().min(1).max(128);
/** Anything else that has a type is left unanswered, as Firefox may learn to say more. */
const messageSchema = z.discriminatedUnion('messageType', [
  z.object({ messageType: z.literal('hello'), uaid: z.string().max(128).nullish() }),
  z.object({ messageType: z.literal('register'), channelID: channelId, key: z.string().nullish() }),
  z.object({ messageType: z.literal('unregister'), channelID: channelId }),
  z.object({
    messageType: z.literal('ack'),
    // 100 delivered, 101 could not be decrypted, 102 not delivered. None of them would get better by sending again.
    updates: z.array(z.object({ channelID: channelId, version: z.string() })),
  }),
  z.object({ messageType: z.literal('broadcast_subscribe') }),
  z.object({ messageType: z.literal('ping') }),
]);
type ClientMessage = z.output<typeof messageSchema>;

export interface AutopushOptions {
  service: PushService;
  store: Store;
  ids: Ids;
  onUnexpected: (error: unknown) => void;
}

/** A browser that said hello. */
interface Agent {
  uaid: string;
  listener: string;
}

export class Autopush {
  readonly #options: AutopushOptions;
  readonly #agents: Collection<{ uaid: string }>;
  readonly #connected = new Map<string, WebSocket>();
  /** Loaded for the first browser. */
  #opening: Promise<WebSocketServer> | undefined;
  #isClosing = false;

  constructor(options: AutopushOptions) {
    this.#options = options;
    this.#agents = options.store.collection('push-autopush-agents');
  }

  /** Takes over an HTTP connection that asks for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // RFC 6455 §10.2. Firefox itself names the address of the socket (ws:); a page in any browser names its own (http:).
    const { origin } = request.headers;
    if (origin !== undefined && !/^wss?:\/\//.test(origin)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
      return;
    }
    this.#opening ??= openServer();
    this.#opening
      .then((server) => {
        if (this.#isClosing) socket.destroy();
        else server.handleUpgrade(request, socket, head, (webSocket) => this.#converse(webSocket));
      })
      .catch((error: unknown) => {
        this.#options.onUnexpected(error);
        socket.destroy();
      });
  }

  /** Tells every browser to come back later, and gives it a moment to say that it has understood. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const server = await this.#opening;
    if (!server) return;
    const clients = [...server.clients];
    const farewells = clients.map(
      (webSocket) => new Promise<void>((resolve) => webSocket.once('close', () => resolve())),
    );
    for (const webSocket of clients) webSocket.close(CLOSE.serverStops);
    const cutOff = setTimeout(() => {
      for (const webSocket of clients) webSocket.terminate();
    }, FAREWELL_MS);
    await Promise.all(farewells);
    clearTimeout(cutOff);
    server.close();
  }

  #converse(webSocket: WebSocket): void {
    const closed = new AbortController();
    webSocket.once('close', () => closed.abort());
    // A frame that breaks RFC 6455 closes the connection by itself; there is nobody to tell.
    webSocket.on('error', () => {});
    let agent: Agent | undefined;
    let begun = 0;
    // Whoever speaks and does not listen is heard no further: what is said to them would be kept without end.
    const answerFirst = (answering: Promise<void>): void => {
      begun += 1;
      webSocket.pause();
      void answering.finally(() => {
        begun -= 1;
        if (begun === 0) webSocket.resume();
      });
    };
    webSocket.on('ping', (data) => {
      answerFirst(new Promise((resolve) => webSocket.pong(data, false, () => resolve())));
    });
    const take = async (text: string): Promise<void> => {
      if (text === '{}') return say(webSocket, '{}');
      const message = readMessage(text);
      if (message === 'unknown') return;
      if (message?.messageType === 'hello' && agent === undefined) {
        agent = await this.#greet(webSocket, message.uaid ?? undefined, closed.signal);
      } else if (message && agent) {
        await this.#answer(webSocket, agent, message);
      } else {
        webSocket.close(CLOSE.protocolError);
      }
    };
    // One message after the other: a `register` must not overtake its `hello`.
    let turn: Promise<void> = Promise.resolve();
    webSocket.on('message', (frame) => {
      turn = turn
        .then(() => (closed.signal.aborted ? undefined : take(frame.toString())))
        .catch((error: unknown) => {
          this.#options.onUnexpected(error);
          webSocket.terminate();
        });
      answerFirst(turn);
    });
  }

  async #greet(webSocket: WebSocket, offered: string | undefined, closed: AbortSignal): Promise<Agent> {
    const { ids, service } = this.#options;
    const known = offered === undefined ? undefined : await this.#agents.get(offered);
    const uaid = known?.value.uaid ?? ids.make('', 32);
    const agent: Agent = { uaid, listener: `autopush:${uaid}` };
    if (closed.aborted) return agent;
    this.#connected.get(uaid)?.close(CLOSE.takenOver);
    this.#connected.set(uaid, webSocket);
    closed.addEventListener('abort', () => {
      if (this.#connected.get(uaid) === webSocket) this.#connected.delete(uaid);
    });
    // Without use_webpush Firefox would expect messages without bodies.
    await send(webSocket, { messageType: 'hello', status: 200, uaid, use_webpush: true, broadcasts: {} });
    await service.attach(
      agent.listener,
      (delivery) => void send(webSocket, toNotification(delivery)),
      closed,
    );
    return agent;
  }

  async #answer(webSocket: WebSocket, { listener, uaid }: Agent, message: ClientMessage): Promise<void> {
    const { service } = this.#options;
    switch (message.messageType) {
      case 'register': {
        const subscription = await this.#register(listener, message.channelID, message.key ?? '');
        // A browser without subscriptions has nothing to be remembered for, and anybody may say hello.
        if (typeof subscription === 'object') await this.#agents.insert(uaid, { uaid });
        const answer =
          typeof subscription === 'object'
            ? { status: 200, pushEndpoint: service.endpointOf(subscription) }
            : subscription === 'full'
              ? { status: 429, reason: 'There are too many subscriptions.' }
              : { status: 400, reason: 'Expected key, the applicationServerKey of the page.' };
        return send(webSocket, { messageType: 'register', channelID: message.channelID, ...answer });
      }
      case 'unregister': {
        const subscription = await this.#find(listener, message.channelID);
        if (subscription) await service.unsubscribe(subscription);
        return send(webSocket, { messageType: 'unregister', status: 200, channelID: message.channelID });
      }
      case 'ack':
        for (const { version } of message.updates) await service.acknowledge(listener, version);
        return;
      case 'broadcast_subscribe':
        return send(webSocket, { messageType: 'broadcast', broadcasts: {} });
      case 'ping':
        return say(webSocket, '{}');
      case 'hello':
        return webSocket.close(CLOSE.protocolError);
    }
  }

  /** A channel that registers again keeps its endpoint, unless it now belongs to another key. */
  async #register(
    listener: string,
    channel: string,
    key: string,
  ): Promise<Subscription | 'full' | undefined> {
    const { service } = this.#options;
    const applicationServerKey = normalizePublicKey(key);
    if (applicationServerKey === undefined) return undefined;
    const existing = await this.#find(listener, channel);
    if (existing?.applicationServerKey === applicationServerKey) return existing;
    if (existing) await service.unsubscribe(existing);
    return service.subscribe({
      listener,
      address: { via: 'autopush', channelId: channel },
      applicationServerKey,
    });
  }

  async #find(listener: string, channel: string): Promise<Subscription | undefined> {
    const subscriptions = await this.#options.service.subscriptionsOf(listener);
    return subscriptions.find(({ address }) => address.via === 'autopush' && address.channelId === channel);
  }
}

async function openServer(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({
    noServer: true,
    // Answered above, in their turn.
    autoPong: false,
    maxPayload: LONGEST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
}

function readMessage(text: string): ClientMessage | 'unknown' | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON at all: undefined ends the conversation.
    return undefined;
  }
  const message = messageSchema.safeParse(value);
  if (message.success) return message.data;
  const isOfAnotherType = message.error.issues.some(({ path }) => path[0] === 'messageType');
  return isOfAnotherType ? 'unknown' : undefined;
}

function toNotification({ subscription, message, ttlSeconds }: Delivery): object {
  if (subscription.address.via !== 'autopush') throw new Error('a subscription of another protocol');
  return {
    messageType: 'notification',
    channelID: subscription.address.channelId,
    version: message.id,
    ttl: ttlSeconds,
    ...(message.body === '' ? {} : { data: message.body, headers: { encoding: 'aes128gcm' } }),
  };
}

function send(webSocket: WebSocket, message: object): Promise<void> {
  return say(webSocket, JSON.stringify(message));
}

/** Resolves once the browser takes it, or is gone. */
function say(webSocket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => webSocket.send(text, () => resolve()));
}
