// The push service that Assent brings along (RFC 8030): who subscribed, what waits, who listens. Everything that must
// survive is in the store; only open connections are here. Transports (relay, autopush, fcm) attach listeners to it.
//
//   accept ──► waiting ──► delivered to each open connection ──► acknowledged, gone
//                 ├──► replaced by a message with the same topic
//                 └──► expired
import type { Clock } from '../../clock.ts';
import type { Ids } from '../../ids.ts';
import { type Collection, Room, type Store } from '../../store.ts';
import type { PushFaults } from './push-faults.ts';
import { type PushRequest, readPushRequest } from './push-request.ts';
import type { ListenerAddress, Subscription, WaitingMessage } from './subscription.ts';
import { findVapidFault, normalizePublicKey } from './vapid-token.ts';

export interface PushServiceOptions {
  store: Store;
  clock: Clock;
  ids: Ids;
  faults: PushFaults;
  /** The instances that serve the same browsers. Default: none. */
  neighbours?: PushNeighbours | undefined;
  /** Where it is reached, without a slash at the end. */
  origin: string;
  /**
   * Time by which tokens of senders are judged. Theirs is the computer's, so a clock that is moved by hand must not
   * judge them.
   */
  tokenClock: { now(): number };
  /** Told that a browser has taken a message. */
  onReceived?: (sendToken: string, topic: string) => void;
  /** Told of a late delivery that failed, since nobody waits for it. */
  onUnexpected: (error: unknown) => void;
}

export interface PushNeighbours {
  tell(topic: string, message: unknown): void;
  hear(topic: string, reader: (message: unknown) => void): () => void;
}

/** A message for a connection that another instance may have; and that a browser has taken one. */
const DELIVERED = 'push-delivered';
const RECEIVED = 'push-received';

export interface SubscribeRequest {
  listener: string;
  address: ListenerAddress;
  applicationServerKey: string;
  /** Origins of the endpoint, for a browser that puts another push service's name there. Default: our own. */
  audiences?: string[];
  /** How its send token begins, where it must be told from those of another push service. Default: anyhow. */
  tokenPrefix?: string;
}

export type Acceptance =
  | { status: 201; messageId: string; ttlSeconds: number }
  | {
      /** Those of 500 and above by a fault. */
      status: 400 | 401 | 403 | 404 | 410 | 413 | 429 | 500 | 502 | 503 | 504;
      reason: string;
      retryAfterSeconds?: number;
    };

/** A message on its way to one listener. */
export interface Delivery {
  subscription: Subscription;
  message: WaitingMessage;
  ttlSeconds: number;
}

interface Connection {
  receive: (delivery: Delivery) => void;
  /** What arrives while the waiting messages are read; undefined afterwards. */
  held: Delivery[] | undefined;
}

/** Anybody may subscribe; with those that were removed and are remembered. */
const MOST_SUBSCRIPTIONS = 5_000;

/** How long a sender is told that a subscription is gone, before it is forgotten. */
const REMEMBER_REMOVED_MS = 7 * 24 * 60 * 60 * 1000;

export class PushService {
  readonly #subscriptions: Collection<Subscription>;
  readonly #room: Room;
  readonly #messages: Collection<WaitingMessage>;
  readonly #connections = new Map<string, Set<Connection>>();
  readonly #cancelDelays = new Set<() => void>();
  readonly #options: PushServiceOptions;

  constructor(options: PushServiceOptions) {
    this.#options = options;
    this.#subscriptions = options.store.collection<Subscription>('push-subscriptions');
    this.#room = new Room(this.#subscriptions, options.clock, MOST_SUBSCRIPTIONS);
    this.#messages = options.store.collection<WaitingMessage>('push-messages');
    options.neighbours?.hear(DELIVERED, (delivery) => this.#handOver(delivery as Delivery));
    options.neighbours?.hear(RECEIVED, (message) => {
      const { sendToken, topic } = message as { sendToken: string; topic: string };
      options.onReceived?.(sendToken, topic);
    });
  }

  /** RFC 8030 §4, bound to a key as in RFC 8292 §4.1. Undefined: that is not a key. `full`: there are too many. */
  async subscribe(request: SubscribeRequest): Promise<Subscription | 'full' | undefined> {
    const { ids, origin } = this.#options;
    const applicationServerKey = normalizePublicKey(request.applicationServerKey);
    if (applicationServerKey === undefined) return undefined;
    if (!(await this.#room.take())) return 'full';
    const sendToken = ids.make(request.tokenPrefix ?? '', 32);
    const subscription: Subscription = {
      id: ids.make('sub_', 16),
      sendToken,
      listener: request.listener,
      address: request.address,
      audiences: request.audiences ?? [origin],
      applicationServerKey,
    };
    await this.#subscriptions.insert(sendToken, subscription);
    return subscription;
  }

  /** Where an application server sends to. */
  endpointOf({ sendToken }: Subscription): string {
    return `${this.#options.origin}/push/send/${sendToken}`;
  }

  /** Live subscriptions of a listener, oldest first. */
  async subscriptionsOf(listener: string): Promise<Subscription[]> {
    const found = await this.#subscriptions.findBy('listener', listener);
    return found.map(({ value }) => value).filter((subscription) => subscription.removedAtMs === undefined);
  }

  /** RFC 8030 §7.3: senders are told 410 from now on, and what waits is dropped. */
  async unsubscribe(subscription: Subscription): Promise<void> {
    const found = await this.#subscriptions.get(subscription.sendToken);
    if (!found || found.value.removedAtMs !== undefined) return;
    const removedAtMs = this.#options.clock.now();
    const removed = { ...found.value, removedAtMs };
    await this.#subscriptions.replace(subscription.sendToken, found.version, removed, {
      expiresAt: removedAtMs + REMEMBER_REMOVED_MS,
    });
    for (const { id } of await this.#messages.findBy('subscriptionId', subscription.id)) {
      await this.#messages.remove(id);
    }
  }

  /** RFC 8030 §5: takes a message for delivery, or says why not. */
  async accept(sendToken: string, request: PushRequest): Promise<Acceptance> {
    const { clock, faults, ids, tokenClock } = this.#options;
    const subscription = (await this.#subscriptions.get(sendToken))?.value;
    if (!subscription) return { status: 404, reason: 'There is no such subscription.' };
    // RFC 8030 §7.3 asks for 404; 410 says that it will not come back, and every push service in use says so.
    if (subscription.removedAtMs !== undefined) {
      return { status: 410, reason: 'The browser has unsubscribed.' };
    }
    const vapidFault = await findVapidFault(request.authorization, {
      audiences: subscription.audiences,
      applicationServerKey: subscription.applicationServerKey,
      nowMs: tokenClock.now(),
    });
    if (vapidFault) return vapidFault;
    const read = readPushRequest(request);
    if ('status' in read) return read;
    const { body, ttlSeconds, topic } = read;
    const fault = faults.next(sendToken);
    if (fault?.kind === 'answer') {
      const { status, retryAfterSeconds } = fault;
      return {
        status,
        reason: 'A fault that was planned for this device.',
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    }
    const message: WaitingMessage = {
      id: ids.make('', 22),
      subscriptionId: subscription.id,
      ...(topic === undefined ? {} : { topic }),
      body: Buffer.from(body).toString('base64url'),
      expiresAtMs: clock.now() + ttlSeconds * 1000,
    };
    switch (fault?.kind) {
      case 'lose':
        break;
      case 'delay':
        this.#deliverLater(subscription, message, fault.delayMs);
        break;
      case 'duplicate': {
        await this.#deliver(subscription, message);
        const { topic: _, ...copy } = message;
        await this.#deliver(subscription, { ...copy, id: ids.make('', 22) });
        break;
      }
      case undefined:
        await this.#deliver(subscription, message);
    }
    return { status: 201, messageId: message.id, ttlSeconds };
  }

  /**
   * DELETE of a message resource: the sender withdraws it, or the browser acknowledges it (RFC 8030 §6.2). False when
   * it does not wait any more.
   */
  async remove(messageId: string): Promise<boolean> {
    const message = (await this.#messages.get(messageId))?.value;
    if (!(await this.#messages.remove(messageId))) return false;
    if (message) await this.#tellReceived(message);
    return true;
  }

  /** A listener has received a message; it does not come again. Messages of other listeners are left alone. */
  async acknowledge(listener: string, messageId: string): Promise<void> {
    const message = (await this.#messages.get(messageId))?.value;
    if (!message) return;
    const subscriptions = await this.subscriptionsOf(listener);
    const subscription = subscriptions.find(({ id }) => id === message.subscriptionId);
    if (!subscription || !(await this.#messages.remove(messageId))) return;
    if (message.topic !== undefined) this.#announceReceived(subscription.sendToken, message.topic);
  }

  /** Our own sender withdraws nothing, so who removes a message has taken it. */
  async #tellReceived({ subscriptionId, topic }: WaitingMessage): Promise<void> {
    if (topic === undefined || !this.#options.onReceived) return;
    const [found] = await this.#subscriptions.findBy('id', subscriptionId);
    if (found) this.#announceReceived(found.value.sendToken, topic);
  }

  /** Whoever sent it may be at another instance. */
  #announceReceived(sendToken: string, topic: string): void {
    this.#options.onReceived?.(sendToken, topic);
    this.#options.neighbours?.tell(RECEIVED, { sendToken, topic });
  }

  /** Opens a connection of `listener` until `closed` aborts. Resolves once everything that waited was handed over. */
  async attach(listener: string, receive: (delivery: Delivery) => void, closed: AbortSignal): Promise<void> {
    if (closed.aborted) return;
    const connection: Connection = { receive, held: [] };
    const connections = this.#connections.get(listener) ?? new Set();
    this.#connections.set(listener, connections.add(connection));
    closed.addEventListener('abort', () => {
      connections.delete(connection);
      if (connections.size === 0) this.#connections.delete(listener);
    });
    const waiting = await this.#waitingFor(listener);
    const known = new Set(waiting.map(({ message }) => message.id));
    // What came in meanwhile may have been read from the store already.
    const missed = (connection.held ?? []).filter(({ message }) => !known.has(message.id));
    connection.held = undefined;
    for (const delivery of [...waiting, ...missed]) {
      if (!closed.aborted) receive(delivery);
    }
  }

  close(): void {
    for (const cancel of this.#cancelDelays) cancel();
    this.#cancelDelays.clear();
    this.#connections.clear();
  }

  async #deliver(subscription: Subscription, message: WaitingMessage): Promise<void> {
    const ttlSeconds = this.#secondsLeft(message);
    // RFC 8030 §5.2: a TTL of zero is delivered now or never.
    if (ttlSeconds > 0) await this.#keep(message);
    const delivery = { subscription, message, ttlSeconds };
    this.#handOver(delivery);
    this.#options.neighbours?.tell(DELIVERED, delivery);
  }

  /** To each connection of its listener here. */
  #handOver(delivery: Delivery): void {
    const { subscription } = delivery;
    for (const { held, receive } of [...(this.#connections.get(subscription.listener) ?? [])]) {
      if (held) held.push(delivery);
      else receive(delivery);
    }
  }

  #deliverLater(subscription: Subscription, message: WaitingMessage, delayMs: number): void {
    const { clock, onUnexpected } = this.#options;
    const cancel = clock.setAlarm(clock.now() + delayMs, () => {
      this.#cancelDelays.delete(cancel);
      if (message.expiresAtMs > clock.now()) this.#deliver(subscription, message).catch(onUnexpected);
    });
    this.#cancelDelays.add(cancel);
  }

  /** RFC 8030 §5.4: a message takes the place of those with its topic that were accepted before it. */
  async #keep(message: WaitingMessage): Promise<void> {
    await this.#messages.insert(message.id, message, { expiresAt: message.expiresAtMs });
    if (message.topic === undefined) return;
    // Oldest first, so of several that arrive at once the one that was inserted last stays.
    for (const { id, value } of await this.#messages.findBy('subscriptionId', message.subscriptionId)) {
      if (id === message.id) return;
      if (value.topic === message.topic) await this.#messages.remove(id);
    }
  }

  async #waitingFor(listener: string): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for (const subscription of await this.subscriptionsOf(listener)) {
      for (const { value: message } of await this.#messages.findBy('subscriptionId', subscription.id)) {
        deliveries.push({ subscription, message, ttlSeconds: this.#secondsLeft(message) });
      }
    }
    return deliveries;
  }

  #secondsLeft(message: WaitingMessage): number {
    return Math.max(0, Math.ceil((message.expiresAtMs - this.#options.clock.now()) / 1000));
  }
}
