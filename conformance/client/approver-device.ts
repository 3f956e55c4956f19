// A person's device, as the server sees it: enrolled with a key of its own, reads what is asked, signs the answer where
// Guardian devices send theirs. For what only the person who was asked may do.
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Answer, Exchange, type Outgoing } from './exchange.ts';
import { newJti } from './jwt.ts';

export interface ApproverServer {
  /** Without a slash at the end. */
  url: string;
  ca: string | undefined;
  now(): number;
}

export interface ShownRequest {
  id: string;
  consent_hash: string;
  [member: string]: unknown;
}

const PROOF_SECONDS = 60;

export class ApproverDevice implements AsyncDisposable {
  readonly id: string;
  readonly #server: ApproverServer;
  readonly #key: CryptoKey;
  readonly #exchange: Exchange;

  private constructor(id: string, server: ApproverServer, key: CryptoKey, exchange: Exchange) {
    this.id = id;
    this.#server = server;
    this.#key = key;
    this.#exchange = exchange;
  }

  static async enrol(
    server: ApproverServer,
    userId: string,
    name = 'Phone of the suite',
  ): Promise<ApproverDevice> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const { kty, crv, x, y } = await exportJWK(publicKey);
    const jwk = { kty, crv, x, y } as { kty: string };
    const url = `${server.url}/approver/devices`;
    const now = Math.floor(server.now() / 1000);
    const proof = await new SignJWT({ sub: userId, aud: url, iat: now, exp: now + PROOF_SECONDS })
      .setProtectedHeader({ alg: 'ES256', typ: 'device-proof+jwt', jwk })
      .sign(privateKey);
    const exchange = new Exchange(server.ca);
    const answer = await exchange.send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: userId, name, public_key: jwk, proof }),
    });
    if (answer.status !== 201) throw new Error(`enrolling was answered ${answer.status}: ${answer.text}`);
    return new ApproverDevice(answer.json().id, server, privateKey, exchange);
  }

  /** What waits for this person. */
  async inbox(): Promise<ShownRequest[]> {
    const answer = await this.call('GET', '/approver/inbox');
    if (answer.status !== 200) throw new Error(`the inbox was answered ${answer.status}: ${answer.text}`);
    return answer.json().waiting;
  }

  read(approvalId: string): Promise<Answer> {
    return this.call('GET', `/approver/requests/${approvalId}`);
  }

  /** The whole answer of a person: asks for what has to be signed, and signs it. */
  async decide(request: ShownRequest, accepted: boolean): Promise<Answer> {
    const asked = await this.call('POST', `/approver/requests/${request.id}/transaction`, {});
    // Who is not asked gets nothing to sign.
    if (asked.status !== 201) return asked;
    const { challenge, transaction_token } = asked.json();
    return this.resolve(transaction_token, await this.#sign(request, challenge, accepted));
  }

  /** Sends an answer where every device sends it. */
  resolve(token: string | undefined, challengeResponse: string): Promise<Answer> {
    return this.#exchange.send(this.#resolveUrl(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ challenge_response: challengeResponse }),
    });
  }

  /** Has notifications sent to a push service. */
  async subscribe(subscription: unknown): Promise<Answer> {
    return this.call('PUT', `/approver/devices/${this.id}/push`, { kind: 'web-push', subscription });
  }

  async call(method: NonNullable<Outgoing['method']>, path: string, body?: unknown): Promise<Answer> {
    const url = `${this.#server.url}${path}`;
    const proof = await new SignJWT({
      iss: this.id,
      htm: method,
      htu: url,
      iat: Math.floor(this.#server.now() / 1000),
      jti: newJti(),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'device-proof+jwt' })
      .sign(this.#key);
    return this.#exchange.send(url, {
      method,
      headers: {
        authorization: `Device ${proof}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#exchange[Symbol.asyncDispose]();
  }

  #resolveUrl(): string {
    return `${this.#server.url}/appliance-mfa/api/resolve-transaction`;
  }

  #sign(request: ShownRequest, challenge: string, accepted: boolean): Promise<string> {
    const now = Math.floor(this.#server.now() / 1000);
    return new SignJWT({
      iss: this.id,
      sub: challenge,
      aud: this.#resolveUrl(),
      iat: now,
      exp: now + 30,
      auth0_guardian_method: 'push',
      auth0_guardian_accepted: accepted,
      consent_hash: request.consent_hash,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .sign(this.#key);
  }
}
