// A client of the plan: asks by signed requests alone, proves itself as the variant says, and shows its certificate where tokens are
// bound to it. With private_key_jwt the backchannel endpoint is called without one.
import {
  type Answer,
  Exchange,
  type FormFields,
  fieldsOf,
  type Outgoing,
  type Parameters,
} from '../client/exchange.ts';
import type { Claims } from '../client/jwt.ts';
import {
  assertionFields,
  type Credentials,
  RelyingParty,
  type RelyingPartyOptions,
} from '../client/relying-party.ts';

export interface ParticipantOptions extends RelyingPartyOptions {
  /** Claims of every request, beside the baseline. */
  claims?: () => Claims;
  /** Whom assertions are addressed to: the issuer, or the endpoint that gives tokens out. */
  assertsTo?: 'issuer' | 'token_endpoint';
  /** Header of every request. */
  requestHeader?: Claims;
}

export class Participant extends RelyingParty {
  readonly #options: ParticipantOptions;
  /** Without a certificate. */
  readonly #bare: Exchange;
  #notificationToken: unknown;

  constructor(options: ParticipantOptions) {
    super(options);
    this.#options = options;
    this.#bare = new Exchange(options.provider.ca);
  }

  get isKnownByCertificate(): boolean {
    return this.identity.method === 'tls_client_auth';
  }

  /** Right in everything that the changes leave alone. */
  override requestClaims(): Claims {
    const claims = { ...super.requestClaims(), ...this.#options.claims?.() };
    this.#notificationToken = claims['client_notification_token'];
    return claims;
  }

  /** The one that its last request named. */
  get notificationToken(): unknown {
    return this.#notificationToken;
  }

  /** The signed request that this client sends as a rule. */
  askAsUsual(claims: Claims = {}): Promise<Answer> {
    return this.askSigned(claims, { header: this.#options.requestHeader ?? {} });
  }

  override async call(
    endpoint: string,
    parameters: Parameters | FormFields,
    outgoing: Outgoing = {},
  ): Promise<Answer> {
    const isPlain = endpoint === 'backchannel_authentication_endpoint' && !this.isKnownByCertificate;
    return isPlain
      ? this.callWithoutCertificate(endpoint, parameters, this.provider.endpoint(endpoint))
      : super.call(endpoint, parameters, outgoing);
  }

  async callWithoutCertificate(
    endpoint: string,
    parameters: Parameters | FormFields,
    url = this.endpoint(endpoint),
  ): Promise<Answer> {
    const { fields } = await this.credentials();
    const own = fieldsOf(parameters);
    const names = new Set(own.map(([name]) => name));
    return this.#bare.post(url, [...fieldsOf(fields).filter(([name]) => !names.has(name)), ...own]);
  }

  override async credentials(): Promise<Credentials> {
    if (this.isKnownByCertificate) return super.credentials();
    const { assertsTo = 'issuer' } = this.#options;
    const aud = assertsTo === 'issuer' ? this.provider.issuer : this.endpoint('token_endpoint');
    return { fields: assertionFields(await this.assertion({ aud })), headers: {} };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#bare[Symbol.asyncDispose]();
    await super[Symbol.asyncDispose]();
  }
}
