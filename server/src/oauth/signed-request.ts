// Signed authentication requests (CIBA Core §7.1.1): reads `request`, once the client is authentic, and gives the claims as if
// they had been sent as parameters, so that the admission judges both alike. Nothing of a request is read before its
// signature is verified, a JWT is good once, and what stands beside it is refused rather than mixed in or overlooked.
import { createHash } from 'node:crypto';
import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import type { ClientConfig } from '../contract/index.ts';
import { isJsonObject, isNestedTooDeeply, type JsonObject } from '../json-object.ts';
import type { Tenant } from '../tenant/index.ts';
import { type ClientKeys, candidateKeys, verifyBy } from './client-keys.ts';
import { parseExactJson } from './exact-json.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { invalidRequest, Refusal } from './refusal.ts';
import { type RequestRules, requestRulesOf } from './signing-rules.ts';
import { SpentMarks } from './spent-marks.ts';

/** How far clocks may differ. */
const TOLERANCE_SECONDS = 10;
/** RFC 9101 §10.8 names a type for them, RFC 7519 §5.1 another for any JWT; a type of anything else is something else. */
const TYPES = ['jwt', 'oauth-authz-req+jwt'];
const LONGEST_ID = 500;

/** May stand beside `request`: the client proves itself outside of it. CIBA Core §7.1.1. */
const BESIDE = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'request'];
/** Parameters of an authentication request: CIBA Core §7.1, FAPI-CIBA §5.2.2, RFC 9396 §2, RFC 8707 §2, and Auth0's. */
const REQUEST_PARAMETERS = [
  'scope',
  'client_notification_token',
  'acr_values',
  'login_hint_token',
  'id_token_hint',
  'login_hint',
  'binding_message',
  'user_code',
  'requested_expiry',
  'request_context',
  'authorization_details',
  'audience',
  'resource',
  'claims',
  'nonce',
];
/** Claims that are about the JWT itself. RFC 7519 §4.1. */
const OWN_CLAIMS = ['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'sub'];

export class SignedRequests {
  readonly #tenant: Tenant;
  readonly #keys: ClientKeys;
  readonly #spent: SpentMarks;

  constructor(tenant: Tenant, keys: ClientKeys) {
    this.#tenant = tenant;
    this.#keys = keys;
    this.#spent = new SpentMarks(tenant, 'signed-requests');
  }

  /**
   * The parameters of a request, those of its JWT where it is signed.
   *
   * @param client authentic
   * @throws Refusal
   */
  async read(client: ClientConfig, parameters: RequestParameters): Promise<RequestParameters> {
    const rules = requestRulesOf(client);
    // CIBA Core §7.1.1: no requests by reference. Nothing is fetched.
    if (parameters['request_uri'] !== undefined) {
      throw invalidRequest('request_uri is not supported here, send the signed request itself as request');
    }
    const jwt = parameter(parameters, 'request');
    if (jwt === undefined) {
      if (!rules.isRequired) return parameters;
      throw invalidRequest('This client must send a signed authentication request, as the parameter request');
    }
    const beside = REQUEST_PARAMETERS.filter((name) => parameters[name] !== undefined);
    if (beside.length > 0) {
      throw invalidRequest(`A signed request stands alone, but there is ${beside.join(', ')} beside it`);
    }
    const claims = await this.#verify(client, jwt, rules);
    const nowSeconds = this.#judgeClaims(client, claims, rules);
    const asked = parametersOf(claims);
    await this.#spend(client, claims, nowSeconds);
    return { ...credentialsOf(parameters), ...asked };
  }

  async #verify(client: ClientConfig, jwt: string, rules: RequestRules): Promise<JsonObject> {
    const header = readHeader(jwt);
    if (!rules.algorithms.includes(String(header.alg))) {
      throw invalidRequest(
        `The signed request must be signed with ${rules.algorithms.join(' or ')}`,
        `received ${JSON.stringify(header.alg)?.slice(0, 40) ?? 'no alg'}`,
      );
    }
    const type = typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : '';
    if (header.typ !== undefined && !TYPES.includes(type)) {
      throw invalidRequest(
        'The typ of a signed request is oauth-authz-req+jwt, JWT, or left out',
        `received ${JSON.stringify(header.typ)?.slice(0, 60) ?? 'nothing'}`,
      );
    }
    if (header.b64 === false) {
      throw invalidRequest(
        'The claims of the signed request are not encoded, which no JWT may do',
        'RFC 7797 §7',
      );
    }
    const known = await this.#keys.learn(client, header);
    const verified = await verifyBy(jwt, await candidateKeys(known, header));
    if (verified) return readPayload(verified.payload);
    const ids = known.map(({ kid }) => kid ?? 'one without kid').join(', ');
    throw invalidRequest(
      'The signature of the signed request could not be verified with a key of the client',
      this.#keys.failureOf(client) ??
        `kid ${JSON.stringify(header.kid) ?? 'not given'}; the client has ${ids || 'no keys'}`,
    );
  }

  /** @returns the time by which the client goes, in seconds */
  #judgeClaims(client: ClientConfig, claims: JsonObject, rules: RequestRules): number {
    const missing = ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'].filter((name) => claims[name] === undefined);
    if (missing.length > 0) {
      throw invalidRequest(`The signed request has no ${missing.join(', ')}, which it must have`);
    }
    const { iss, aud, jti } = claims;
    if (iss !== client.client_id) {
      throw invalidRequest('The iss of the signed request must be the client_id of the client that sends it');
    }
    if (claims['client_id'] !== undefined && claims['client_id'] !== client.client_id) {
      throw invalidRequest('The client_id in the signed request is not the client that sends it');
    }
    const { issuer } = this.#tenant;
    const isForUs = Array.isArray(aud) ? aud.includes(issuer) : aud === issuer;
    if (!isForUs)
      throw invalidRequest('The aud of the signed request must be the issuer', `expected ${issuer}`);
    if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_ID) {
      throw invalidRequest(`The jti of the signed request must be text of 1 to ${LONGEST_ID} characters`);
    }
    const [exp, iat, nbf] = [
      readInstant(claims, 'exp'),
      readInstant(claims, 'iat'),
      readInstant(claims, 'nbf'),
    ];
    const nowSeconds = Math.floor(this.#tenant.clock.nearestNow(iat * 1000) / 1000);
    if (nowSeconds - TOLERANCE_SECONDS >= exp) throw invalidRequest('The signed request has expired');
    if (nbf > nowSeconds + TOLERANCE_SECONDS)
      throw invalidRequest('The signed request is not valid yet, by its nbf');
    if (iat > nowSeconds + TOLERANCE_SECONDS)
      throw invalidRequest('The signed request was issued in the future, by its iat');
    if (exp <= nbf)
      throw invalidRequest('The signed request ends before it begins: exp must be later than nbf');
    if (exp - nbf > rules.longestLifetimeSeconds) {
      throw invalidRequest(
        `The signed request is valid for too long: exp may be at most ${rules.longestLifetimeSeconds} seconds after nbf`,
        `received ${exp - nbf} seconds`,
      );
    }
    return nowSeconds;
  }

  /** Whoever writes the id second is the replay. */
  async #spend(client: ClientConfig, { jti, exp }: JsonObject, nowSeconds: number): Promise<void> {
    const id = createHash('sha256')
      .update(JSON.stringify([client.client_id, jti]))
      .digest('base64url');
    const lastsMs = (Number(exp) - nowSeconds + 2 * TOLERANCE_SECONDS) * 1000;
    if (await this.#spent.spend(id, lastsMs)) return;
    throw invalidRequest(
      'The signed request was sent before; each one is good once, so it needs a jti of its own',
    );
  }
}

function readHeader(jwt: string): ProtectedHeaderParameters {
  const parts = jwt.split('.').length;
  if (parts === 5) throw invalidRequest('The signed request is encrypted, which CIBA has no place for');
  if (parts !== 3) throw invalidRequest('The request is no JWT: expected three parts with dots between them');
  try {
    return decodeProtectedHeader(jwt);
  } catch {
    throw invalidRequest('The header of the signed request cannot be read');
  }
}

function readPayload(payload: Uint8Array): JsonObject {
  let claims: unknown;
  try {
    claims = parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(payload), (why) =>
      invalidRequest(`The signed request: ${why}`),
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw invalidRequest('The claims of the signed request are not JSON');
  }
  if (!isJsonObject(claims)) throw invalidRequest('The claims of the signed request must be a JSON object');
  if (isNestedTooDeeply(claims))
    throw invalidRequest('The claims of the signed request are nested too deeply');
  return claims;
}

/** RFC 7519 §2, NumericDate; a fraction is allowed. */
function readInstant(claims: JsonObject, name: string): number {
  const value = claims[name];
  // Later than any calendar says is no instant, and would not be a date.
  if (typeof value === 'number' && Math.abs(value) < 8.64e12) return value;
  throw invalidRequest(`The ${name} of the signed request must be a number of seconds since 1970`);
}

/** The claims that are parameters, as a form would carry them. Whatever is no parameter is left out, CIBA Core §7.1. */
function parametersOf(claims: JsonObject): RequestParameters {
  for (const name of ['request', 'request_uri']) {
    // RFC 9101 §4.
    if (claims[name] !== undefined) throw invalidRequest(`A signed request must not have ${name} in it`);
  }
  const asked: Record<string, string | readonly string[]> = Object.create(null);
  for (const name of Object.keys(claims)) {
    if (OWN_CLAIMS.includes(name) || BESIDE.includes(name)) continue;
    const value = textOf(name, claims[name]);
    if (value !== undefined && value !== '') asked[name] = value;
  }
  return asked;
}

function textOf(name: string, value: unknown): string | readonly string[] | undefined {
  switch (name) {
    case 'authorization_details':
      // RFC 9396 §3: in a request object it is an array, not its text.
      if (Array.isArray(value)) return JSON.stringify(value);
      throw invalidRequest('authorization_details in a signed request must be a JSON array');
    case 'request_context':
      // FAPI-CIBA §5.3.
      if (isJsonObject(value)) return JSON.stringify(value);
      throw invalidRequest('request_context must be a JSON object');
    case 'claims':
      // OpenID Connect Core §5.5.
      if (isJsonObject(value)) return JSON.stringify(value);
      throw invalidRequest('claims must be a JSON object');
    case 'requested_expiry':
      // CIBA Core §7.1.1: a number or a string.
      if (typeof value === 'number') return String(value);
      break;
    case 'resource':
      // RFC 8707 §2: may be given more than once.
      if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
      break;
  }
  if (typeof value === 'string') return value;
  if (!REQUEST_PARAMETERS.includes(name)) return undefined;
  throw invalidRequest(`${name} in the signed request must be text`);
}

function credentialsOf(parameters: RequestParameters): RequestParameters {
  const names = Object.keys(parameters).filter((name) => BESIDE.includes(name) && name !== 'request');
  return Object.fromEntries(names.map((name) => [name, parameters[name] ?? '']));
}
