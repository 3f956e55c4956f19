// What stands in for APNs and FCM on the device: a subscription at the embedded push service, which is really encrypted and
// really listened to. RFC 8030, RFC 8291 with node:crypto.
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { relayedPushSchema, relaySubscriptionSchema } from '../contract/index.ts';
import { readServerSentEvents } from '../control-client.ts';
import { Problem } from '../problem.ts';
import type { DeviceExchange } from './device-exchange.ts';

const pushServiceSchema = z.object({ subscribe: z.url(), vapid_public_key: z.string() });

export class PushListener {
  readonly #exchange: DeviceExchange;
  readonly #ecdh: ECDH;
  readonly #authSecret: Buffer;
  readonly #endpoint: string;
  readonly #subscription: string;
  readonly #ending = new AbortController();

  private constructor(parts: {
    exchange: DeviceExchange;
    ecdh: ECDH;
    endpoint: string;
    subscription: string;
  }) {
    this.#exchange = parts.exchange;
    this.#ecdh = parts.ecdh;
    this.#authSecret = randomBytes(16);
    this.#endpoint = parts.endpoint;
    this.#subscription = parts.subscription;
  }

  /** @param base of the Guardian API */
  static async subscribe(base: string, exchange: DeviceExchange): Promise<PushListener> {
    const told = await exchange.send({ method: 'GET', url: `${base}/api/push-service` });
    const service = pushServiceSchema.parse(told.body);
    const subscribed = await exchange.send({
      method: 'POST',
      url: service.subscribe,
      body: { vapid: service.vapid_public_key },
      contentType: 'application/webpush-options+json',
    });
    const { endpoint, subscription } = relaySubscriptionSchema.parse(subscribed.body);
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    return new PushListener({ exchange, ecdh, endpoint, subscription });
  }

  /** The PushSubscription as JSON, which stands in place of a token of APNs or FCM. */
  get token(): string {
    return JSON.stringify({
      endpoint: this.#endpoint,
      keys: {
        p256dh: this.#ecdh.getPublicKey('base64url'),
        auth: this.#authSecret.toString('base64url'),
      },
    });
  }

  /**
   * Hands over the text of every push, until closed.
   *
   * @throws Problem `server_unreachable` when the push service cannot be reached, or does not know this subscription, (any more)
   */
  async listen(onPush: (text: string) => void): Promise<void> {
    const { signal } = this.#ending;
    const events = readServerSentEvents({
      open: () => this.#connect(signal),
      signal,
    });
    for await (const { data } of events) {
      const { message, body } = relayedPushSchema.parse(JSON.parse(data));
      onPush(this.#open(Buffer.from(body, 'base64url')));
      // RFC 8030 §6.2: it comes again until it is acknowledged.
      await this.#exchange.send({ method: 'DELETE', url: message });
    }
    if (!signal.aborted) throw unreachable('The server has stopped, or does not know this device any more.');
  }

  async unsubscribe(): Promise<void> {
    await this.#exchange.send({ method: 'DELETE', url: this.#subscription });
  }

  close(): void {
    this.#ending.abort();
  }

  async #connect(signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#exchange
      .open({ method: 'GET', url: this.#subscription, signal })
      .catch((cause: unknown) => {
        throw unreachable(`Nothing answers at ${new URL(this.#subscription).origin}.`, cause);
      });
    if (response.statusCode === 200) return response;
    response.resume();
    throw unreachable(`The push service answered ${response.statusCode}, expected its messages.`);
  }

  /** RFC 8291 §3 and §4: one record of aes128gcm. */
  #open(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const senderKey = body.subarray(21, 86);
    const sealed = body.subarray(86);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#ecdh.getPublicKey(), senderKey]);
    const input = hkdf(this.#ecdh.computeSecret(senderKey), this.#authSecret, info, 32);
    const key = hkdf(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = hkdf(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
    const record = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    // RFC 8188 §2: a delimiter of 2 ends the last record; zeros may follow.
    return record.subarray(0, record.lastIndexOf(2)).toString('utf8');
  }
}

function unreachable(message: string, cause?: unknown): Problem {
  return new Problem('server_unreachable', message, {
    status: 502,
    hint: 'Start it, and enrol the device anew:   assent device',
    cause,
  });
}

function hkdf(input: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length));
}
