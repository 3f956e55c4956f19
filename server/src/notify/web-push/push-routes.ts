// The push service over HTTP, without a framework: `answer` takes what is below /push and leaves the rest to others.
// Addresses follow the resources of RFC 8030 §2; each of them carries its secret in its last part.
//
//   POST   /push/subscribe               a page subscribes to the relay               §4
//   GET    /push/subscription/<secret>   listens, as server-sent events               §6
//   DELETE /push/subscription/<secret>   unsubscribes                                 §7.3
//   POST   /push/send/<token>            the application server sends                 §5
//   DELETE /push/message/<id>            the browser acknowledges, or the sender withdraws   §6.2
//   WebSocket /push/autopush             Firefox
//   POST   /push/fcm/checkin, /register  Chromium, once the imitation is on
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { RelaySubscription } from '../../contract/index.ts';
import type { Ids } from '../../ids.ts';
import type { FcmImitation } from './fcm-imitation.ts';
import { LONGEST_BODY_BYTES } from './push-request.ts';
import type { PushService } from './push-service.ts';
import { streamToPage } from './relay-stream.ts';
import { readBody } from './request-body.ts';
import type { Subscription } from './subscription.ts';

export interface PushRoutesOptions {
  service: PushService;
  clock: Clock;
  ids: Ids;
  origin: string;
  /** While it is undefined, Chromium's addresses answer that there is nothing. */
  fcm: () => FcmImitation | undefined;
  /** Told of what went wrong on this side; the caller sees a 500 without the cause. */
  onUnexpected: (error: unknown) => void;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The secret in the path; empty where there is none. */
  secret: string;
}

interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: RegExp;
  answer: (exchange: Exchange) => Promise<void> | void;
}

/** RFC 8292 §4.1: how a subscription is bound to the key of its sender. */
const WEBPUSH_OPTIONS_TYPE = 'application/webpush-options+json';
const webpushOptionsSchema = z.object({ vapid: z.string() });

export class PushRoutes {
  readonly #options: PushRoutesOptions;
  readonly #routes: Route[];
  readonly #shutdown = new AbortController();
  /** Aborted when the relay subscription of that listener is removed. */
  readonly #endings = new Map<string, AbortController>();

  constructor(options: PushRoutesOptions) {
    this.#options = options;
    this.#routes = [
      { method: 'POST', path: /^\/push\/subscribe$/, answer: (exchange) => this.#subscribe(exchange) },
      { method: 'GET', path: /^\/push\/subscription\/(\w+)$/, answer: (exchange) => this.#listen(exchange) },
      {
        method: 'DELETE',
        path: /^\/push\/subscription\/(\w+)$/,
        answer: (exchange) => this.#unsubscribe(exchange),
      },
      { method: 'POST', path: /^\/push\/send\/(\w+)$/, answer: (exchange) => this.#accept(exchange) },
      { method: 'DELETE', path: /^\/push\/message\/(\w+)$/, answer: (exchange) => this.#remove(exchange) },
      {
        method: 'POST',
        path: /^\/push\/fcm\/checkin$/,
        answer: (exchange) =>
          this.#askFcm(exchange, (fcm, { request, response }) => fcm.checkIn(request, response)),
      },
      {
        method: 'POST',
        path: /^\/push\/fcm\/register$/,
        answer: (exchange) =>
          this.#askFcm(exchange, (fcm, { request, response }) => fcm.register(request, response)),
      },
    ];
  }

  /** True if the request was for the push service; it is answered then, now or later. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    // Most requests are for others: no spelling of a path that leads here lacks this.
    if (!request.url?.includes('push')) return false;
    // Nobody catches what is thrown here, and a request may ask for anything: "//" is no URL.
    const { pathname } = URL.parse(request.url ?? '/', 'http://localhost') ?? { pathname: '' };
    if (pathname !== '/push' && !pathname.startsWith('/push/')) return false;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (this.#isOfForeignPage(request)) {
      refuse(
        response,
        403,
        'Only pages of this server, browsers themselves and programs may call the push service.',
      );
      return true;
    }
    const matching = this.#routes.filter(({ path }) => path.test(pathname));
    const route = matching.find(({ method }) => method === request.method);
    if (route) {
      const secret = route.path.exec(pathname)?.[1] ?? '';
      this.#run(route, { request, response, secret });
    } else if (matching.length > 0) {
      response.setHeader('Allow', matching.map(({ method }) => method).join(', '));
      refuse(response, 405, `Received ${request.method}, expected ${response.getHeader('Allow')}.`);
    } else {
      refuse(response, 404, 'The push service has no such address.');
    }
    return true;
  }

  close(): void {
    this.#shutdown.abort();
  }

  /** Push services of browsers and senders state no origin; pages do, and the browser says whose they are. W3C Fetch Metadata §2.3. */
  #isOfForeignPage({ headers }: IncomingMessage): boolean {
    const { origin, host, 'sec-fetch-site': site } = headers;
    if (site === 'cross-site' || site === 'same-site') return true;
    return (
      origin !== undefined &&
      origin !== this.#options.origin &&
      URL.parse(origin)?.host !== host?.toLowerCase()
    );
  }

  #run(route: Route, exchange: Exchange): void {
    const { request, response } = exchange;
    Promise.resolve()
      .then(() => route.answer(exchange))
      .catch((error: unknown) => {
        // A caller that went away while it was read is nobody's mistake.
        if (request.destroyed && !request.complete) return;
        this.#options.onUnexpected(error);
        if (response.headersSent) response.destroy();
        else refuse(response, 500, 'The push service failed to answer.');
      });
  }

  async #subscribe({ request, response }: Exchange): Promise<void> {
    // A content type that no form can send: a foreign page would have to ask first, and nobody answers it.
    if (request.headers['content-type']?.split(';')[0]?.trim() !== WEBPUSH_OPTIONS_TYPE) {
      return refuse(response, 415, `Expected Content-Type: ${WEBPUSH_OPTIONS_TYPE} (RFC 8292 §4.1).`);
    }
    const { ids, origin, service } = this.#options;
    const secret = ids.make('', 32);
    const options = webpushOptionsSchema.safeParse(parseJson(await readBody(request, LONGEST_BODY_BYTES)));
    const subscription = await service.subscribe({
      listener: relayListener(secret),
      address: { via: 'relay' },
      applicationServerKey: options.data?.vapid ?? '',
    });
    if (!subscription) {
      return refuse(response, 400, 'Expected {"vapid": "<P-256 public key, base64url>"} (RFC 8292 §4.1).');
    }
    // RFC 6585 §4
    if (subscription === 'full') return refuse(response, 429, 'There are too many subscriptions.');
    const created: RelaySubscription = {
      endpoint: service.endpointOf(subscription),
      subscription: `${origin}/push/subscription/${secret}`,
    };
    // RFC 8030 §4: the subscription resource in Location, the push resource as a link.
    response
      .writeHead(201, {
        'content-type': 'application/json',
        location: created.subscription,
        link: `<${created.endpoint}>; rel="urn:ietf:params:push"`,
      })
      .end(JSON.stringify(created));
  }

  async #listen({ response, secret }: Exchange): Promise<void> {
    const { clock, origin, service } = this.#options;
    const subscription = await this.#relayed(secret);
    if (!subscription) return refuse(response, 404, 'There is no such subscription.');
    const { listener } = subscription;
    const ending = this.#endings.get(listener) ?? new AbortController();
    this.#endings.set(listener, ending);
    await streamToPage(response, {
      service,
      clock,
      origin,
      listener,
      ending: AbortSignal.any([ending.signal, this.#shutdown.signal]),
    });
  }

  async #unsubscribe({ response, secret }: Exchange): Promise<void> {
    const subscription = await this.#relayed(secret);
    if (!subscription) return refuse(response, 404, 'There is no such subscription.');
    await this.#options.service.unsubscribe(subscription);
    this.#endings.get(subscription.listener)?.abort();
    this.#endings.delete(subscription.listener);
    response.writeHead(204).end();
  }

  async #accept({ request, response, secret }: Exchange): Promise<void> {
    const { headers } = request;
    const body = await readBody(request, LONGEST_BODY_BYTES);
    const answer = await this.#options.service.accept(secret, {
      authorization: headers.authorization,
      ttl: headerOf(headers['ttl']),
      topic: headerOf(headers['topic']),
      urgency: headerOf(headers['urgency']),
      contentEncoding: headers['content-encoding'],
      body: body ?? 'too_large',
    });
    if (answer.status !== 201) {
      // RFC 9110 §11.6.1: a 401 names the scheme that would help.
      if (answer.status === 401) response.setHeader('WWW-Authenticate', 'vapid');
      if (answer.retryAfterSeconds !== undefined) {
        response.setHeader('Retry-After', answer.retryAfterSeconds);
      }
      return refuse(response, answer.status, answer.reason);
    }
    // RFC 8030 §5 and §5.2: where the message is, and how long it really waits.
    response
      .writeHead(201, {
        location: `${this.#options.origin}/push/message/${answer.messageId}`,
        ttl: String(answer.ttlSeconds),
        'content-length': '0',
      })
      .end();
  }

  async #remove({ response, secret }: Exchange): Promise<void> {
    if (await this.#options.service.remove(secret)) response.writeHead(204).end();
    else refuse(response, 404, 'The message does not wait any more.');
  }

  #askFcm(
    exchange: Exchange,
    ask: (fcm: FcmImitation, exchange: Exchange) => Promise<void>,
  ): Promise<void> | void {
    const fcm = this.#options.fcm();
    if (fcm) return ask(fcm, exchange);
    refuse(
      exchange.response,
      404,
      'The imitation of Chromium’s push service is not on: assent browser chromium',
    );
  }

  async #relayed(secret: string): Promise<Subscription | undefined> {
    const [subscription] = await this.#options.service.subscriptionsOf(relayListener(secret));
    return subscription;
  }
}

function relayListener(secret: string): string {
  return `relay:${secret}`;
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function parseJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    // What is not JSON fails the schema like any other wrong body.
    return undefined;
  }
}

/** RFC 9457 §3, with the type left out. */
function refuse(response: ServerResponse, status: number, detail: string): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ title: STATUS_CODES[status], status, detail }));
}
