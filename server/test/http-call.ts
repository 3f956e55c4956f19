// One HTTP call with nothing added: tests say exactly which headers a caller sends, Host and Origin included.
import { type IncomingHttpHeaders, request as requestOverHttp } from 'node:http';
import { request as requestOverHttps } from 'node:https';

export interface Call {
  method?: string;
  /** A list sends a header so many times. */
  headers?: Readonly<Record<string, string | string[]>>;
  /** Text as it is; anything else becomes JSON, with its content type. */
  body?: unknown;
  ca?: string;
  /** With which the caller proves itself, PEM. */
  certificate?: { readonly cert: string; readonly key: string } | undefined;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; tests compare it as a whole. */
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  json(): any;
}

export function call(
  url: string,
  { method = 'GET', headers = {}, body, ca, certificate, signal }: Call = {},
): Promise<Answer> {
  const isJson = body !== undefined && typeof body !== 'string';
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  const send = url.startsWith('https:') ? requestOverHttps : requestOverHttp;
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      {
        method,
        agent: false,
        headers: {
          ...(isJson ? { 'Content-Type': 'application/json' } : {}),
          ...(text === undefined || 'Transfer-Encoding' in headers
            ? {}
            : { 'Content-Length': String(Buffer.byteLength(text)) }),
          ...headers,
        },
        ...(ca === undefined ? {} : { ca }),
        ...(certificate && { cert: certificate.cert, key: certificate.key }),
        ...(signal === undefined ? {} : { signal }),
      },
      async (response) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          const received = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: received,
            json: () => JSON.parse(received),
          });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}
