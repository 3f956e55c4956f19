// Client assertions in the tenant's time (RFC 7523 §3, private_key_jwt). A client may go by the clock of its computer or by the
// tenant's; the provider knows the former only. An assertion of the latter kind is checked here, and the provider is given
// its claims in its own time, signed by a key that exists for this and never leaves the process.
import {
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  errors,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Tenant } from '../tenant/index.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { providerNowSeconds, shiftClaims } from './provider-time.ts';

/** Of the algorithms that are advertised. It is of no consequence to the client. */
const ALGORITHM = 'RS256';

interface OwnKey {
  privateKey: GenerateKeyPairResult['privateKey'];
  publicKey: JWK & { kid: string };
}

export class AssertionTime {
  readonly #tenant: Tenant;
  #making: Promise<OwnKey> | undefined;
  #publicKey: JWK | undefined;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** Keys that the provider must take for those of any client, too. None until they are needed. */
  get keys(): readonly JWK[] {
    return this.#publicKey === undefined ? [] : [this.#publicKey];
  }

  /** The same request, its assertion in the computer's time. One that is wrong stays as it is, to be refused. */
  async toProvider(parameters: RequestParameters): Promise<RequestParameters> {
    const leadSeconds = this.#tenant.clock.leadSeconds();
    const assertion = parameter(parameters, 'client_assertion');
    if (leadSeconds === 0 || assertion === undefined) return parameters;
    const claims = await this.#readAhead(assertion, leadSeconds);
    if (claims === undefined) return parameters;
    shiftClaims(claims, -leadSeconds);
    return { ...parameters, client_assertion: await this.#sign(claims) };
  }

  /** The claims of a genuine assertion by the tenant's time; undefined for every other. */
  async #readAhead(assertion: string, leadSeconds: number): Promise<JWTPayload | undefined> {
    try {
      const claims = decodeJwt(assertion);
      const ageSeconds = providerNowSeconds() - (claims.iat ?? claims.nbf ?? claims.exp ?? 0);
      // Nearer to the computer's time than to the tenant's.
      if (Math.abs(ageSeconds) <= Math.abs(ageSeconds + leadSeconds)) return undefined;
      const client = this.#tenant.directory.client(claims.iss ?? '');
      if (client?.token_endpoint_auth_method !== 'private_key_jwt' || client.jwks === undefined)
        return undefined;
      await compactVerify(assertion, createLocalJWKSet({ keys: client.jwks.keys as JWK[] }));
      return claims;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #sign(claims: JWTPayload): Promise<string> {
    this.#making ??= makeKey();
    const { privateKey, publicKey } = await this.#making;
    this.#publicKey = publicKey;
    return new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: publicKey.kid }).sign(privateKey);
  }
}

async function makeKey(): Promise<OwnKey> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey: { ...jwk, use: 'sig', kid: await calculateJwkThumbprint(jwk) } };
}
