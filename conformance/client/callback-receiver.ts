// The client notification endpoint of ping and push clients, CIBA Core §10.2 and §10.3: a real socket that records what comes
// and answers what a test wants.
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

export interface Callback {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  json(): any;
}

/** Answers a callback. What it returns is waited for before the answer counts as given. */
export type Reply = (response: ServerResponse, callback: Callback) => unknown;

export class CallbackReceiver implements AsyncDisposable {
  readonly received: Callback[] = [];
  readonly #server: Server;
  readonly #scheme: string;
  readonly #replies = new Map<string, Reply[]>();
  readonly #waiting = new Set<() => void>();
  #failure: unknown;

  private constructor(identity?: { cert: string; key: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.#receive(request, response).catch((error: unknown) => {
        this.#failure = error;
        response.destroy();
        this.#wake();
      });
    };
    this.#scheme = identity ? 'https' : 'http';
    this.#server = identity ? createHttpsServer(identity, listener) : createHttpServer(listener);
  }

  /** @param identity PEM of a certificate for localhost; left out, it speaks plain http */
  static async start(identity?: { cert: string; key: string }): Promise<CallbackReceiver> {
    const receiver = new CallbackReceiver(identity);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** As it stands in a list of hosts. */
  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the receiver does not listen');
    return `localhost:${address.port}`;
  }

  url(path: string): string {
    return `${this.#scheme}://${this.host}${path}`;
  }

  /** How the next callbacks to this path are answered, one each; 204 afterwards. */
  reply(path: string, ...replies: ReadonlyArray<Reply | number>): void {
    const queue = this.#replies.get(path) ?? [];
    queue.push(
      ...replies.map((reply) =>
        typeof reply === 'function' ? reply : (response: ServerResponse) => response.writeHead(reply).end(),
      ),
    );
    this.#replies.set(path, queue);
  }

  /** Forgets replies that nobody asked for. */
  clearReplies(): void {
    this.#replies.clear();
  }

  /** What came, in its order, for one path or about one request. */
  of(what: { path?: string; authReqId?: string }): Callback[] {
    return this.received.filter(
      ({ path, text }) =>
        (what.path === undefined || path === what.path) &&
        (what.authReqId === undefined || text.includes(what.authReqId)),
    );
  }

  /** Resolves once `count` callbacks about a request have come. */
  async arrival(authReqId: string, count = 1): Promise<Callback[]> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const found = this.of({ authReqId });
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const { method = '', url: path = '', headers } = request;
    const callback: Callback = { method, path, headers, text, json: () => JSON.parse(text) };
    this.received.push(callback);
    const reply = this.#replies.get(path)?.shift();
    try {
      if (reply) await reply(response, callback);
      else response.writeHead(204).end();
    } finally {
      this.#wake();
    }
  }

  #wake(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }
}
