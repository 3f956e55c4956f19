// Reads the parameters of a protocol request once, from a form or from JSON, and hands the provider a plain form.
// Auth0 takes both on its token endpoint and auth0-python relies on that; oidc-provider reads forms only.
import { IncomingMessage } from 'node:http';
import { isJsonObject } from '../json-object.ts';
import { parseExactJson } from './exact-json.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/** Parameters by name; a list where one was sent more than once. An empty value counts as not sent, RFC 6749 §3.1. */
export type RequestParameters = Readonly<Record<string, string | readonly string[]>>;

/** More than any request of the protocol needs. In bytes. */
const LARGEST_BODY = 56 * 1024;

/** @param keep is handed the body as text */
export async function readParameters(
  request: IncomingMessage,
  keep?: (text: string) => void,
): Promise<RequestParameters> {
  const type = mediaTypeOf(request);
  const body = await readBody(request);
  keep?.(body);
  if (type === 'application/json') return fromJson(body);
  if (type === 'application/x-www-form-urlencoded' || body === '') return fromForm(new URLSearchParams(body));
  throw invalidRequest(
    `The content type "${type}" is not understood; expected application/x-www-form-urlencoded or application/json`,
  );
}

export function isJson(request: IncomingMessage): boolean {
  return mediaTypeOf(request) === 'application/json';
}

/** RFC 6749 §3.2 and CIBA Core §7.1, where JSON is not taken. */
export function expectedForm(): Refusal {
  return invalidRequest('Parameters must be sent as application/x-www-form-urlencoded, not as JSON');
}

function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The first value, as text. */
export function parameter(parameters: RequestParameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Names sent more than once. RFC 6749 §3.2: parameters must not be included more than once; RFC 8707 §2 excepts `resource`. */
export function repeatedParameters(parameters: RequestParameters): string[] {
  return Object.keys(parameters).filter(
    (name) => name !== 'resource' && typeof parameters[name] !== 'string',
  );
}

/** As a form or a query; what was sent more than once stays so. */
export function toForm(parameters: RequestParameters): URLSearchParams {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) =>
      [value].flat().map((text): [string, string] => [name, text]),
    ),
  );
}

/** The same request with `parameters` as its form, so that the provider reads it like any other. */
export function withForm(original: IncomingMessage, parameters: RequestParameters): IncomingMessage {
  const body = Buffer.from(toForm(parameters).toString());
  const request = new IncomingMessage(original.socket);
  Object.assign(request, { method: original.method, url: original.url, httpVersion: original.httpVersion });
  request.headers = {
    ...original.headers,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
    // The provider renders HTML for callers that prefer it; an API caller never gets HTML.
    accept: 'application/json',
  };
  delete request.headers['transfer-encoding'];
  request.push(body);
  request.push(null);
  // The provider reads with it. All of the body is here; going through the stream would cost as much as parsing it.
  request.iterator = () => onlyChunk(body);
  // A message that is not complete takes its socket along when it is destroyed.
  request.complete = true;
  return request;
}

async function* onlyChunk(chunk: Buffer): AsyncGenerator<Buffer, undefined> {
  yield chunk;
}

/** The body as text. @throws Refusal for one that is too large or breaks off */
export function readBody(request: IncomingMessage): Promise<string> {
  // By its events: an iterator over a stream costs more than all that is done with a body of this size.
  return new Promise((resolve, reject) => {
    const breakOff = (): void => reject(invalidRequest('The request body ended before it was complete'));
    if (request.readableEnded) return resolve('');
    if (request.destroyed) return breakOff();
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= LARGEST_BODY) return void chunks.push(chunk);
      request.off('data', take).pause();
      reject(invalidRequest(`The request body is larger than ${LARGEST_BODY} bytes`));
    };
    request
      .on('data', take)
      .once('end', () => {
        request.off('close', breakOff);
        resolve(Buffer.concat(chunks).toString('utf8'));
      })
      .once('error', breakOff)
      .once('close', breakOff);
  });
}

function toJson(name: string, value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // The stack of the serializer ends long before that of the parser.
    throw invalidRequest(`The member "${name.slice(0, 40)}" of the JSON request body is nested too deeply`);
  }
}

export function fromForm(form: URLSearchParams): RequestParameters {
  const parameters: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of form) {
    const before = parameters[name];
    if (before === undefined) parameters[name] = value;
    else if (typeof before === 'string') parameters[name] = [before, value];
    else before.push(value);
  }
  for (const name of Object.keys(parameters)) if (parameters[name] === '') delete parameters[name];
  return parameters;
}

function fromJson(body: string): RequestParameters {
  let parsed: unknown;
  try {
    parsed = parseExactJson(body === '' ? '{}' : body, (why) =>
      invalidRequest(`The JSON request body: ${why}`),
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw invalidRequest('The request body is not valid JSON');
  }
  if (!isJsonObject(parsed)) {
    throw invalidRequest('The JSON request body must be an object whose members are the parameters');
  }
  const parameters: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(parsed)) {
    // Numbers and objects arrive as their JSON text: `authorization_details` may be sent as a list.
    const text = typeof value === 'string' ? value : value === null ? '' : toJson(name, value);
    if (text !== '') parameters[name] = text;
  }
  return parameters;
}
