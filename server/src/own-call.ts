// A call of this very server over its own port, as a program elsewhere would make it: for what plays a client or an API of the
// tenant, which should meet everything that such a program meets.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { isJsonObject, type JsonObject } from './json-object.ts';

export interface OwnServer {
  /** Where it listens, without a slash at the end. */
  url: string;
  ca: string | undefined;
}

export interface OwnCall {
  method: 'GET' | 'POST';
  path: string;
  /** A form, or JSON. */
  body?: URLSearchParams | JsonObject;
  headers?: Readonly<Record<string, string>>;
}

export interface OwnAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Empty for a body that is no JSON object, such as that of a server which is going away. */
  body: JsonObject;
}

export async function callOwnServer(
  { url, ca }: OwnServer,
  { method, path, body, headers }: OwnCall,
): Promise<OwnAnswer> {
  const isHttps = url.startsWith('https:');
  const { promise, resolve, reject } = Promise.withResolvers<OwnAnswer>();
  const isForm = body instanceof URLSearchParams;
  const request = (isHttps ? requestHttps : requestHttp)(
    new URL(path, url),
    {
      method,
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
        ...headers,
      },
      ...(isHttps && ca !== undefined ? { ca } : {}),
      agent: false,
    },
    (response) =>
      text(response).then((received) => {
        const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(named),
          body: readObject(received),
        });
      }, reject),
  );
  request.on('error', reject);
  request.end(body === undefined ? undefined : isForm ? body.toString() : JSON.stringify(body));
  return promise;
}

function readObject(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
