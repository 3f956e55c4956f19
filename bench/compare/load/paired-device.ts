// A browser that is paired with a person: it hears of a request on its stream, reads it, and answers with its key, as the approver
// app does.
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { z } from 'zod';
import type { Target } from '../target.ts';
import type { Connection } from './connection.ts';
import { EventStream } from './event-stream.ts';

const RESOLVE_PATH = '/appliance-mfa/api/resolve-transaction';
const deviceSchema = z.object({ id: z.string() });
const approvalSchema = z.object({
  id: z.string(),
  state: z.string(),
  binding_message: z.string(),
  consent_hash: z.string(),
});
type Approval = z.output<typeof approvalSchema>;
const transactionSchema = z.object({ transaction_token: z.string(), challenge: z.string() });

export class PairedDevice {
  readonly #target: Target;
  readonly #connection: Connection;
  readonly #key: KeyObject;
  #id = '';
  #stream: EventStream | undefined;
  readonly #awaited = new Map<string, (approval: Approval) => void>();

  private constructor(target: Target, connection: Connection, key: KeyObject) {
    this.#target = target;
    this.#connection = connection;
    this.#key = key;
  }

  static async pair(target: Target, connection: Connection, approver: string): Promise<PairedDevice> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    const jwk = { kty, crv, x, y };
    const device = new PairedDevice(target, connection, privateKey);
    const path = '/approver/devices';
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: approver, aud: target.url + path, iat: now, exp: now + 60 };
    const body = {
      user_id: approver,
      name: 'Browser of the benchmark',
      public_key: jwk,
      proof: device.#sign({ alg: 'ES256', typ: 'device-proof+jwt', jwk }, claims),
    };
    const reply = await connection.post(path, JSON.stringify(body), 'application/json');
    if (reply.status !== 201)
      throw new Error(`pairing was answered ${reply.status} ${reply.text}, expected 201`);
    device.#id = deviceSchema.parse(JSON.parse(reply.text)).id;
    await device.#listen();
    return device;
  }

  /** Resolves when the request with this message is on the stream. */
  hearOf(message: string): Promise<Approval> {
    return new Promise((resolve) => this.#awaited.set(message, resolve));
  }

  async approve({ id, consent_hash }: Approval): Promise<void> {
    const path = `/approver/requests/${id}/transaction`;
    const headers = {
      authorization: `Device ${this.#prove('POST', path)}`,
      'content-type': 'application/json',
    };
    const asked = await this.#connection.send('POST', path, headers, '{}');
    if (asked.status !== 201)
      throw new Error(`what to sign was answered ${asked.status} ${asked.text}, expected 201`);
    const { transaction_token, challenge } = transactionSchema.parse(JSON.parse(asked.text));
    const now = Math.floor(Date.now() / 1000);
    const answer = this.#sign(
      { alg: 'ES256', typ: 'JWT' },
      {
        iss: this.#id,
        sub: challenge,
        aud: this.#target.url + RESOLVE_PATH,
        iat: now,
        exp: now + 30,
        auth0_guardian_method: 'push',
        auth0_guardian_accepted: true,
        consent_hash,
      },
    );
    const bearer = { authorization: `Bearer ${transaction_token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ challenge_response: answer });
    const reply = await this.#connection.send('POST', RESOLVE_PATH, bearer, body);
    if (reply.status !== 200)
      throw new Error(`the answer was answered ${reply.status} ${reply.text}, expected 200`);
  }

  close(): void {
    this.#stream?.close();
  }

  async #listen(): Promise<void> {
    const path = '/approver/events';
    const headers = { authorization: `Device ${this.#prove('GET', path)}` };
    this.#stream = await EventStream.open(this.#target.url + path, headers, (event) => {
      if (!/^event: approval$/m.test(event)) return;
      const approval = approvalSchema.parse(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? ''));
      if (approval.state !== 'pending') return;
      this.#awaited.get(approval.binding_message)?.(approval);
      this.#awaited.delete(approval.binding_message);
    });
  }

  #prove(method: string, path: string): string {
    const iat = Math.floor(Date.now() / 1000);
    const claims = { iss: this.#id, htm: method, htu: this.#target.url + path, iat, jti: randomUUID() };
    return this.#sign({ alg: 'ES256', typ: 'device-proof+jwt' }, claims);
  }

  /** RFC 7515 §7.1. */
  #sign(header: object, claims: object): string {
    const text = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }
}
