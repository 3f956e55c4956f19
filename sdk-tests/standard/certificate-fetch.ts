// A fetch that shows a certificate. The SDKs take one of the program's own for mutual TLS; Node's own fetch has no place for one.
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';

export interface Identity {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export function createCertificateFetch({ cert, key }: Identity) {
  return async (
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown },
  ): Promise<Response> => {
    const sent =
      body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const outgoing = request(url, { method, headers, cert, key, agent: false }, async (answer) => {
      const received = new Headers();
      for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
        for (const value of values) received.append(name, value);
      }
      const content = await buffer(answer);
      // A Response of one of these statuses may not have a body, Fetch Standard §2.2.4.
      const isEmpty = answer.statusCode === 204 || answer.statusCode === 304;
      resolve(
        new Response(isEmpty ? null : content, { status: answer.statusCode ?? 500, headers: received }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(sent);
    return promise;
  };
}
