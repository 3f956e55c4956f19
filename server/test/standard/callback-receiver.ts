// The notification endpoint of a client, on a socket of its own: keeps what comes, and answers as a test says.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedCallback {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  body: any;
}

/** A status, or what else becomes of the connection. */
export type Reply = number | ((response: ServerResponse, callback: ReceivedCallback) => unknown);

export class CallbackReceiver implements AsyncDisposable {
  readonly received: ReceivedCallback[] = [];
  /** How the next ones are answered, one each; 204 afterwards. */
  readonly replies: Reply[] = [];
  readonly #server: Server;
  readonly #scheme: string;
  #arrived = Promise.withResolvers<void>();

  private constructor(identity: { cert: string; key: string } | undefined) {
    const listen = (request: IncomingMessage, response: ServerResponse): void => {
      this.#receive(request, response).catch(() => response.destroy());
    };
    this.#scheme = identity ? 'https' : 'http';
    this.#server = identity ? createSecureServer(identity, listen) : createServer(listen);
  }

  /** @param identity PEM; left out, it speaks plain http */
  static async start(identity?: { cert: string; key: string }, port = 0): Promise<CallbackReceiver> {
    const receiver = new CallbackReceiver(identity);
    await once(receiver.#server.listen(port, '127.0.0.1'), 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/ciba', host = 'localhost'): string {
    return `${this.#scheme}://${host}:${this.port}${path}`;
  }

  /** The first `count` callbacks, once they have come. */
  async callbacks(count: number): Promise<ReceivedCallback[]> {
    while (this.received.length < count) await this.#arrived.promise;
    return this.received.slice(0, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const callback = { method, path, headers, body: JSON.parse(await text(request)) };
    this.received.push(callback);
    const reply = this.replies.shift() ?? 204;
    if (typeof reply === 'number') response.writeHead(reply).end();
    else await reply(response, callback);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers();
  }
}
