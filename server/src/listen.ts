// Opens a socket of the server: the one that everybody knows, and another one for callers with certificates. A port that cannot
// be had becomes a problem that says what to type instead, and `close` ends every connection, so that event streams and idle
// clients never keep a process or a test waiting.
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer as createProbe, type Socket } from 'node:net';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { limitConnections } from './listen/most-connections.ts';
import { namesOneHost } from './listen/named-host.ts';
import { openPlainDoor } from './listen/plain-door.ts';
import { openTroubledDoor, type TroublePort } from './listen/troubled-door.ts';
import { Problem } from './problem.ts';

export type { Trouble, TroublePort } from './listen/troubled-door.ts';

export interface ListenOptions {
  listener: RequestListener;
  /** Takes a connection over, such as for a WebSocket; false refuses it. */
  upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Address or host name of this computer. */
  host: string;
  /** 0 for any free one. */
  port: number;
  /** PEM. Without it the server speaks plain http. With an RSA one beside it, by the cipher suites of FAPI alone. */
  certificate?: (ShownCertificate & { rsa?: ShownCertificate }) | undefined;
  /** Asks callers for a certificate, and lets those in that have none. PEM of the authorities whose word counts. */
  clientAuthorities?: readonly string[] | undefined;
  /** With a certificate: answers those who speak plain http on the same port. Without it they are cut off. */
  plainListener?: RequestListener | undefined;
  /** With a certificate: decides about connections before TLS begins on them. */
  trouble?: TroublePort;
}

interface ShownCertificate {
  cert: string;
  key: string;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // How soon somebody who is over them is noticed: with Node's default, after half a minute more.
  connectionsCheckingInterval: 5_000,
  // Well above the interval at which agents poll. At Node's default of five seconds a reused connection is often closed
  // in the very moment in which the next poll is sent.
  keepAliveTimeout: 65_000,
};

/** Node would let a connection sit there for two minutes without a word. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How long answers may still be on their way while the server closes. Whoever has not taken them by then is cut off. */
const FAREWELL_MS = 250;

/** @throws Problem `port_in_use`, `port_not_allowed`, or `usage` for what is no port, or no address of this computer */
export async function listen(given: ListenOptions): Promise<Listening> {
  const { plainListener } = given;
  const options: ListenOptions = {
    ...given,
    listener: forOneHost(given.listener),
    ...(plainListener && { plainListener: forOneHost(plainListener) }),
  };
  const { listener, host, port, certificate } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Problem('usage', `The port is ${port}, expected a whole number from 0 to 65535.`, {
      hint: 'Let it choose a free one:      assent --port 0',
    });
  }
  const server = certificate ? createTlsServer(certificate, options) : createHttpServer(LIMITS, listener);
  const sockets = new Set<Socket>();
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_request, response) => {
    // While the server closes, a connection ends with its last answer instead of staying open for another request.
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  server.on('upgrade', (request, socket, head) => {
    // Node lets go of the connection here, so that nobody else listens for one that breaks.
    socket.on('error', () => undefined);
    if (namesOneHost(request) && options.upgrade?.(request, socket, head)) return;
    // Without a listener Node would answer as if no upgrade had been asked for; refused, it says so. RFC 9110 §7.8.
    // Nor would anybody end a connection whose other end stays.
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n', () => socket.destroy());
  });
  await limitConnections(server);
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw await explainListenError(error, host, port);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const cutOff = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, FAREWELL_MS);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

function forOneHost(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (namesOneHost(request)) return listener(request, response);
    response
      .writeHead(400, {
        'Content-Type': 'text/plain',
        'X-Content-Type-Options': 'nosniff',
        Connection: 'close',
      })
      .end('Received several Host headers, or one that is no host. Expected one: RFC 9112 §3.2.\n');
  };
}

/** RFC 8446 §B.4; below TLS 1.3 the four of FAPI 1.0 Advanced §8.5, to which FAPI-CIBA §7.9 refers. */
const FAPI_CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
].join(':');

function createTlsServer(
  certificate: NonNullable<ListenOptions['certificate']>,
  { listener, plainListener, trouble, clientAuthorities }: ListenOptions,
): HttpsServer {
  const { rsa } = certificate;
  // Those suites need an RSA certificate; whoever speaks TLS 1.3 gets the one it prefers.
  const suites = rsa && {
    ciphers: FAPI_CIPHERS,
    honorCipherOrder: true,
    dhparam: 'auto' as const,
  };
  // Who has no certificate, or one that nobody has signed, is let in: the provider knows who needs which (RFC 8705 §2).
  const asking = clientAuthorities && {
    requestCert: true,
    rejectUnauthorized: false,
    ca: [...clientAuthorities],
  };
  const makeServer = (shown: ShownCertificate & { rsa?: ShownCertificate }): HttpsServer =>
    createHttpsServer(
      {
        ...LIMITS,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        minVersion: 'TLSv1.2',
        ...suites,
        ...asking,
        cert: shown.rsa ? [shown.cert, shown.rsa.cert] : shown.cert,
        key: shown.rsa ? [shown.key, shown.rsa.key] : shown.key,
      },
      listener,
    );
  const server = makeServer(certificate);
  if (trouble) openTroubledDoor(server, trouble, makeServer);
  if (plainListener) openPlainDoor(server, plainListener);
  return server;
}

async function explainListenError(error: unknown, host: string, port: number): Promise<unknown> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE': {
      const [owner, freePort] = await Promise.all([findPortOwner(port), findFreePort(host, port + 1)]);
      const hints = [
        ...(freePort === undefined ? [] : [`Start on the next free port:   assent --port ${freePort}`]),
        'Or let it choose:              assent --port 0',
      ];
      return new Problem(
        'port_in_use',
        `Port ${port} is in use${owner === undefined ? '' : ` (${owner})`}.`,
        {
          hint: hints.join('\n'),
          cause: error,
        },
      );
    }
    case 'EACCES':
      return new Problem('port_not_allowed', `This account may not listen on port ${port}.`, {
        hint: [
          'Use a port above 1023:         assent --port 4443',
          `Or allow it, until a restart:  sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}`,
        ].join('\n'),
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Problem('usage', `"${host}" is not an address of this computer.`, {
        hint: 'Only this computer:            assent --host 127.0.0.1\nEvery address it has:          assent --host 0.0.0.0',
        cause: error,
      });
    default:
      return error;
  }
}

/** The first port from `first` on that can be had, if there is one near. */
async function findFreePort(host: string, first: number): Promise<number | undefined> {
  for (let port = first; port < Math.min(first + 20, 65_536); port += 1) {
    const probe = createProbe().listen({ host, port, exclusive: true });
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  return undefined;
}

/** "node, pid 5123", where the system tells: on Linux, for processes of the same account. */
async function findPortOwner(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    if (!(await holdsSocket(pid, inodes))) continue;
    // Not `comm`, which is the name of a thread: every Node process would be called "MainThread".
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [program = ''] = command.split('\0');
    return program === '' ? `pid ${pid}` : `${basename(program)}, pid ${pid}`;
  }
  return undefined;
}

/** Inodes of the sockets that listen on `port`, from a table as proc(5) describes it. */
function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === '0A' && local?.endsWith(wanted) && inode !== undefined ? [inode] : [];
  });
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
