// A request as an attacker writes it, byte for byte: Node's own clients would not send most of them.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where to send it. With a certificate authority it is sent over TLS. */
export interface Door {
  url: string;
  ca?: string | undefined;
}

/** Everything that came back until the server closed the connection; empty where it said nothing. */
export function send({ url, ca }: Door, bytes: string): Promise<string> {
  const port = Number(new URL(url).port);
  const { promise, resolve } = Promise.withResolvers<string>();
  let received = '';
  const socket: Socket = ca
    ? connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' })
    : connect(port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => undefined);
  socket.once('close', () => resolve(received));
  socket.write(bytes);
  return promise;
}

/** The status of the first answer. */
export async function statusOf(door: Door, bytes: string): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await send(door, bytes))?.[1]);
}

/** One request that ends the connection. Lines are headers without their line end. */
export function request(target: string, lines: readonly string[], method = 'GET'): string {
  return `${[`${method} ${target} HTTP/1.1`, ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}
