// Where the clients that are called back are called: hands each call to whoever waits for its request, once it is there.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** A ping, or the answer itself: CIBA Core §10.2, §10.3.1, §12. */
const callbackSchema = z.object({
  auth_req_id: z.string(),
  access_token: z.string().optional(),
  error: z.string().optional(),
});
export type Callback = z.output<typeof callbackSchema>;

export class CallbackInbox implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting = new Map<string, (callback: Callback) => void>();
  /** Came before anybody waited for them. */
  readonly #early = new Map<string, Callback>();

  private constructor() {
    this.#server = createServer((request, response) => {
      json(request)
        .then((body) => {
          this.#take(callbackSchema.parse(body));
          response.writeHead(204).end();
        })
        .catch(() => response.writeHead(400).end());
    });
  }

  static async open(): Promise<CallbackInbox> {
    const inbox = new CallbackInbox();
    await once(inbox.#server.listen(0, '127.0.0.1'), 'listening');
    return inbox;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/called`;
  }

  /** @throws once `patienceMs` are over */
  async arrivalOf(authReqId: string, patienceMs: number): Promise<Callback> {
    const early = this.#early.get(authReqId);
    this.#early.delete(authReqId);
    if (early) return early;
    const arrived = Promise.withResolvers<Callback>();
    this.#waiting.set(authReqId, arrived.resolve);
    const limit = setTimeout(
      () => arrived.reject(new Error(`nobody was called back within ${patienceMs} ms`)),
      patienceMs,
    );
    try {
      return await arrived.promise;
    } finally {
      clearTimeout(limit);
      this.#waiting.delete(authReqId);
    }
  }

  #take(callback: Callback): void {
    const { auth_req_id: authReqId } = callback;
    const waiting = this.#waiting.get(authReqId);
    if (waiting) waiting(callback);
    else this.#early.set(authReqId, callback);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
