// HTTP exchanges for the trace, redacted; and beside it, for whoever asks for one of them explicitly, the request as it was.
// Whoever reads a body says so (`keepBody`); whoever records an event has its exchange described.
import type { IncomingMessage } from 'node:http';
import type { Exchange, OriginalExchange } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import { describeCaller } from '../log-caller.ts';
import type { EventLog } from '../trace/index.ts';
import { type KeptRequest, Originals } from './originals.ts';
import { redactBody, redactParameter, removed } from './redaction.ts';

/** Koa's context, as far as it is read here. */
export interface AnsweredRequest {
  readonly req: IncomingMessage;
  readonly method: string;
  readonly path: string;
  readonly originalUrl: string;
  readonly ip: string;
  get(header: string): string;
  readonly status: number;
  readonly body: unknown;
  readonly response: { get(header: string): unknown };
}

/** What was asked, by name; a list where something was sent more than once. */
export type ExchangeParameters = Readonly<Record<string, unknown>>;

const HEADERS = ['content-type', 'cache-control', 'retry-after'];
const MOST_PARAMETERS = 40;
/** What is no name is content: JSON that was sent as a form ends up in front of the first `=`. */
const NAME = /^[\w.:[\]-]{1,100}$/;

export class Exchanges {
  readonly #originals = new Originals();
  readonly #bodies = new WeakMap<IncomingMessage, string>();
  readonly #sources = new WeakMap<IncomingMessage, IncomingMessage>();
  /** Described, and not yet in an event. */
  readonly #described = new WeakMap<Exchange, KeptRequest>();
  readonly #origin: string;

  /** @param origin of the server, for the address of a request */
  constructor(log: Pick<EventLog, 'subscribe'>, origin: string) {
    this.#origin = origin;
    log.subscribe((event) => {
      const request = 'exchange' in event && event.exchange ? this.#described.get(event.exchange) : undefined;
      if (request) this.#originals.keep(event.number, request);
    });
  }

  keepBody(request: IncomingMessage, text: string): void {
    this.#bodies.set(request, text);
  }

  /** `request` was made in place of what really came in. */
  standsFor(request: IncomingMessage, source: IncomingMessage): void {
    this.#sources.set(request, source);
  }

  /** @param answer where it has not been written yet when the event is recorded */
  describe(
    ctx: AnsweredRequest,
    parameters: ExchangeParameters,
    answer?: { status: number; body?: object },
  ): Exchange {
    const exchange: Exchange = {
      request: describeRequest(ctx, parameters, this.#sourceOf(ctx)),
      response: answer
        ? { status: answer.status, headers: {}, ...(answer.body ? { body: redactBody(answer.body) } : {}) }
        : describeAnswer(ctx),
    };
    this.#described.set(exchange, this.#originalOf(ctx));
    return exchange;
  }

  /** The request of an event; undefined where it had none, or it is kept no more. */
  original(number: number): OriginalExchange['request'] | undefined {
    return this.#originals.get(number);
  }

  #sourceOf({ req }: AnsweredRequest): IncomingMessage {
    return this.#sources.get(req) ?? req;
  }

  #originalOf(ctx: AnsweredRequest): KeptRequest {
    const source = this.#sourceOf(ctx);
    const body = this.#bodies.get(source);
    return {
      method: ctx.method,
      url: `${this.#origin}${ctx.originalUrl}`,
      rawHeaders: source.rawHeaders,
      ...(body === undefined ? {} : { body }),
    };
  }
}

function describeRequest(
  ctx: AnsweredRequest,
  parameters: ExchangeParameters,
  { headers }: IncomingMessage,
): Exchange['request'] {
  const contentType = headers['content-type'] ?? '';
  // Loops here and below: this is done for every exchange, and lists of pairs cost several times as much.
  const shown: Record<string, string> = Object.create(null);
  for (const name of Object.keys(parameters).slice(0, MOST_PARAMETERS)) {
    shown[NAME.test(name) ? name : removed(name)] = redactParameter(name, textOf(parameters[name]));
  }
  return {
    method: ctx.method,
    path: ctx.path,
    ...(contentType === '' ? {} : { content_type: contentType }),
    ...describeCaller(ctx),
    parameters: shown,
  };
}

function describeAnswer(ctx: AnsweredRequest): Exchange['response'] {
  const headers: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = ctx.response.get(name);
    if (value !== undefined && value !== '') headers[name] = String(value);
  }
  return {
    status: ctx.status,
    headers,
    ...(isJsonObject(ctx.body) ? { body: redactBody(ctx.body) } : {}),
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value.join(' ')
    : (JSON.stringify(value) ?? '');
}
