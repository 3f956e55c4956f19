// A way to Redis on which what a server says can be held up, from the words on that a test names, and let through later.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Longer than any words that are looked for. */
const MOST_WORDS = 100;

export class HeldWay implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #words: string | undefined;
  #release = (): void => {};
  #onHeld = (): void => {};

  private constructor(redisPort: number) {
    this.#server = createServer((socket) => this.#passOn(socket, connect(redisPort, '127.0.0.1')));
  }

  static async open(redisPort: number): Promise<HeldWay> {
    const way = new HeldWay(redisPort);
    await once(way.#server.listen(0, '127.0.0.1'), 'listening');
    return way;
  }

  /** redis://127.0.0.1:PORT/DATABASE */
  urlOf(database = 0): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${database}`;
  }

  /** Resolves once the words have come; they, and what follows on their connection, wait for `release`. */
  async hold(words: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onHeld = resolve;
    this.#words = words;
    await promise;
  }

  /** What was held arrives now. */
  release(): void {
    this.#release();
  }

  #passOn(socket: Socket, redis: Socket): void {
    let held: Buffer[] | undefined;
    let before = Buffer.alloc(0);
    this.#keep(socket, redis);
    this.#keep(redis, socket);
    socket.on('data', (bytes: Buffer) => {
      // The words may come in two parts. A command of which a part is missing is not done either.
      const seen = Buffer.concat([before, bytes]);
      before = seen.subarray(-MOST_WORDS);
      if (this.#words !== undefined && seen.includes(this.#words)) {
        this.#words = undefined;
        held = [];
        this.#release = () => {
          for (const one of held ?? []) redis.write(one);
          held = undefined;
        };
        this.#onHeld();
      }
      if (held) held.push(bytes);
      else redis.write(bytes);
    });
    redis.on('data', (bytes: Buffer) => void socket.write(bytes));
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
