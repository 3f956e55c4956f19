// Sends one message to one subscription. The package web-push encrypts (RFC 8291), signs (RFC 8292) and writes the header
// fields (RFC 8030); the request itself is made here, since the package knows https to the named host only, follows no
// deadline and reads answers of any length. What came of it is a value.
import { type IncomingHttpHeaders, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import type { RequestDetails } from 'web-push';
import type { PushSubscription } from '../../contract/index.ts';
import type { PushEndpoints } from './push-endpoints.ts';
import type { VapidKeys } from './vapid-keys.ts';

/** What a push service made of a message. `accepted` is not `delivered`: nobody tells the sender about that. */
export type DeliveryOutcome =
  | { outcome: 'accepted'; status: number }
  | { outcome: 'retry_later'; afterSeconds: number | undefined; why: string }
  /** The browser has unsubscribed: the device cannot be reached by push any more. */
  | { outcome: 'gone' }
  | { outcome: 'too_large' }
  /** Sending the same again would not help. */
  | { outcome: 'rejected'; why: string };

export interface PushSenderOptions {
  endpoints: PushEndpoints;
  vapidKeys: VapidKeys;
  /** Whom an operator of a push service may ask: a `mailto:` or `https:` URI. RFC 8292 §2.1. */
  contact: string;
  /** For one message, answer included. */
  deadlineMs?: number;
}

export interface PushOptions {
  ttlSeconds: number;
  topic: string;
  /** Gives up when aborted. */
  signal?: AbortSignal;
}

const DEADLINE_MS = 10_000;
/** Of an answer, for the reason in it. */
const LONGEST_ANSWER_BYTES = 4_096;

export class PushSender {
  readonly #options: PushSenderOptions;

  constructor(options: PushSenderOptions) {
    this.#options = options;
  }

  async send(subscription: PushSubscription, text: string, options: PushOptions): Promise<DeliveryOutcome> {
    const { endpoints, vapidKeys, contact, deadlineMs = DEADLINE_MS } = this.#options;
    const route = endpoints.route(subscription.endpoint);
    if (!route.allowed) return { outcome: 'rejected', why: route.why };
    const { endpoint, keys } = subscription;
    let message: RequestDetails & { body: Buffer };
    try {
      // Loaded for the first message.
      const { default: webPush } = await import('web-push');
      message = webPush.generateRequestDetails({ endpoint, keys }, text, {
        // RFC 8030 §5.2, §5.3 and §5.4: a person is waiting, and a later message takes the place of this one.
        TTL: options.ttlSeconds,
        urgency: 'high',
        topic: options.topic,
        contentEncoding: 'aes128gcm',
        vapidDetails: { subject: contact, ...vapidKeys },
      });
    } catch (error) {
      return { outcome: 'rejected', why: `The message cannot be encrypted: ${describe(error)}` };
    }
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await post(route.url, {
        headers: message.headers,
        body: message.body,
        ca: route.ca,
        signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline,
      });
      return toOutcome(answer);
    } catch (error) {
      const why = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : describe(error);
      return { outcome: 'retry_later', afterSeconds: undefined, why: `${route.url.host}: ${why}` };
    }
  }
}

interface Post {
  headers: Readonly<Record<string, string | number>>;
  body: Buffer;
  ca: string | undefined;
  signal: AbortSignal;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One request. A redirection is an answer like any other: following it would lead around the list of hosts. */
function post(url: URL, { headers, body, ca, signal }: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestOverHttps : requestOverHttp)(
      url,
      { method: 'POST', headers, signal, ...(ca === undefined ? {} : { ca }) },
      async (response) => {
        try {
          const chunks: Buffer[] = [];
          let length = 0;
          for await (const chunk of response) {
            chunks.push(chunk);
            length += chunk.length;
            if (length > LONGEST_ANSWER_BYTES) break;
          }
          const text = Buffer.concat(chunks).subarray(0, LONGEST_ANSWER_BYTES).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function toOutcome({ status, headers, text }: Answer): DeliveryOutcome {
  if (status >= 200 && status < 300) return { outcome: 'accepted', status };
  // RFC 8030 §7.3 says 404 for a subscription that has ended; push services in use say 410.
  if (status === 404 || status === 410) return { outcome: 'gone' };
  // RFC 8030 §7.2
  if (status === 413) return { outcome: 'too_large' };
  const why = `answered ${status}${text === '' ? '' : `: ${text.slice(0, 200)}`}`;
  // RFC 8030 §8.4 and RFC 6585 §4: too many at once. RFC 9110 §15.6: a fault on their side.
  if (status === 429 || status >= 500) {
    return { outcome: 'retry_later', afterSeconds: readRetryAfter(headers['retry-after']), why };
  }
  return { outcome: 'rejected', why };
}

/** RFC 9110 §10.2.3: seconds, or an instant by the clock of the world. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - Date.now()) / 1000));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
