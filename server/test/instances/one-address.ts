// One address for several instances, as a proxy gives it: each connection goes to the next instance that takes it, or to the one
// that a test has chosen.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class OneAddress implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Ports of the instances. */
  ports: number[] = [];
  /** Index of the instance that gets every connection; undefined: each in turn. */
  chosen: number | undefined;
  #turn = 0;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#pass(socket));
  }

  static async open(): Promise<OneAddress> {
    const address = new OneAddress();
    await once(address.#server.listen(0, '127.0.0.1'), 'listening');
    return address;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(socket: Socket, attempt = 0): void {
    this.#turn += 1;
    const port = this.ports[this.chosen ?? this.#turn % this.ports.length];
    if (port === undefined || attempt > this.ports.length) return void socket.destroy();
    const onward = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.#keep(socket);
    this.#keep(onward);
    // One that does not listen is passed over.
    const passOver = (): void => this.#pass(socket, attempt + 1);
    onward.once('error', passOver);
    onward.once('connect', () => {
      onward.off('error', passOver).on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
