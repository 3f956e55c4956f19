// Client assertions (RFC 7523 §3, OpenID Connect Core §9). The provider verifies them: signature, times, one use. What it leaves open is
// decided here: whose keys they are, whom they must be addressed to, what they may be signed with, and that nothing beside
// them names another client.
import { decodeJwt, decodeProtectedHeader, type JWK, errors as joseErrors } from 'jose';
import { errors } from 'oidc-provider';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { AssertionTime } from './assertion-time.ts';
import type { ClientKeys } from './client-keys.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { providerNowSeconds } from './provider-time.ts';
import { Refusal } from './refusal.ts';
import { assertionAlgorithmsOf } from './signing-rules.ts';

/** RFC 10070 §3 names the first, RFC 7519 §5.1 the second. */
const TYPES = ['client-authentication+jwt', 'jwt'];
/** RFC 7523 §3: an end that is unreasonably far away may be refused; its id would have to be remembered until then. */
const LONGEST_SECONDS = 86_400;

export class ClientAssertions {
  readonly #tenant: Tenant;
  readonly #keys: ClientKeys;
  readonly #time: AssertionTime;

  constructor(tenant: Tenant, keys: ClientKeys, time: AssertionTime) {
    this.#tenant = tenant;
    this.#keys = keys;
    this.#time = time;
  }

  /** Keys by which the provider may take an assertion or a signed request for that of a client: its own, and those that stand in for them. */
  keysOf(client: ClientConfig): readonly JWK[] {
    return [...this.#keys.known(client), ...this.#time.keys];
  }

  /**
   * The same request as the provider can judge it: the keys of its client are known by then, its assertion is in the
   * computer's time.
   *
   * @throws Refusal
   */
  async toProvider(parameters: RequestParameters): Promise<RequestParameters> {
    const assertion = parameter(parameters, 'client_assertion');
    const claimed = assertion === undefined ? undefined : readClaimed(assertion);
    if (claimed === undefined) return parameters;
    const client = this.#tenant.directory.client(claimed.subject);
    const clientId = parameter(parameters, 'client_id');
    if (
      rulesOf(this.#tenant, client).isStrictOnAssertions &&
      clientId !== undefined &&
      clientId !== claimed.subject
    ) {
      // RFC 7521 §4.2: the client_id is optional, and must be that of the assertion.
      throw new Refusal(
        401,
        'invalid_client',
        'client authentication failed',
        'the client_id is not the sub of the client_assertion',
      );
    }
    if (client) await this.#learn(client, claimed);
    return this.#time.toProvider(parameters);
  }

  /** Where an address leads to no keys, that is what whoever runs the client has to know. */
  async #learn(client: ClientConfig, header: { kid: string | undefined }): Promise<void> {
    const known = await this.#keys.learn(client, header);
    const failure = this.#keys.failureOf(client);
    if (known.length > 0 || failure === undefined) return;
    throw new Refusal(401, 'invalid_client', 'client authentication failed', failure);
  }

  /**
   * The last check of an assertion that has passed all of the provider's, before its id is spent.
   *
   * @throws InvalidClientAuth
   */
  judge(
    client: ClientConfig,
    claims: Readonly<Record<string, unknown>>,
    header: Readonly<Record<string, unknown>>,
  ): void {
    const { tenant } = this.#tenant.config;
    const rules = rulesOf(this.#tenant, client);
    const algorithms = assertionAlgorithmsOf(client, rules.assertionAlgorithms);
    if (!algorithms.includes(String(header['alg']))) {
      throw new errors.InvalidClientAuth(
        `the client_assertion is signed with ${String(header['alg']).slice(0, 20)}, expected ${algorithms.join(' or ')}`,
      );
    }
    const audience = [claims['aud']].flat();
    const mode = tenant.client_assertion_audience ?? rules.clientAssertionAudience;
    // RFC 10070 §3: the issuer identifier alone, so that no other server can pass the assertion on.
    if (mode === 'issuer' && (audience.length !== 1 || audience[0] !== this.#tenant.issuer)) {
      throw new errors.InvalidClientAuth(
        `the aud of the client_assertion must be ${this.#tenant.issuer} and nothing else`,
      );
    }
    if (!rules.isStrictOnAssertions) return;
    const type = header['typ'];
    if (
      type !== undefined &&
      !TYPES.includes(
        String(type)
          .toLowerCase()
          .replace(/^application\//, ''),
      )
    ) {
      throw new errors.InvalidClientAuth(
        `the typ of the client_assertion is ${JSON.stringify(type).slice(0, 60)}, expected JWT, client-authentication+jwt or none`,
      );
    }
    if (Number(claims['exp']) > providerNowSeconds() + LONGEST_SECONDS) {
      throw new errors.InvalidClientAuth(
        `the client_assertion ends in more than ${LONGEST_SECONDS} seconds, which is too far away`,
      );
    }
  }
}

/** Whose an assertion says it is. Undefined for what is none; the provider refuses it. */
function readClaimed(assertion: string): { subject: string; kid: string | undefined } | undefined {
  try {
    const { sub } = decodeJwt(assertion);
    const { kid } = decodeProtectedHeader(assertion);
    return sub === undefined ? undefined : { subject: sub, kid };
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}
