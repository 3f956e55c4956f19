// A client that binds its tokens: by a certificate on the connection, by DPoP proofs, or as a test wants it wrong.
import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  SignJWT,
} from 'jose';
import type { TenantConfigInput } from '../../src/contract/index.ts';
import { CIBA_GRANT_TYPE } from '../../src/contract/index.ts';
import type { RunningAssent } from '../../src/index.ts';
import { TRANSFERS, unlimitedBank } from '../agent.ts';
import { type Answer, call } from '../http-call.ts';

export type ClientEntry = NonNullable<TenantConfigInput['clients']>[number];
type Parameters = Readonly<Record<string, string | undefined>>;

/** The bank, with these clients beside its own. */
export function bankWith(
  clients: readonly ClientEntry[],
  changes: Partial<TenantConfigInput> = {},
): TenantConfigInput {
  const bank = unlimitedBank(changes);
  return { ...bank, clients: [...(bank.clients ?? []), ...clients] };
}

export interface Sent {
  /** Sent over mutual TLS. */
  certificate?: { cert: string; key: string } | undefined;
  headers?: Readonly<Record<string, string | string[]>>;
}

/** What a client sends of itself with each request; a secret where it has one. */
export class BoundClient {
  readonly #assent: RunningAssent;
  readonly #credentials: Parameters;
  readonly #always: Sent;

  constructor(assent: RunningAssent, credentials: Parameters, always: Sent = {}) {
    this.#assent = assent;
    this.#credentials = credentials;
    this.#always = always;
  }

  /** To the listener that asks for certificates where one is sent, else to the one that everybody knows. */
  baseFor({ certificate }: Sent): string {
    return (certificate ? this.#assent.mtlsUrl : this.#assent.url) ?? '';
  }

  post(path: string, parameters: Parameters, sent: Sent = {}): Promise<Answer> {
    const { certificate, headers } = { ...this.#always, ...sent };
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...this.#credentials, ...parameters })) {
      if (value !== undefined) form.set(name, value);
    }
    return call(this.baseFor({ certificate }) + path, {
      method: 'POST',
      body: form.toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      ...(this.#assent.ca === undefined ? {} : { ca: this.#assent.ca }),
      certificate,
    });
  }

  ask(changes: Parameters = {}, sent: Sent = {}): Promise<Answer> {
    return this.post(
      '/bc-authorize',
      {
        scope: 'openid offline_access create:transfer',
        audience: TRANSFERS,
        binding_message: 'RENT-4K9',
        login_hint: JSON.stringify({ format: 'iss_sub', iss: this.#assent.issuer, sub: 'auth0|ada' }),
        ...changes,
      },
      sent,
    );
  }

  async askFor(changes: Parameters = {}, sent: Sent = {}): Promise<string> {
    const answer = await this.ask(changes, sent);
    if (answer.status !== 200) throw new Error(`refused: ${answer.status} ${answer.text}`);
    return answer.json().auth_req_id;
  }

  async approved(changes: Parameters = {}, sent: Sent = {}): Promise<string> {
    const authReqId = await this.askFor(changes, sent);
    await this.#assent.control.approve(authReqId);
    return authReqId;
  }

  redeem(authReqId: string, sent: Sent = {}): Promise<Answer> {
    return this.post('/oauth/token', { grant_type: CIBA_GRANT_TYPE, auth_req_id: authReqId }, sent);
  }
}

export interface ProofChanges {
  header?: Readonly<Record<string, unknown>>;
  claims?: Readonly<Record<string, unknown>>;
}

/** A key, and proofs made with it. RFC 9449 §4.2. */
export class DpopKey {
  readonly #keys: GenerateKeyPairResult;
  readonly thumbprint: string;

  private constructor(keys: GenerateKeyPairResult, thumbprint: string) {
    this.#keys = keys;
    this.thumbprint = thumbprint;
  }

  static async make(): Promise<DpopKey> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    return new DpopKey(keys, await calculateJwkThumbprint(await exportJWK(keys.publicKey)));
  }

  get keys(): GenerateKeyPairResult {
    return this.#keys;
  }

  /** @param token where the proof goes with one */
  async prove(htm: string, htu: string, changes: ProofChanges = {}, token?: string): Promise<string> {
    const claims = {
      htm,
      htu,
      jti: crypto.randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
      ...changes.claims,
    };
    const jwk = await exportJWK(this.#keys.publicKey);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...changes.header })
      .sign(this.#keys.privateKey);
  }
}
