// Frames of MCS, the connection on which Google's push reaches Chromium: one version octet each way, then tag, length,
// protobuf. Names and numbers are those of mcs.proto in Chromium (google_apis/gcm/protocol).
import {
  decodeMessage,
  decodeVarint,
  encodeMessage,
  encodeVarint,
  type IncomingFields,
  type OutgoingField,
} from './protobuf.ts';

export const MCS_VERSION = 41;

export const MCS_TAG = {
  heartbeatPing: 0,
  heartbeatAck: 1,
  loginRequest: 2,
  loginResponse: 3,
  close: 4,
  iqStanza: 7,
  dataMessageStanza: 8,
} as const;

/** In which field a stanza says how many of ours its sender has received. */
const LAST_STREAM_ID_RECEIVED: Readonly<Record<number, number>> = {
  [MCS_TAG.heartbeatPing]: 2,
  [MCS_TAG.heartbeatAck]: 2,
  [MCS_TAG.loginResponse]: 6,
  [MCS_TAG.iqStanza]: 10,
  [MCS_TAG.dataMessageStanza]: 11,
};

/** Chromium sends nothing near this size. */
const LONGEST_FRAME_BYTES = 64 * 1024;

export interface McsFrame {
  tag: number;
  fields: IncomingFields;
}

export function encodeFrame(tag: number, fields: readonly OutgoingField[]): Buffer {
  const message = encodeMessage(fields);
  return Buffer.concat([Buffer.from([tag]), encodeVarint(message.length), message]);
}

/** The field that acknowledges the first `count` stanzas of the other side. */
export function acknowledgement(tag: number, count: number): OutgoingField[] {
  const field = LAST_STREAM_ID_RECEIVED[tag];
  return field === undefined || count === 0 ? [] : [{ field, varint: count }];
}

/** How many of our stanzas the sender of this frame has received, if it says so. */
export function acknowledgedIn({ tag, fields }: McsFrame): number | undefined {
  const field = LAST_STREAM_ID_RECEIVED[tag];
  const value = field === undefined ? undefined : fields.get(field)?.at(-1);
  return typeof value === 'bigint' ? Number(value) : undefined;
}

/** Cuts a stream of octets into frames. */
export class McsFrameReader {
  #unread = Buffer.alloc(0);
  #isGreeted = false;

  /** Frames that are complete now. @throws RangeError for what is not MCS */
  *read(chunk: Buffer): Generator<McsFrame> {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    if (!this.#isGreeted) {
      const [version] = this.#unread;
      if (version === undefined) return;
      if (version !== MCS_VERSION) throw new RangeError(`MCS version ${version}, expected ${MCS_VERSION}`);
      this.#isGreeted = true;
      this.#unread = this.#unread.subarray(1);
    }
    for (;;) {
      const tag = this.#unread[0];
      const length = tag === undefined ? undefined : decodeVarint(this.#unread, 1);
      if (tag === undefined || length === undefined) return;
      if (length.value > LONGEST_FRAME_BYTES) throw new RangeError(`a frame of ${length.value} octets`);
      const end = length.end + Number(length.value);
      if (this.#unread.length < end) return;
      const message = this.#unread.subarray(length.end, end);
      this.#unread = this.#unread.subarray(end);
      yield { tag, fields: decodeMessage(message) };
    }
  }
}
