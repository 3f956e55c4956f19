// Client assertions (RFC 7523 §3) and signed requests to log a person in (RFC 9101 §4) in the tenant's time. A client may go by the
// clock of its computer or by the tenant's; the provider knows the former only. What is of the latter kind is checked here, and the
// provider is given its claims in its own time, signed with the same algorithm: by a key that exists for this and never leaves the process, or by the secret
// that the client shares with this server.
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  type ProtectedHeaderParameters,
  SignJWT,
} from 'jose';
import type { ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { type ClientKeys, candidateKeys, verifyBy } from './client-keys.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { providerNowSeconds, shiftClaims } from './provider-time.ts';

interface OwnKey {
  privateKey: GenerateKeyPairResult['privateKey'];
  publicKey: JWK & { kid: string };
}

interface FoundKeys {
  keys: ReadonlyArray<CryptoKey | Uint8Array>;
  /** Of a client that signs by it. */
  secret?: Uint8Array;
}

type FindKeys = (client: ClientConfig, header: ProtectedHeaderParameters) => Promise<FoundKeys>;

interface ReadJwt {
  claims: JWTPayload;
  header: JWTHeaderParameters;
  /** Of a client that signs by a secret. */
  secret: Uint8Array | undefined;
}

export class AssertionTime {
  readonly #tenant: Tenant;
  readonly #clientKeys: ClientKeys;
  /** By algorithm. */
  readonly #making = new Map<string, Promise<OwnKey>>();
  readonly #publicKeys: JWK[] = [];

  constructor(tenant: Tenant, clientKeys: ClientKeys) {
    this.#tenant = tenant;
    this.#clientKeys = clientKeys;
  }

  /** Keys that the provider must take for those of any client, too. None until they are needed. */
  get keys(): readonly JWK[] {
    return this.#publicKeys;
  }

  /** The same request, its assertion in the computer's time. One that is wrong stays as it is, to be refused. */
  async toProvider(parameters: RequestParameters): Promise<RequestParameters> {
    return this.#translate(parameters, 'client_assertion', (client, header) => this.#keysOf(client, header));
  }

  /** The same for a signed request: the keys of its client are known by then. */
  async requestToProvider(parameters: RequestParameters): Promise<RequestParameters> {
    return this.#translate(parameters, 'request', async (client, header) => ({
      keys: await candidateKeys(this.#clientKeys.known(client), header),
    }));
  }

  async #translate(
    parameters: RequestParameters,
    name: 'client_assertion' | 'request',
    keysOf: FindKeys,
  ): Promise<RequestParameters> {
    const leadSeconds = this.#tenant.clock.leadSeconds();
    const jwt = parameter(parameters, name);
    if (leadSeconds === 0 || jwt === undefined) return parameters;
    const read = await this.#readAhead(jwt, leadSeconds, keysOf);
    if (read === undefined) return parameters;
    shiftClaims(read.claims, -leadSeconds);
    return { ...parameters, [name]: await this.#sign(read) };
  }

  /** A genuine JWT by the tenant's time; undefined for every other. */
  async #readAhead(jwt: string, leadSeconds: number, keysOf: FindKeys): Promise<ReadJwt | undefined> {
    try {
      const claims = decodeJwt(jwt);
      const ageSeconds = providerNowSeconds() - (claims.iat ?? claims.nbf ?? claims.exp ?? 0);
      // Nearer to the computer's time than to the tenant's.
      if (Math.abs(ageSeconds) <= Math.abs(ageSeconds + leadSeconds)) return undefined;
      const client = this.#tenant.directory.client(claims.iss ?? '');
      const header = decodeProtectedHeader(jwt);
      if (!client || typeof header.alg !== 'string') return undefined;
      const { keys, secret } = await keysOf(client, header);
      if (!(await verifyBy(jwt, keys))) return undefined;
      return { claims, header: { ...header, alg: header.alg }, secret };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #keysOf(client: ClientConfig, header: ProtectedHeaderParameters): Promise<FoundKeys> {
    const secret = secretOf(client);
    if (secret) return { keys: [secret], secret };
    if (client.token_endpoint_auth_method !== 'private_key_jwt') return { keys: [] };
    return { keys: await candidateKeys(this.#clientKeys.known(client), header) };
  }

  async #sign({ claims, header, secret }: ReadJwt): Promise<string> {
    const { alg, typ } = header;
    const named = { alg, ...(typ === undefined ? {} : { typ }) };
    if (secret) return new SignJWT(claims).setProtectedHeader(named).sign(secret);
    const { privateKey, publicKey } = await this.#ownKey(alg);
    return new SignJWT(claims).setProtectedHeader({ ...named, kid: publicKey.kid }).sign(privateKey);
  }

  async #ownKey(algorithm: string): Promise<OwnKey> {
    const making = this.#making.get(algorithm) ?? makeKey(algorithm);
    this.#making.set(algorithm, making);
    const key = await making;
    if (!this.#publicKeys.includes(key.publicKey)) this.#publicKeys.push(key.publicKey);
    return key;
  }
}

/** The secret by which a client signs. Its bytes are the key: OpenID Connect Core §10.1. */
function secretOf(client: ClientConfig): Uint8Array | undefined {
  const { token_endpoint_auth_method: method, client_secret: secret } = client;
  return method === 'client_secret_jwt' && secret !== undefined ? Buffer.from(secret) : undefined;
}

async function makeKey(algorithm: string): Promise<OwnKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = await exportJWK(publicKey);
  return { privateKey, publicKey: { ...jwk, use: 'sig', kid: await calculateJwkThumbprint(jwk) } };
}
