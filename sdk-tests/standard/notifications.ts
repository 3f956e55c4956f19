// Where a client is called back: a socket of its own, which keeps what comes by the request that it is about. CIBA Core §10.2, §10.3.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Notification {
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Notifications implements AsyncDisposable {
  readonly #server = createServer(async (request, response) => {
    const body = (await json(request)) as Record<string, unknown>;
    this.#waitFor(String(body['auth_req_id'])).resolve({
      authorization: request.headers.authorization,
      body,
    });
    response.writeHead(204).end();
  });
  readonly #byRequest = new Map<string, PromiseWithResolvers<Notification>>();

  static async open(): Promise<Notifications> {
    const opened = new Notifications();
    await once(opened.#server.listen(0, '127.0.0.1'), 'listening');
    return opened;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/notifications`;
  }

  of(authReqId: string): Promise<Notification> {
    return this.#waitFor(authReqId).promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #waitFor(authReqId: string): PromiseWithResolvers<Notification> {
    const known = this.#byRequest.get(authReqId) ?? Promise.withResolvers<Notification>();
    this.#byRequest.set(authReqId, known);
    return known;
  }
}
