// Lets somebody else decide about a connection before TLS begins on it: let it through, turn it away, or show it another
// certificate. While nobody could want that, connections go straight through.
import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** What becomes of a connection: turned away in the handshake, or served under this certificate (PEM). */
export type Trouble = 'refuse' | { cert: string; key: string };

export interface TroublePort {
  /** Whether it may come to trouble. Asked for every connection. */
  isExpected(): boolean;
  /** @param hello how the other end begins: its ClientHello, RFC 8446 §4.1.2 */
  troubleOf(hello: Buffer): Promise<Trouble | undefined>;
}

/** A fatal alert, handshake_failure. RFC 8446 §6.2. */
const HANDSHAKE_FAILURE = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

/** Time for a connection to say how it begins. */
const PATIENCE_MS = 15_000;

/** @param makeServer one that answers in the same way under another certificate, and never listens by itself */
export function openTroubledDoor(
  server: Server,
  port: TroublePort,
  makeServer: (certificate: { cert: string; key: string }) => Server,
): void {
  const startTls = server.listeners('connection');
  const others = new Map<string, Server>();
  const goOn = (socket: Socket, trouble: Trouble | undefined): void => {
    if (trouble === 'refuse') {
      socket.end(HANDSHAKE_FAILURE, () => socket.destroy());
      return;
    }
    if (trouble === undefined) for (const start of startTls) start.call(server, socket);
    else {
      const other = others.get(trouble.cert) ?? makeServer(trouble);
      others.set(trouble.cert, other);
      other.emit('connection', socket);
    }
    // Node's sockets read in the tick in which they are handed over, not before.
    process.nextTick(() => socket.resume());
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (!port.isExpected()) {
      for (const start of startTls) start.call(server, socket);
      return;
    }
    const tooLate = setTimeout(() => socket.destroy(), PATIENCE_MS);
    const neverMind = (): void => clearTimeout(tooLate);
    socket.once('close', neverMind);
    // Until TLS has taken over, nobody else listens for a connection that breaks.
    socket.on('error', neverMind);
    socket.once('data', (hello: Buffer) => {
      neverMind();
      socket.pause();
      socket.unshift(hello);
      port.troubleOf(hello).then(
        (trouble) => {
          if (!socket.destroyed) goOn(socket, trouble);
        },
        () => socket.destroy(),
      );
    });
  });
}
