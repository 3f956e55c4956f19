// An authenticator as WebAuthn Level 3 §6 describes it, and the browser in front of it: makes passkeys and signs with them.
// Right in everything that a test does not want to be wrong.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyRegistration,
  PasskeyRequest,
} from '../src/contract/index.ts';
import { encodeCbor } from './cbor.ts';

/** What a test wants to be wrong about what the authenticator or the browser says. */
export interface Falsified {
  challenge?: string;
  origin?: string;
  rpId?: string;
  type?: string;
  crossOrigin?: boolean;
  /** False: somebody touched it, and nobody was verified. */
  isVerified?: boolean;
  counter?: number;
  key?: KeyObject;
  id?: string;
  /** In its public key, beside those that belong there. */
  keyMembers?: ReadonlyArray<[number, unknown]>;
  attestation?: { fmt: string; attStmt: Readonly<Record<string, unknown>> };
}

/** §6.1: bits of the flags. */
const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 } as const;
/** COSE key of ES256, RFC 9053 §7.1. */
const KTY_EC2 = 2;
const ALG_ES256 = -7;
const CRV_P256 = 1;

export class SoftwareAuthenticator {
  readonly #origin: string;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly id = randomBytes(32).toString('base64url');
  /** How often it has signed. An authenticator without a counter says 0 for ever. */
  counter = 0;
  readonly #counts: boolean;

  constructor(origin: string, { counts = true }: { counts?: boolean } = {}) {
    this.#origin = origin;
    this.#counts = counts;
  }

  /** `navigator.credentials.create`. */
  create(options: PasskeyCreation, falsified: Falsified = {}): PasskeyRegistration {
    const id = falsified.id ?? this.id;
    const { fmt, attStmt } = falsified.attestation ?? { fmt: 'none', attStmt: {} };
    const authData = Buffer.concat([
      this.#authenticatorData(falsified.rpId ?? options.rp.id, FLAGS.attested, falsified),
      // §6.5.1: no make and model, length of the id, id, key.
      Buffer.alloc(16),
      uint16(Buffer.from(id, 'base64url').length),
      Buffer.from(id, 'base64url'),
      this.#coseKey(falsified),
    ]);
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, falsified),
        attestationObject: encodeCbor({ fmt, attStmt, authData }).toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** `navigator.credentials.get`. */
  get(options: PasskeyRequest, falsified: Falsified = {}): PasskeyAssertion {
    if (this.#counts) this.counter += 1;
    const clientData = this.#clientData('webauthn.get', options.challenge, falsified);
    const authData = this.#authenticatorData(falsified.rpId ?? options.rpId, 0, falsified);
    const clientDataHash = sha256(Buffer.from(clientData, 'base64url'));
    const signature = sign(
      'sha256',
      Buffer.concat([authData, clientDataHash]),
      falsified.key ?? this.#key.privateKey,
    );
    const id = falsified.id ?? this.id;
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData,
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    };
  }

  /** §6.1. */
  #authenticatorData(rpId: string, extraFlags: number, { isVerified = true, counter }: Falsified): Buffer {
    const flags = FLAGS.present | (isVerified ? FLAGS.verified : 0) | extraFlags;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count]);
  }

  /** §5.8.1. */
  #clientData(type: string, challenge: string, falsified: Falsified): string {
    const clientData = {
      type: falsified.type ?? type,
      challenge: falsified.challenge ?? challenge,
      origin: falsified.origin ?? this.#origin,
      crossOrigin: falsified.crossOrigin ?? false,
    };
    return Buffer.from(JSON.stringify(clientData)).toString('base64url');
  }

  #coseKey({ keyMembers = [] }: Falsified): Buffer {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
    return encodeCbor(
      new Map<number, unknown>([
        [1, KTY_EC2],
        [3, ALG_ES256],
        [-1, CRV_P256],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
        ...keyMembers,
      ]),
    );
  }
}

function sha256(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
