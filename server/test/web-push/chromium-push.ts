// As much of Chromium's push client as tests need: check-in, registration and the MCS connection, with the counting of
// stanzas by which Chromium says what it has received.
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import {
  acknowledgement,
  encodeFrame,
  MCS_TAG,
  MCS_VERSION,
  type McsFrame,
  McsFrameReader,
} from '../../src/notify/web-push/mcs-frames.ts';
import { decodeMessage, encodeMessage, numberOf, textsOf } from '../../src/notify/web-push/protobuf.ts';

interface Switches {
  checkIn: string;
  register: string;
  mcsPort: number;
}

function readSwitches(switches: readonly string[] | undefined): Switches {
  const read = (name: string): string => {
    const found = switches?.find((one) => one.startsWith(`--${name}=`));
    if (found === undefined) throw new Error(`There is no switch ${name}.`);
    return found.slice(name.length + 3);
  };
  return {
    checkIn: read('gcm-checkin-url'),
    register: read('gcm-registration-url'),
    mcsPort: Number(new URL(read('gcm-mcs-endpoint')).port),
  };
}

/** A message as it came: DataMessageStanza of mcs.proto. */
export interface ReceivedPush {
  from: string;
  category: string;
  appData: Record<string, string>;
  persistentId: string;
  /** Without it Chromium acknowledges with its next heartbeat, a quarter of an hour later. */
  wantsAcknowledgement: boolean;
  body: Buffer;
}

export interface Credentials {
  androidId: string;
  securityToken: string;
}

export class ChromiumPush {
  readonly #origin: string;
  readonly #switches: Switches;
  readonly #ca: string;
  #credentials: Credentials;

  private constructor(origin: string, switches: Switches, ca: string, credentials: Credentials) {
    this.#origin = origin;
    this.#switches = switches;
    this.#ca = ca;
    this.#credentials = credentials;
  }

  /** Checks in as a fresh profile, or with what an earlier check-in gave. */
  static async checkIn(options: {
    /** Where the addresses of the switches are reached without TLS. */
    plainOrigin: string;
    switches: readonly string[] | undefined;
    ca: string;
    credentials?: Credentials;
  }): Promise<ChromiumPush> {
    const { plainOrigin, ca, credentials } = options;
    const switches = readSwitches(options.switches);
    const response = await fetch(`${plainOrigin}${new URL(switches.checkIn).pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(
        encodeMessage(
          credentials === undefined
            ? []
            : [
                { field: 2, varint: BigInt(credentials.androidId) },
                { field: 13, fixed64: BigInt(credentials.securityToken) },
              ],
        ),
      ),
    });
    const fields = decodeMessage(Buffer.from(await response.arrayBuffer()));
    return new ChromiumPush(plainOrigin, switches, ca, {
      androidId: String(numberOf(fields, 7)),
      securityToken: String(numberOf(fields, 8)),
    });
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** POST to the registration address; returns the text of the answer. */
  async register(
    form: Readonly<Record<string, string>>,
    credentials: Credentials = this.#credentials,
  ): Promise<string> {
    const response = await fetch(`${this.#origin}${new URL(this.#switches.register).pathname}`, {
      method: 'POST',
      headers: { authorization: `AidLogin ${credentials.androidId}:${credentials.securityToken}` },
      body: new URLSearchParams({ app: 'org.chromium.linux', device: credentials.androidId, ...form }),
    });
    return response.text();
  }

  /** Subscribes a page, as `PushManager.subscribe()` does. Returns the endpoint that the page is shown. */
  async subscribe(appid: string, sender: string): Promise<string> {
    const answer = await this.register({
      appid,
      sender,
      scope: 'GCM',
      'X-subtype': `wp:http://localhost/#${appid}`,
    });
    const token = /^token=(\w+)$/.exec(answer)?.[1];
    if (token === undefined) throw new Error(`Registration was answered "${answer}".`);
    return `https://jmt17.google.com/fcm/send/${token}`;
  }

  /** Opens the connection. `received` names messages that came over an earlier one. */
  connect(
    received: readonly string[] = [],
    credentials: Credentials = this.#credentials,
  ): Promise<McsConnection> {
    return McsConnection.open({ port: this.#switches.mcsPort, ca: this.#ca, credentials, received });
  }
}

/** Writes `octets` to the MCS port; resolves once the server has had enough of it. */
export async function writeNoise(
  switches: readonly string[] | undefined,
  ca: string,
  octets: Buffer,
): Promise<void> {
  const socket = connect({ host: 'localhost', port: readSwitches(switches).mcsPort, ca });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {
    // A reset is one way of having enough.
  });
  socket.resume();
  socket.write(octets);
  await closed;
}

export class McsConnection implements AsyncDisposable {
  readonly #socket: TLSSocket;
  readonly #frames: AsyncGenerator<McsFrame>;
  #received = 0;
  /** The answer to the login. */
  login: McsFrame | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.#frames = readFrames(socket);
  }

  static async open(options: {
    port: number;
    ca: string;
    credentials: Credentials;
    received: readonly string[];
  }): Promise<McsConnection> {
    const { port, ca, credentials, received } = options;
    const socket = connect({ host: 'localhost', port, ca });
    await once(socket, 'secureConnect');
    const connection = new McsConnection(socket);
    socket.write(Buffer.from([MCS_VERSION]));
    socket.write(
      encodeFrame(MCS_TAG.loginRequest, [
        { field: 1, bytes: 'chrome-156' },
        { field: 2, bytes: 'mcs.android.com' },
        { field: 3, bytes: credentials.androidId },
        { field: 4, bytes: credentials.androidId },
        { field: 5, bytes: credentials.securityToken },
        ...received.map((bytes) => ({ field: 10, bytes })),
      ]),
    );
    connection.login = await connection.next();
    return connection;
  }

  /** The next stanza; undefined once the server has ended the connection. */
  async next(): Promise<McsFrame | undefined> {
    const { value, done } = await this.#frames.next();
    if (done) return undefined;
    this.#received += 1;
    return value;
  }

  /** The next push. */
  async nextPush(): Promise<ReceivedPush> {
    const frame = await this.next();
    if (frame?.tag !== MCS_TAG.dataMessageStanza)
      throw new Error(`Received tag ${frame?.tag}, expected a push.`);
    const [from = ''] = textsOf(frame.fields, 3);
    const [category = ''] = textsOf(frame.fields, 5);
    const [persistentId = ''] = textsOf(frame.fields, 9);
    const body = frame.fields.get(21)?.at(-1);
    const appData = (frame.fields.get(7) ?? []).flatMap((pair) => {
      if (typeof pair === 'bigint') return [];
      const fields = decodeMessage(pair);
      return [[textsOf(fields, 1)[0] ?? '', textsOf(fields, 2)[0] ?? '']];
    });
    return {
      from,
      category,
      persistentId,
      wantsAcknowledgement: numberOf(frame.fields, 24) === 1n,
      appData: Object.fromEntries(appData),
      body: typeof body === 'object' ? body : Buffer.alloc(0),
    };
  }

  /** Tells the server what came, as Chromium does at once when it is asked to. */
  acknowledge(): void {
    this.send(MCS_TAG.iqStanza);
  }

  /** Says something and how many stanzas have come. Resolves with the answer to a ping. */
  send(tag: number): void {
    this.#socket.write(encodeFrame(tag, acknowledgement(tag, this.#received)));
  }

  /** Resolves once the server has handled everything that was sent before. */
  async settle(): Promise<void> {
    this.#socket.write(encodeFrame(MCS_TAG.heartbeatPing, []));
    const answer = await this.next();
    if (answer?.tag !== MCS_TAG.heartbeatAck)
      throw new Error(`Received tag ${answer?.tag}, expected a heartbeat.`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.closed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }
}

async function* readFrames(socket: TLSSocket): AsyncGenerator<McsFrame> {
  const reader = new McsFrameReader();
  try {
    for await (const chunk of socket) yield* reader.read(chunk);
  } catch (error) {
    // The server may end a connection without a word; that is an end like any other.
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
  }
}
