// What the embedded push service keeps: subscriptions and the messages that wait for them. Plain documents for the store.

/** How a listener tells its subscriptions apart: the words of its own protocol. */
export type ListenerAddress =
  | { via: 'relay' }
  | { via: 'autopush'; channelId: string }
  | { via: 'fcm'; instanceId: string; category: string; subtype: string };

export interface Subscription {
  /** `sub_…`. Names it; gives no right to anything. */
  id: string;
  /** Last part of the endpoint: whoever knows it may send. RFC 8030 §8.3. */
  sendToken: string;
  /** Whoever proves to be this listener receives: `relay:<secret>`, `autopush:<uaid>`, `fcm:<android id>`. */
  listener: string;
  address: ListenerAddress;
  /** What a sender may call this push service in its token: the origins that the endpoint may have. RFC 8292 §2. */
  audiences: string[];
  /** The only key that may send here, an uncompressed P-256 point in base64url. RFC 8292 §4. */
  applicationServerKey: string;
  /** Set once it was removed; kept for a while, so that a sender is told 410 and not 404. */
  removedAtMs?: number;
}

/** An accepted message. Its body is encrypted for the browser; nobody here can read it. */
export interface WaitingMessage {
  /** Last part of the message resource: whoever knows it may delete the message. RFC 8030 §8.3. */
  id: string;
  subscriptionId: string;
  topic?: string;
  /** base64url, empty for a message without a body. */
  body: string;
  expiresAtMs: number;
}
