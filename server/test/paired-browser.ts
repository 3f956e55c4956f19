// A browser of an approver, as the server sees it: a key pair, and calls that this key signs.
import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  type ApprovalView,
  type Device,
  type DeviceTransaction,
  deviceTransactionSchema,
} from '../src/contract/index.ts';
import { EventReader } from './event-reader.ts';
import { type Answer, type Call, call } from './http-call.ts';

interface Server {
  url: string;
  /** Authority to trust, for https. */
  ca?: string;
  clock: { now(): number };
}

/** Where every device answers. */
export const RESOLVE_PATH = '/appliance-mfa/api/resolve-transaction';

export interface DeviceKey {
  privateKey: CryptoKey;
  publicKey: { kty: 'EC'; crv: 'P-256'; x: string; y: string };
}

export async function makeDeviceKey(): Promise<DeviceKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const { x = '', y = '' } = await exportJWK(publicKey);
  return { privateKey, publicKey: { kty: 'EC', crv: 'P-256', x, y } };
}

/** What a test wants to be wrong about a signature. */
export interface Falsified {
  claims?: Record<string, unknown>;
  type?: string;
  key?: CryptoKey;
  jwk?: JWK;
}

const secondsNow = ({ clock }: Server): number => Math.floor(clock.now() / 1000);

/** The body that pairs a browser; right in every member that `falsified` leaves alone. */
export async function pairingBody(server: Server, userId: string, key: DeviceKey, falsified: Falsified = {}) {
  const proof = await new SignJWT({
    sub: userId,
    aud: `${server.url}/approver/devices`,
    iat: secondsNow(server),
    exp: secondsNow(server) + 60,
    ...falsified.claims,
  })
    .setProtectedHeader({
      alg: 'ES256',
      typ: falsified.type ?? 'device-proof+jwt',
      jwk: falsified.jwk ?? key.publicKey,
    })
    .sign(falsified.key ?? key.privateKey);
  return { user_id: userId, name: 'Chrome on a laptop', public_key: key.publicKey, proof };
}

export class PairedBrowser {
  readonly #server: Server;
  readonly key: DeviceKey;
  readonly device: Device;

  private constructor(server: Server, key: DeviceKey, device: Device) {
    this.#server = server;
    this.key = key;
    this.device = device;
  }

  static async pair(server: Server, userId: string): Promise<PairedBrowser> {
    const key = await makeDeviceKey();
    const body = await pairingBody(server, userId, key);
    const { ca } = server;
    const url = `${server.url}/approver/devices`;
    const answer = await call(url, { method: 'POST', body, ...(ca === undefined ? {} : { ca }) });
    if (answer.status !== 201) throw new Error(`Pairing was answered ${answer.status}: ${answer.text}`);
    return new PairedBrowser(server, key, answer.json());
  }

  /** The header of one call. */
  async proof(method: string, path: string, falsified: Falsified = {}): Promise<{ Authorization: string }> {
    const jws = await new SignJWT({
      iss: this.device.id,
      htm: method,
      htu: `${this.#server.url}${path}`,
      iat: secondsNow(this.#server),
      jti: randomUUID(),
      ...falsified.claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: falsified.type ?? 'device-proof+jwt' })
      .sign(falsified.key ?? this.key.privateKey);
    return { Authorization: `Device ${jws}` };
  }

  async call(path: string, { method = 'GET', headers = {}, ...rest }: Call = {}): Promise<Answer> {
    const proof = await this.proof(method, path);
    const { url, ca } = this.#server;
    return call(url + path, {
      method,
      headers: { ...proof, ...headers },
      ...(ca === undefined ? {} : { ca }),
      ...rest,
    });
  }

  async events(lastEventId?: string): Promise<EventReader> {
    const path = '/approver/events';
    return EventReader.open(`${this.#server.url}${path}`, {
      ...(await this.proof('GET', path)),
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    });
  }

  /** The signed answer to a request; right in every member that `falsified` leaves alone. */
  async signAnswer(
    approval: ApprovalView,
    { challenge }: Pick<DeviceTransaction, 'challenge'>,
    accepted: boolean,
    falsified: Falsified = {},
  ): Promise<string> {
    return new SignJWT({
      iss: this.device.id,
      sub: challenge,
      aud: `${this.#server.url}${RESOLVE_PATH}`,
      iat: secondsNow(this.#server),
      exp: secondsNow(this.#server) + 30,
      auth0_guardian_method: 'push',
      auth0_guardian_accepted: accepted,
      consent_hash: approval.consent_hash,
      ...falsified.claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: falsified.type ?? 'JWT' })
      .sign(falsified.key ?? this.key.privateKey);
  }

  async answer(approval: ApprovalView, accepted: boolean, falsified: Falsified = {}): Promise<Answer> {
    const asked = await this.askTransaction(approval.id);
    // Who is not asked gets nothing to sign.
    if (asked.status !== 201) return asked;
    const transaction = deviceTransactionSchema.parse(asked.json());
    return this.resolve(transaction.transaction_token, {
      challenge_response: await this.signAnswer(approval, transaction, accepted, falsified),
    });
  }

  /** What this device needs to answer. */
  async transaction(approvalId: string): Promise<DeviceTransaction> {
    const answer = await this.askTransaction(approvalId);
    if (answer.status !== 201) throw new Error(`no transaction: ${answer.status} ${answer.text}`);
    return deviceTransactionSchema.parse(answer.json());
  }

  askTransaction(approvalId: string): Promise<Answer> {
    return this.call(`/approver/requests/${approvalId}/transaction`, { method: 'POST', body: {} });
  }

  /** Sends an answer where every device sends it. */
  resolve(token: string, body: unknown): Promise<Answer> {
    const { url, ca } = this.#server;
    return call(`${url}${RESOLVE_PATH}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body,
      ...(ca === undefined ? {} : { ca }),
    });
  }
}
