// Lets one port of an https server answer plain http as well. A phone that does not trust the certificate yet, and somebody
// who typed the address without "https://", would otherwise get an error that says nothing. Only files without a secret
// are behind it (`http/plain-door`).
import { createServer, type Server as PlainServer, type RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** First byte of a TLS connection: a handshake record. RFC 8446 §5.1. No HTTP method begins with it. */
const TLS_HANDSHAKE = 22;

/** Time for a connection to say what it is, and for a plain one to be over. The files are small. */
const PATIENCE_MS = 15_000;

/**
 * From now on, connections to `server` that do not speak TLS are answered by `listener`.
 * @returns what they are answered by, which never listens by itself
 */
export function openPlainDoor(server: Server, listener: RequestListener): PlainServer {
  const plain = createServer((request, response) => {
    // One question each: then a plain connection never stays, and nothing has to be ended when the server closes.
    response.setHeader('Connection', 'close');
    listener(request, response);
  });
  // What starts TLS on a connection.
  const startTls = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const tooLate = setTimeout(() => socket.destroy(), PATIENCE_MS);
    const neverMind = (): void => clearTimeout(tooLate);
    socket.once('close', neverMind);
    // Until TLS or HTTP has taken over, nobody else listens for a connection that breaks.
    socket.on('error', neverMind);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === TLS_HANDSHAKE) {
        neverMind();
        for (const start of startTls) start.call(server, socket);
      } else {
        plain.emit('connection', socket);
      }
      // Node's sockets read in the tick in which they are handed over, not before.
      process.nextTick(() => socket.resume());
    });
  });
  return plain;
}
