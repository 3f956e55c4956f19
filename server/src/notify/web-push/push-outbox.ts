// Pushes on their way: sends without ever making anybody wait, tries again as long as the request lives, and tells what
// became of each. One lane for each endpoint, so that a push service which asks for a pause is left alone by all messages.
import { setImmediate } from 'node:timers/promises';
import type { Approval } from '../../approvals/index.ts';
import type { Clock } from '../../clock.ts';
import type { PushMessage, PushSubscription, QuickAction } from '../../contract/index.ts';
import { AFTER_OUTAGE_MS, isOutage } from '../../store.ts';
import { buildEndedMessage, buildRequestMessage, topicOf, withoutHeadline } from './push-message.ts';
import type { DeliveryOutcome, PushSender } from './push-sender.ts';

/** A device with a push subscription. */
export interface PushDevice {
  deviceId: string;
  deviceName: string;
  subscription: PushSubscription;
  /** What asks, for a device that speaks another language than our pages. */
  question?: string;
}

/** How it was sent, as far as everybody may know. */
interface SentPush {
  topic: string;
  ttlSeconds: number;
}

/** What became of one attempt. `expired`: the time of the message was over before it could be sent. */
export interface PushReport {
  approval: Approval;
  device: PushDevice;
  kind: PushMessage['kind'];
  outcome: DeliveryOutcome | { outcome: 'expired' };
  /** Absent where nothing was sent. */
  sent?: SentPush;
}

export interface PushOutboxOptions {
  clock: Clock;
  sender: PushSender;
  /** What a tap on the notification opens. */
  urlOf: (approval: Approval) => string;
  /** Answers that a notification may offer, where its words say all that is asked. */
  quickActions: () => readonly QuickAction[];
  /** Awaited before each attempt at a question. */
  beforeSending?: (approval: Approval, device: PushDevice) => Promise<void>;
  /** Told of each attempt. On `gone` the device is to be marked as lost. */
  report: (report: PushReport) => void;
  /** Told that a device has taken a question; after `report` has told that its push service took it. */
  reportReceived: (question: ReceivedPush) => void;
  onUnexpected: (error: unknown) => void;
}

/** A question that a device has taken. */
export interface ReceivedPush {
  approval: Approval;
  device: PushDevice;
}

interface Order {
  /** Of several people in one browser, whose message it is. */
  device: PushDevice;
  approval: Approval;
  kind: PushMessage['kind'];
  text: string;
  /** With ids alone, for a push service that took offence at the length. */
  shorter: string | undefined;
  topic: string;
  expiresAtMs: number;
  attempts: number;
}

interface Lane {
  endpoint: string;
  /** By topic: a later message about a request takes the place of an earlier one that has not been sent. */
  orders: Map<string, Order>;
  notBeforeMs: number;
  isSending: boolean;
  cancelAlarm: () => void;
}

/** How long a device that was away still hears that a request has ended. */
const ENDED_TTL_MS = 5 * 60 * 1000;
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 120;

export class PushOutbox {
  readonly #options: PushOutboxOptions;
  /** By endpoint: two devices may be the same browser. */
  readonly #lanes = new Map<string, Lane>();
  /** By topic and send token: questions that are on their way. */
  readonly #unreceived = new Map<string, ReceivedPush & { isAccepted: boolean; isReceived: boolean }>();
  readonly #closing = new AbortController();

  constructor(options: PushOutboxOptions) {
    this.#options = options;
  }

  /** Asks: a notification on each device, for as long as the request waits. */
  announce(approval: Approval, devices: readonly PushDevice[]): void {
    if (devices.length === 0) return;
    const { urlOf, quickActions } = this.#options;
    const message = buildRequestMessage(approval, urlOf(approval), quickActions());
    const { expiresAtMs } = approval;
    for (const device of devices) {
      const texts =
        device.question === undefined ? textsOf(message) : { text: device.question, shorter: undefined };
      this.#queue({ device, approval, kind: 'request', ...texts, expiresAtMs });
    }
  }

  /** Takes the question back: the notification is replaced by one that says how the request ended. */
  conclude(approval: Approval, devices: readonly PushDevice[]): void {
    if (devices.length === 0) return;
    const state = approval.decision?.outcome ?? 'expired';
    const message = buildEndedMessage(approval, state, this.#options.urlOf(approval));
    const expiresAtMs = this.#options.clock.now() + ENDED_TTL_MS;
    for (const device of devices)
      this.#queue({ device, approval, kind: 'ended', ...textsOf(message), expiresAtMs });
  }

  /**
   * The push service has seen a message taken. One that takes a question back has the same topic, so a question that is
   * not known here is not told.
   */
  markReceived(sendToken: string, topic: string): void {
    const question = this.#unreceived.get(`${topic} ${sendToken}`);
    if (!question) return;
    question.isReceived = true;
    this.#tellReceived(question, `${topic} ${sendToken}`);
  }

  #tellReceived(question: ReceivedPush & { isAccepted: boolean; isReceived: boolean }, key: string): void {
    if (!question.isAccepted || !question.isReceived) return;
    this.#unreceived.delete(key);
    this.#options.reportReceived({ approval: question.approval, device: question.device });
  }

  /** A device was removed: what has not been sent to it stays here. */
  forget(deviceId: string): void {
    for (const { orders } of this.#lanes.values()) {
      for (const [topic, order] of orders) if (order.device.deviceId === deviceId) orders.delete(topic);
    }
  }

  /** Another instance takes the question back: where it has not been sent from here, it stays here. */
  withdraw(approvalId: string): void {
    const topic = topicOf(approvalId);
    for (const { orders } of this.#lanes.values())
      if (orders.get(topic)?.kind === 'request') orders.delete(topic);
  }

  /** Gives up what has not been sent. */
  close(): void {
    this.#closing.abort();
    for (const lane of this.#lanes.values()) lane.cancelAlarm();
    this.#lanes.clear();
    this.#unreceived.clear();
  }

  #queue(order: Omit<Order, 'topic' | 'attempts'>): void {
    if (this.#closing.signal.aborted) return;
    const { endpoint } = order.device.subscription;
    const lane: Lane = this.#lanes.get(endpoint) ?? {
      endpoint,
      orders: new Map(),
      notBeforeMs: 0,
      isSending: false,
      cancelAlarm: () => {},
    };
    this.#lanes.set(endpoint, lane);
    const topic = topicOf(order.approval.id);
    lane.orders.set(topic, { ...order, topic, attempts: 0 });
    this.#work(lane);
  }

  /** Sends what may be sent now, one after the other. */
  #work(lane: Lane): void {
    if (lane.isSending) return;
    const { clock, onUnexpected } = this.#options;
    this.#sendAll(lane).catch((cause: unknown) => {
      if (!isOutage(cause)) return onUnexpected(cause);
      if (this.#closing.signal.aborted) return;
      lane.cancelAlarm = clock.setAlarm(clock.now() + AFTER_OUTAGE_MS, () => this.#work(lane));
    });
  }

  async #sendAll(lane: Lane): Promise<void> {
    const { clock } = this.#options;
    lane.isSending = true;
    try {
      // Encrypting takes milliseconds of the processor. Whoever announces goes on first.
      await setImmediate();
      while (!this.#closing.signal.aborted) {
        lane.cancelAlarm();
        if (lane.notBeforeMs > clock.now()) {
          // The pause holds for messages that are yet to come, too.
          lane.cancelAlarm = clock.setAlarm(lane.notBeforeMs, () => this.#work(lane));
          return;
        }
        const [order] = lane.orders.values();
        if (!order) {
          this.#lanes.delete(lane.endpoint);
          return;
        }
        await this.#attempt(lane, order);
      }
    } finally {
      lane.isSending = false;
    }
  }

  async #attempt(lane: Lane, order: Order): Promise<void> {
    const { clock, sender, report } = this.#options;
    const { device, approval, kind, topic } = order;
    const ttlSeconds = Math.floor((order.expiresAtMs - clock.now()) / 1000);
    const done = (outcome: PushReport['outcome']): void => {
      // What was queued for this topic meanwhile stays.
      if (lane.orders.get(topic) === order) lane.orders.delete(topic);
      report({ approval, device, kind, outcome, ...(outcome.outcome === 'expired' ? {} : { sent }) });
    };
    const sent = { topic, ttlSeconds };
    if (ttlSeconds < 1) return done({ outcome: 'expired' });
    if (kind === 'request') await this.#options.beforeSending?.(approval, device);
    const key = `${topic} ${sendTokenOf(device)}`;
    const question = { approval, device, isAccepted: false, isReceived: false };
    if (kind === 'request') this.#unreceived.set(key, question);
    else this.#unreceived.delete(key);
    const outcome = await sender.send(device.subscription, order.text, {
      ttlSeconds,
      topic,
      signal: this.#closing.signal,
    });
    if (this.#closing.signal.aborted) return;
    switch (outcome.outcome) {
      case 'retry_later':
        order.attempts += 1;
        lane.notBeforeMs = clock.now() + pauseSeconds(order.attempts, outcome.afterSeconds) * 1000;
        return report({ approval, device, kind, outcome });
      case 'too_large':
        // Once more with ids alone; a push service that refuses those too refuses everything.
        if (order.shorter === undefined) return done(outcome);
        order.text = order.shorter;
        order.shorter = undefined;
        return report({ approval, device, kind, outcome });
      case 'gone':
        done(outcome);
        // Nothing else will reach this endpoint either: each of its other devices is lost as well.
        for (const other of oneOfEach(lane.orders.values(), device)) report({ ...other, outcome });
        return lane.orders.clear();
      case 'accepted':
        done(outcome);
        question.isAccepted = true;
        return this.#tellReceived(question, key);
      case 'rejected':
        return done(outcome);
    }
  }
}

/** RFC 8030 §2: the push resource; of the push service of Assent, its last segment names the subscription. */
function sendTokenOf({ subscription }: PushDevice): string {
  return subscription.endpoint.slice(subscription.endpoint.lastIndexOf('/') + 1);
}

/** One order of each device but this one. */
function oneOfEach(orders: Iterable<Order>, { deviceId }: PushDevice): Iterable<Order> {
  const others = [...orders].filter(({ device }) => device.deviceId !== deviceId);
  return new Map(others.map((order) => [order.device.deviceId, order])).values();
}

function textsOf(message: PushMessage): { text: string; shorter: string } {
  return { text: JSON.stringify(message), shorter: JSON.stringify(withoutHeadline(message)) };
}

/** As long as was asked for, and longer from time to time: RFC 8030 §8.4. */
function pauseSeconds(attempts: number, askedSeconds: number | undefined): number {
  const backOff = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS);
  return Math.max(backOff, askedSeconds ?? 0);
}
