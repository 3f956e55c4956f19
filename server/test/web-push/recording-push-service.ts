// Somebody else's push service, over https with a certificate that this process trusts: records what comes, byte for byte,
// and answers what a test wants.
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { certificates } from './push-world.ts';

// The sender trusts for a public host what the process trusts.
setDefaultCACertificates([...getCACertificates('default'), certificates.ca]);

export interface RecordedPush {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** `never` leaves the sender waiting, `endless` answers and never stops. */
export type Reply =
  | {
      status: number;
      headers?: Record<string, string>;
      body?: string;
      /** Answers once this has resolved. */
      after?: Promise<void>;
    }
  | 'never'
  | 'endless';

export class RecordingPushService implements AsyncDisposable {
  readonly received: RecordedPush[] = [];
  readonly #server: Server;
  readonly #replies: Reply[] = [];
  #wake = (): void => {};

  private constructor() {
    this.#server = createServer(certificates, async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = '', url = '', headers } = request;
      this.received.push({ method, url, headers, body: Buffer.concat(chunks) });
      const reply = this.#replies.shift() ?? { status: 201 };
      this.#wake();
      if (reply === 'never') return;
      if (reply === 'endless') {
        response.writeHead(400);
        const write = (): void => void (response.destroyed || response.write('x'.repeat(1_000), write));
        return write();
      }
      await reply.after;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  }

  static async start(): Promise<RecordingPushService> {
    const service = new RecordingPushService();
    service.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(service.#server, 'listening');
    return service;
  }

  /** As it stands in a list of hosts. */
  get host(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
    return `localhost:${address.port}`;
  }

  get origin(): string {
    return `https://${this.host}`;
  }

  /** What the next messages are answered, one each; 201 afterwards. */
  reply(...replies: Reply[]): void {
    this.#replies.push(...replies);
  }

  /** Resolves once `count` messages have come in all. */
  async arrival(count: number): Promise<void> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
