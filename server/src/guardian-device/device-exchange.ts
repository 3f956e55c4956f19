// HTTP as a device speaks it: JSON over a connection of its own, trusting the authority that it was told of.
import { once } from 'node:events';
import { type IncomingMessage, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { text } from 'node:stream/consumers';

export interface DeviceRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Default application/json. */
  contentType?: string;
  signal?: AbortSignal;
}

export interface DeviceAnswer {
  status: number;
  /** The body as JSON; undefined where there is none. */
  body: unknown;
}

export class DeviceExchange {
  readonly #ca: string | undefined;

  /** @param ca PEM; undefined trusts what Node trusts */
  constructor(ca: string | undefined) {
    this.#ca = ca;
  }

  async send(request: DeviceRequest): Promise<DeviceAnswer> {
    const response = await this.open(request);
    const body = await text(response);
    return { status: response.statusCode ?? 0, body: parseJson(body) };
  }

  /** The answer as it arrives. */
  async open({ method, url, headers, body, contentType, signal }: DeviceRequest): Promise<IncomingMessage> {
    const outgoing = (url.startsWith('https:') ? requestOverHttps : requestOverHttp)(url, {
      method,
      agent: false,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...headers,
      },
      ...(this.#ca === undefined ? {} : { ca: this.#ca }),
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(outgoing, 'response');
    // A connection that breaks later is reported to whoever reads.
    outgoing.on('error', () => undefined);
    return response;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
