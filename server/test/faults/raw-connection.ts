// A connection on which anything can be sent, in any pieces, and everything that comes back is kept.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export class RawConnection implements AsyncDisposable {
  received = '';
  isClosed = false;
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    // The other end may cut it off whenever it wants.
    socket.on('error', () => undefined);
    socket.on('data', (text) => {
      this.received += String(text);
      this.#wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const connection = new RawConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  /** From now on nothing is read, as by a program that hangs. */
  stopReading(): void {
    this.#socket.pause();
  }

  goOnReading(): void {
    this.#socket.resume();
  }

  send(text: string): void {
    if (!this.isClosed) this.#socket.write(text);
  }

  /** Writes the same again and again, as fast as the other end takes it, until that closes the connection. */
  async floodWith(text: string): Promise<void> {
    while (!this.isClosed) {
      if (this.#socket.write(text)) await new Promise(setImmediate);
      else {
        const drained = new Promise<void>((resolve) => this.#socket.once('drain', resolve));
        await Promise.race([drained, this.closed()]);
      }
    }
  }

  async until(wanted: (received: string) => boolean): Promise<string> {
    while (!wanted(this.received)) {
      if (this.isClosed) throw new Error(`the connection ended after ${JSON.stringify(this.received)}`);
      await this.#change();
    }
    return this.received;
  }

  async closed(): Promise<string> {
    while (!this.isClosed) await this.#change();
    return this.received;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #wake(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.closed();
  }
}
