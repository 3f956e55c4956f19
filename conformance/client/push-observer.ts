// A push service and the browser behind it: records every message byte for byte, and opens what is sealed for its subscriptions.
// RFC 8030, RFC 8188 and RFC 8291, with node:crypto alone.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';

export interface RecordedPush {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `never` leaves the sender waiting. */
export type PushReply = { status: number; headers?: Record<string, string> } | 'never';

/** The parts of an encrypted message, RFC 8291 §4. */
export interface OpenedPush {
  salt: Buffer;
  recordSize: number;
  senderKey: Buffer;
  /** The one record, with its delimiter and padding. */
  record: Buffer;
  text: string;
}

/** What a browser keeps of a push subscription. */
export class PushSubscriber {
  readonly endpoint: string;
  readonly #ecdh = createECDH('prime256v1');
  readonly #publicKey = this.#ecdh.generateKeys();
  readonly #authSecret = randomBytes(16);

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** As `PushSubscription.toJSON()` shows it, W3C Push API §8. */
  toJSON(): unknown {
    return {
      endpoint: this.endpoint,
      keys: { p256dh: this.#publicKey.toString('base64url'), auth: this.#authSecret.toString('base64url') },
    };
  }

  open(body: Buffer): OpenedPush {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    if (body[20] !== 65) throw new Error(`a key identifier of ${body[20]} octets, expected 65`);
    const senderKey = body.subarray(21, 86);
    const sealed = body.subarray(86);
    if (sealed.length > recordSize) throw new Error('more than one record');
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#publicKey, senderKey]);
    const input = expand(this.#ecdh.computeSecret(senderKey), this.#authSecret, info, 32);
    const key = expand(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = expand(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return {
      salt,
      recordSize,
      senderKey,
      record,
      text: record.subarray(0, record.lastIndexOf(2)).toString('utf8'),
    };
  }
}

export class PushObserver implements AsyncDisposable {
  readonly received: RecordedPush[] = [];
  readonly #server: Server;
  readonly #replies = new Map<string, PushReply[]>();
  readonly #waiting = new Set<() => void>();
  #subscribers = 0;

  private constructor(identity: { cert: string; key: string }) {
    this.#server = createServer(identity, (request, response) => void this.#receive(request, response));
  }

  /** @param identity PEM of a certificate for localhost */
  static async start(identity: { cert: string; key: string }): Promise<PushObserver> {
    const observer = new PushObserver(identity);
    observer.#server.listen(0, '127.0.0.1');
    await once(observer.#server, 'listening');
    return observer;
  }

  /** As it stands in a list of hosts. */
  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the push service does not listen');
    return `localhost:${address.port}`;
  }

  subscribe(): PushSubscriber {
    this.#subscribers += 1;
    return new PushSubscriber(`https://${this.host}/wpush/v2/subscriber-${this.#subscribers}?part=of%20it`);
  }

  /** What the next messages to a subscriber are answered, one each; 201 afterwards. */
  reply(subscriber: PushSubscriber, ...replies: readonly PushReply[]): void {
    this.#replies.set(pathOf(subscriber), [...replies]);
  }

  to(subscriber: PushSubscriber): RecordedPush[] {
    return this.received.filter(({ url }) => url === pathOf(subscriber));
  }

  /** Resolves once `count` messages for a subscriber have come. */
  async arrival(subscriber: PushSubscriber, count = 1): Promise<RecordedPush[]> {
    for (;;) {
      const found = this.to(subscriber);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    this.received.push({ method, url, headers, body: Buffer.concat(chunks) });
    const reply = this.#replies.get(url)?.shift() ?? { status: 201 };
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
    if (reply !== 'never') response.writeHead(reply.status, reply.headers).end();
  }
}

function pathOf({ endpoint }: PushSubscriber): string {
  const { pathname, search } = new URL(endpoint);
  return pathname + search;
}

function expand(input: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length));
}
