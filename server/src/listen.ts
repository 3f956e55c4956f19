// Opens a socket of the server: the one that everybody knows, and another one for callers with certificates. A port that cannot
// be had becomes a problem that says what to type instead, and `close` ends every connection, so that event streams and idle
// clients never keep a process or a test waiting.
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer as createProbe, type Socket } from 'node:net';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Turns } from './listen/in-turn.ts';
import { limitConnections } from './listen/most-connections.ts';
import { namesOneHost } from './listen/named-host.ts';
import { answerUpgrades, type OtherProtocolsParts, refuseToConnect } from './listen/other-protocols.ts';
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
  // curl and Java's HttpClient offer HTTP/2 to whoever speaks plain http, and are answered as if they had not: RFC 9110 §7.8.
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => /\bwebsocket\b/i.test(headers.upgrade ?? ''),
};

/** Node would let a connection sit there for two minutes without a word. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How long answers may still be on their way while the server closes. Whoever has not taken them by then is cut off. */
const FAREWELL_MS = 250;

/** @throws Problem `port_in_use`, `port_not_allowed`, or `usage` for what is no port, or no address of this computer */
export async function listen(given: ListenOptions): Promise<Listening> {
  const { plainListener } = given;
  const turns = new Turns(() => {
    // While the server closes, a connection ends with its last answer instead of staying open for another request.
    if (!server.listening) setImmediate(() => server.closeIdleConnections());
  });
  const inTurn = (answer: RequestListener): RequestListener => turns.oneAtATime(forOneHost(answer));
  const options: ListenOptions = {
    ...given,
    listener: inTurn(given.listener),
    ...(plainListener && { plainListener: inTurn(plainListener) }),
  };
  const { listener, host, port, certificate } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Problem('usage', `The port is ${port}, expected a whole number from 0 to 65535.`, {
      hint: 'Let it choose a free one:      assent --port 0',
    });
  }
  const others: OtherProtocolsParts = {
    upgrade: given.upgrade,
    isUnderWay: (socket) => turns.isUnderWay(socket),
  };
  const server = certificate
    ? createTlsServer(certificate, options, others)
    : withOthers(createHttpServer(LIMITS, listener), others);
  const sockets = new Set<Socket>();
  let admitted = 0;
  server.prependListener('connection', (socket: Socket) => {
    admitted += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
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
      await quietMoment(() => admitted);
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

/** Rounds of the event loop, at most, in which somebody is let in. */
const ADMITTING_ROUNDS = 50;

/**
 * Whoever has been let in by the system and not yet by Node is let in first: a socket that no longer listens resets them. Those of
 * the last microseconds are reset nevertheless, and ask again.
 */
async function quietMoment(admitted: () => number): Promise<void> {
  // The first round is the rest of one that has begun.
  await nextRound();
  for (let round = 0; round < ADMITTING_ROUNDS; round += 1) {
    const before = admitted();
    await nextRound();
    if (admitted() === before) return;
  }
}

function withOthers<Made extends HttpServer | HttpsServer>(server: Made, others: OtherProtocolsParts): Made {
  answerUpgrades(server, others);
  refuseToConnect(server, others);
  return server;
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
  others: OtherProtocolsParts,
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
    withOthers(
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
      ),
      others,
    );
  const server = makeServer(certificate);
  if (trouble) openTroubledDoor(server, trouble, makeServer);
  // An upgrade is an ordinary request there: nothing is behind it that could be one.
  if (plainListener) refuseToConnect(openPlainDoor(server, plainListener), others);
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
