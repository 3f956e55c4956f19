// A client of the server under test: asks, polls, redeems, by any method of authentication, with everything changeable that a
// test wants to be wrong. CIBA Core §7 and §10, RFC 6749 §2.3, RFC 7523, RFC 8705.
import type { ClientCertificate } from './certificates.ts';
import {
  type Answer,
  Exchange,
  type FormFields,
  fieldsOf,
  isFields,
  type Outgoing,
  type Parameters,
} from './exchange.ts';
import { type Claims, type Falsified, newJti, signClaims, signWithSecret } from './jwt.ts';
import type { SigningKey } from './keys.ts';
import type { Provider } from './provider.ts';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';
export const JWT_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type AuthMethod =
  | 'client_secret_post'
  | 'client_secret_basic'
  | 'client_secret_jwt'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth'
  | 'none';

export interface ClientIdentity {
  clientId: string;
  method: AuthMethod;
  secret?: string | undefined;
  /** Signs assertions and requests. */
  key?: SigningKey | undefined;
  /** Shown in every handshake. */
  certificate?: ClientCertificate | undefined;
}

/** What accompanies a request so that the server knows who sends it. */
export interface Credentials {
  fields: Parameters;
  headers: Readonly<Record<string, string>>;
}

export interface RelyingPartyOptions {
  provider: Provider;
  identity: ClientIdentity;
  /** Parameters of an authentication request that succeeds. */
  baseline: () => Parameters;
  /** Connections to use in place of its own. */
  exchange?: Exchange;
}

const ASSERTION_SECONDS = 60;
const REQUEST_SECONDS = 300;

export class RelyingParty implements AsyncDisposable {
  readonly provider: Provider;
  readonly identity: ClientIdentity;
  readonly baseline: () => Parameters;
  readonly exchange: Exchange;

  constructor({ provider, identity, baseline, exchange }: RelyingPartyOptions) {
    this.provider = provider;
    this.identity = identity;
    this.baseline = baseline;
    this.exchange = exchange ?? new Exchange(provider.ca, identity.certificate);
  }

  get clientId(): string {
    return this.identity.clientId;
  }

  /** The same client with something about it changed. */
  with(changes: Partial<ClientIdentity>): RelyingParty {
    return new RelyingParty({
      provider: this.provider,
      identity: { ...this.identity, ...changes },
      baseline: this.baseline,
      // Another certificate is another handshake.
      ...('certificate' in changes ? {} : { exchange: this.exchange }),
    });
  }

  endpoint(name: string): string {
    return this.provider.endpoint(name, { mtls: this.identity.certificate !== undefined });
  }

  /** An authentication request that succeeds, unless a change prevents it. */
  ask(changes: Parameters = {}, outgoing: Outgoing = {}): Promise<Answer> {
    return this.call('backchannel_authentication_endpoint', { ...this.baseline(), ...changes }, outgoing);
  }

  /** The auth_req_id of a request that must be accepted. */
  async askFor(changes: Parameters = {}): Promise<string> {
    const answer = await this.ask(changes);
    if (answer.status !== 200) throw new Error(`the request was refused: ${answer.status} ${answer.text}`);
    return answer.json().auth_req_id;
  }

  /** An authentication request whose parameters are the claims of a JWT. CIBA Core §7.1.1. */
  async askSigned(claims: Claims = {}, falsified: Falsified = {}, beside: Parameters = {}): Promise<Answer> {
    return this.askByJwt(await this.signedRequest(claims, falsified), beside);
  }

  askByJwt(request: string, beside: Parameters = {}): Promise<Answer> {
    return this.call('backchannel_authentication_endpoint', { request, ...beside });
  }

  /** The JWT of an authentication request; right in everything that the changes leave alone. */
  signedRequest(claims: Claims = {}, falsified: Falsified = {}): Promise<string> {
    return signClaims(this.#key(), { ...this.requestClaims(), ...claims }, falsified);
  }

  requestClaims(): Claims {
    const now = this.seconds();
    return {
      iss: this.clientId,
      aud: this.provider.issuer,
      iat: now,
      nbf: now,
      exp: now + REQUEST_SECONDS,
      jti: newJti(),
      ...this.baseline(),
    };
  }

  /** POST to the token endpoint with the CIBA grant. */
  poll(authReqId: string | undefined, changes: Parameters = {}, outgoing: Outgoing = {}): Promise<Answer> {
    return this.token({ grant_type: CIBA_GRANT, auth_req_id: authReqId, ...changes }, outgoing);
  }

  refresh(refreshToken: string, changes: Parameters = {}, outgoing: Outgoing = {}): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...changes }, outgoing);
  }

  token(parameters: Parameters | FormFields, outgoing: Outgoing = {}): Promise<Answer> {
    return this.call('token_endpoint', parameters, outgoing);
  }

  /** POST of a form by an authenticated client. */
  async call(
    endpoint: string,
    parameters: Parameters | FormFields,
    outgoing: Outgoing = {},
  ): Promise<Answer> {
    const { fields, headers } = await this.credentials();
    const own = fieldsOf(parameters);
    // A parameter that the test names takes the place of a credential of that name, also where it is left out.
    const names = new Set(isFields(parameters) ? own.map(([name]) => name) : Object.keys(parameters));
    const form = [...fieldsOf(fields).filter(([name]) => !names.has(name)), ...own];
    return this.exchange.post(this.endpoint(endpoint), form, {
      ...outgoing,
      headers: { ...headers, ...outgoing.headers },
    });
  }

  async credentials(): Promise<Credentials> {
    const { clientId, method, secret = '' } = this.identity;
    switch (method) {
      case 'client_secret_post':
        return { fields: { client_id: clientId, client_secret: secret }, headers: {} };
      case 'client_secret_basic':
        return { fields: {}, headers: { authorization: basic(clientId, secret) } };
      case 'client_secret_jwt':
      case 'private_key_jwt':
        return { fields: assertionFields(await this.assertion()), headers: {} };
      case 'tls_client_auth':
      case 'self_signed_tls_client_auth':
      case 'none':
        return { fields: { client_id: clientId }, headers: {} };
    }
  }

  /** RFC 7523 §3; right in everything that the changes leave alone. */
  assertion(claims: Claims = {}, falsified: Falsified = {}): Promise<string> {
    const now = this.seconds();
    const all = {
      iss: this.clientId,
      sub: this.clientId,
      aud: this.provider.issuer,
      iat: now,
      exp: now + ASSERTION_SECONDS,
      jti: newJti(),
      ...claims,
    };
    return this.identity.method === 'client_secret_jwt'
      ? Promise.resolve(signWithSecret(this.identity.secret ?? '', all, falsified.header))
      : signClaims(this.#key(), all, falsified);
  }

  seconds(): number {
    return Math.floor(this.provider.now() / 1000);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.exchange[Symbol.asyncDispose]();
  }

  #key(): SigningKey {
    const { key } = this.identity;
    if (!key) throw new Error(`the client ${this.clientId} has no key to sign with`);
    return key;
  }
}

export function assertionFields(assertion: string): Parameters {
  return { client_assertion_type: JWT_ASSERTION, client_assertion: assertion };
}

/** RFC 6749 §2.3.1: both halves are form-encoded first. */
export function basic(clientId: string, secret: string): string {
  const half = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${half(clientId)}:${half(secret)}`).toString('base64')}`;
}
