// One Chromium on its MCS connection. Chromium counts stanzas and says how many it has received; so a message that was
// written to a dying connection is known not to have arrived, and comes again at the next login.
import type { Socket } from 'node:net';
import type { Clock } from '../../clock.ts';
import type { FcmAgents } from './fcm-agents.ts';
import {
  acknowledgedIn,
  acknowledgement,
  encodeFrame,
  MCS_TAG,
  MCS_VERSION,
  type McsFrame,
  McsFrameReader,
} from './mcs-frames.ts';
import { encodeMessage, type OutgoingField, textsOf } from './protobuf.ts';
import type { Delivery, PushService } from './push-service.ts';

export interface McsSessionOptions {
  service: PushService;
  agents: FcmAgents;
  clock: Clock;
}

/** Fields of LoginRequest. */
const LOGIN = { user: 3, authToken: 5, receivedPersistentId: 10 } as const;
/** Fields of DataMessageStanza. */
const DATA = {
  from: 3,
  category: 5,
  appData: 7,
  persistentId: 9,
  streamId: 10,
  ttl: 17,
  sent: 18,
  rawData: 21,
  immediateAck: 24,
} as const;
/** `error.code` of a LoginResponse: Chromium forgets its id and checks in anew. */
const LOGIN_REFUSED = 1;

export class McsSession {
  readonly #options: McsSessionOptions;
  readonly #socket: Socket;
  readonly #closed = new AbortController();
  #listener: string | undefined;
  /** Stanzas sent; the version octet is none. */
  #sent = 0;
  #received = 0;
  /** Messages by the number of the stanza that carried them, until they are acknowledged. */
  readonly #unacknowledged = new Map<number, string>();

  constructor(socket: Socket, options: McsSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.once('close', () => this.#closed.abort());
  }

  /** Converses until either side ends it. */
  async run(): Promise<void> {
    const reader = new McsFrameReader();
    this.#socket.write(Buffer.from([MCS_VERSION]));
    for await (const chunk of this.#socket) {
      for (const frame of reader.read(chunk)) {
        this.#received += 1;
        await this.#take(frame);
      }
    }
  }

  async #take(frame: McsFrame): Promise<void> {
    if (frame.tag === MCS_TAG.loginRequest) return this.#logIn(frame);
    if (this.#listener === undefined) throw new RangeError('a stanza before the login');
    await this.#acknowledge(this.#listener, acknowledgedIn(frame) ?? 0);
    if (frame.tag === MCS_TAG.heartbeatPing) this.#send(MCS_TAG.heartbeatAck, []);
    if (frame.tag === MCS_TAG.close) this.#socket.end();
  }

  async #logIn({ fields }: McsFrame): Promise<void> {
    const { agents, clock, service } = this.#options;
    const [androidId = ''] = textsOf(fields, LOGIN.user);
    const [securityToken = ''] = textsOf(fields, LOGIN.authToken);
    const listener = await agents.authenticate(androidId, securityToken);
    if (listener === undefined) {
      const error = encodeMessage([{ field: 1, varint: LOGIN_REFUSED }]);
      this.#send(MCS_TAG.loginResponse, [
        { field: 1, bytes: 'assent' },
        { field: 3, bytes: error },
      ]);
      this.#socket.end();
      return;
    }
    this.#listener = listener;
    for (const messageId of textsOf(fields, LOGIN.receivedPersistentId)) {
      await service.acknowledge(listener, messageId);
    }
    this.#send(MCS_TAG.loginResponse, [
      { field: 1, bytes: 'assent' },
      { field: 2, bytes: androidId },
      { field: 5, varint: 1 },
      { field: 8, varint: clock.now() },
    ]);
    await service.attach(listener, (delivery) => this.#deliver(delivery), this.#closed.signal);
  }

  async #acknowledge(listener: string, lastStreamId: number): Promise<void> {
    for (const [streamId, messageId] of this.#unacknowledged) {
      if (streamId > lastStreamId) continue;
      this.#unacknowledged.delete(streamId);
      await this.#options.service.acknowledge(listener, messageId);
    }
  }

  #deliver({ subscription, message, ttlSeconds }: Delivery): void {
    const { address, applicationServerKey } = subscription;
    if (address.via !== 'fcm') throw new Error('a subscription of another protocol');
    const streamId = this.#sent + 1;
    this.#unacknowledged.set(streamId, message.id);
    this.#send(MCS_TAG.dataMessageStanza, [
      { field: DATA.from, bytes: applicationServerKey },
      { field: DATA.category, bytes: address.category },
      toAppData('subtype', address.subtype),
      ...(message.body === '' ? [] : [toAppData('content-encoding', 'aes128gcm')]),
      { field: DATA.persistentId, bytes: message.id },
      { field: DATA.streamId, varint: streamId },
      { field: DATA.ttl, varint: ttlSeconds },
      { field: DATA.sent, varint: this.#options.clock.now() },
      ...(message.body === ''
        ? []
        : [{ field: DATA.rawData, bytes: Buffer.from(message.body, 'base64url') }]),
      // Asks Chromium to acknowledge at once instead of with its next heartbeat, a quarter of an hour later.
      { field: DATA.immediateAck, varint: 1 },
    ]);
  }

  #send(tag: number, fields: readonly OutgoingField[]): void {
    if (!this.#socket.writable) return;
    this.#sent += 1;
    this.#socket.write(encodeFrame(tag, [...fields, ...acknowledgement(tag, this.#received)]));
  }
}

function toAppData(key: string, value: string): OutgoingField {
  const pair = encodeMessage([
    { field: 1, bytes: key },
    { field: 2, bytes: value },
  ]);
  return { field: DATA.appData, bytes: pair };
}
