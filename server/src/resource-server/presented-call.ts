// What a request shows beside its token, whatever framework it is a request of: method, address, DPoP proof, certificate.
import { X509Certificate } from 'node:crypto';
import { certificateOf, type Presented } from '../possession/index.ts';

/** What `verify` looks at where a token is bound to its sender. Read from the request where it is left out. */
export interface PresentedCall {
  readonly method: string;
  /** As the caller wrote it, or every spelling that is as good. */
  readonly url: string | readonly string[];
  /** The header DPoP, RFC 9449 §4.1. */
  readonly dpop?: string | readonly string[] | undefined;
  /** Of the connection, RFC 8705 §3: as Node gives it, as DER, or as PEM from whoever ended TLS. */
  readonly certificate?: X509Certificate | Uint8Array | string | undefined;
}

/** What may be read of a request of Node, Express, Koa, Fastify or Fetch. */
type Readable = Readonly<Record<string, unknown>>;

/** @param origin under which callers reach this API, where the request itself does not tell */
export function readPresentedCall(request: unknown, origin: string | undefined): PresentedCall | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const readable = request as Readable;
  const { method } = readable;
  const url = addressOf(readable, origin);
  if (typeof method !== 'string' || url === undefined) return undefined;
  return {
    method,
    url,
    dpop: headerOf(readable, 'dpop'),
    certificate: certificateOf(socketOf(readable)),
  };
}

/** In the words of `possession`. */
export function toPresented(scheme: Presented['scheme'], call: PresentedCall | undefined): Presented {
  return {
    scheme,
    method: call?.method ?? '',
    urls: [call?.url ?? []].flat(),
    // Several headers of one name arrive as one, RFC 9110 §5.3; no proof has a comma in it.
    dpop: [call?.dpop ?? []].flat().flatMap((text) => text.split(/\s*,\s*/)),
    certificate: derOf(call?.certificate),
  };
}

/** RFC 6750 §2.3 knows tokens in the address, where logs keep them; FAPI 1.0 Baseline §6.2.1 forbids them. */
export function hasTokenInAddress(call: PresentedCall | undefined): boolean {
  return [call?.url ?? []].flat().some((url) => URL.parse(url)?.searchParams.has('access_token') === true);
}

function derOf(certificate: PresentedCall['certificate']): Uint8Array | undefined {
  if (typeof certificate === 'string') {
    try {
      return new X509Certificate(certificate).raw;
    } catch {
      // What is no certificate proves nothing: as if there were none.
      return undefined;
    }
  }
  return certificate instanceof X509Certificate ? certificate.raw : certificate;
}

function addressOf(request: Readable, origin: string | undefined): string | undefined {
  const address = [request['originalUrl'], request['url']].find((one) => typeof one === 'string');
  if (typeof address !== 'string') return undefined;
  const whole = address.startsWith('/') ? undefined : URL.parse(address);
  const path = whole ? `${whole.pathname}${whole.search}` : address;
  if (origin !== undefined) return URL.parse(path, origin)?.href;
  if (whole) return whole.href;
  const host = headerOf(request, 'host');
  return host === undefined ? undefined : URL.parse(path, `${schemeOf(request)}://${host}`)?.href;
}

/** Express, Koa and Fastify know whether a proxy may be believed; of a plain request the socket tells. */
function schemeOf(request: Readable): string {
  if (typeof request['protocol'] === 'string') return request['protocol'];
  const { encrypted } = (socketOf(request) ?? {}) as { encrypted?: unknown };
  return encrypted === true ? 'https' : 'http';
}

function socketOf({ socket, raw, req }: Readable): unknown {
  return socket ?? (raw as Readable | undefined)?.['socket'] ?? (req as Readable | undefined)?.['socket'];
}

function headerOf({ headers }: Readable, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown =
    'get' in headers && typeof headers.get === 'function' ? headers.get(name) : (headers as Readable)[name];
  return typeof value === 'string' ? value : undefined;
}
