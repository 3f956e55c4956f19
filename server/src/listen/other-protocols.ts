// What is asked for instead of HTTP: another protocol on this connection, or a way through to somebody else. Called by `listen` for
// every server that it makes. Node hands the connection over at once, also before an answer that is still on its way there: then it
// ends, as what is said now would be taken for that answer.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { namesOneHost } from './named-host.ts';

export interface OtherProtocolsParts {
  /** Takes a connection over, such as for a WebSocket; false refuses it. */
  upgrade?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => boolean) | undefined;
  /** Whether an answer is still on its way. */
  isUnderWay(socket: Duplex): boolean;
}

type ServerEvents = Pick<Server, 'on'>;

export function answerUpgrades(server: ServerEvents, { upgrade, isUnderWay }: OtherProtocolsParts): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node lets go of the connection here, so that nobody else listens for one that breaks.
    socket.on('error', () => undefined);
    if (isUnderWay(socket)) socket.destroy();
    else if (!namesOneHost(request) || !upgrade?.(request, socket, head)) {
      // Without a listener Node would answer as if no upgrade had been asked for; refused, it says so. RFC 9110 §7.8.
      endWith(socket, 'HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    }
  });
}

/** Node would close the connection without a word. RFC 9110 §9.3.6. */
export function refuseToConnect(server: ServerEvents, { isUnderWay }: OtherProtocolsParts): void {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    const text = 'This server is no proxy.\n';
    if (isUnderWay(socket)) socket.destroy();
    else {
      endWith(
        socket,
        `HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
      );
    }
  });
}

/** Nobody else would end a connection whose other end stays. */
function endWith(socket: Duplex, answer: string): void {
  socket.end(answer, () => socket.destroy());
}
