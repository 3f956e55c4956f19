// The one address that clients know, whoever stands behind it at the moment: passes each connection on to the next instance in
// turn, byte by byte, and ends it when that instance ends. So a client sees what it would see of a dead server, and whoever
// tries again reaches another one.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class FrontAddress implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #ports: readonly number[] = [];
  #turn = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
    server.on('connection', (socket: Socket) => this.#passOn(socket));
  }

  static async open(): Promise<FrontAddress> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the front does not listen');
    return new FrontAddress(server, `http://localhost:${address.port}`);
  }

  /** Who answers from now on; connections that are open stay where they are. */
  leadTo(ports: readonly number[]): void {
    this.#ports = ports;
  }

  #passOn(socket: Socket): void {
    const port = this.#ports[this.#turn % this.#ports.length];
    this.#turn += 1;
    this.#keep(socket);
    if (port === undefined) {
      socket.destroy();
      return;
    }
    const behind = connect(port, '127.0.0.1');
    this.#keep(behind);
    socket.pipe(behind).pipe(socket);
    socket.once('close', () => behind.destroy());
    behind.once('close', () => socket.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // That a connection breaks is what this is about.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
