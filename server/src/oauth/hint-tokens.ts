// Hints that come as a JWT: an ID token of ours, and a login_hint_token that the client or another known issuer has signed.
// CIBA Core §7.1 and §14.
import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose';
import type { ClientConfig } from '../contract/index.ts';
import { isJsonObject } from '../json-object.ts';
import type { Tenant } from '../tenant/index.ts';
import { type ClientKeys, candidateKeys, verifyBy } from './client-keys.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/** CIBA Core §14: an expired ID token stays good as a hint for a reasonable time. */
const ID_TOKEN_HINT_GRACE_SECONDS = 30 * 86_400;

/** Asymmetric ones: a hint must not be made by whoever can verify it. */
const HINT_TOKEN_ALGORITHMS = ['RS256', 'RS384', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** @returns the `sub` of an ID token that was issued here, to this client */
export async function readIdTokenHint(tenant: Tenant, client: ClientConfig, token: string): Promise<string> {
  const refuse = (why: string) => invalidRequest(`id_token_hint ${why}`);
  let claims: JWTPayload;
  try {
    const keys = createLocalJWKSet({ keys: [...tenant.keys.public].map(({ alg: _alg, ...key }) => key) });
    const { protectedHeader, payload } = await compactVerify(token, keys);
    if (protectedHeader.typ !== undefined && protectedHeader.typ !== 'JWT') throw refuse('is no ID token');
    claims = JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refuse('was not issued by this server');
  }
  if (!isJsonObject(claims) || claims.iss !== tenant.issuer) throw refuse('was not issued by this server');
  if (![claims.aud].flat().includes(client.client_id)) throw refuse('was issued to another client');
  const nowSeconds = tenant.clock.now() / 1000;
  if (typeof claims.exp !== 'number' || claims.exp + ID_TOKEN_HINT_GRACE_SECONDS < nowSeconds)
    throw refuse('expired too long ago');
  if (typeof claims.sub !== 'string') throw refuse('names nobody');
  return claims.sub;
}

/** @returns whom it means: a `sub_id` (RFC 9493 §4), or a `sub` that is read like a login_hint */
export async function readLoginHintToken(
  tenant: Tenant,
  client: ClientConfig,
  clientKeys: ClientKeys,
  token: string,
): Promise<string | Record<string, unknown>> {
  const refuse = (why: string) => invalidRequest(`login_hint_token ${why}`);
  let issuer: unknown;
  let issuedAt: unknown;
  let header: ProtectedHeaderParameters;
  try {
    ({ iss: issuer, iat: issuedAt } = decodeJwt(token));
    header = decodeProtectedHeader(token);
  } catch {
    throw refuse('is no JWT');
  }
  const isOfClient = issuer === client.client_id;
  const known = tenant.config.ciba.login_hint_token_issuers.find((one) => one.issuer === issuer);
  if (!isOfClient && !known) throw refuse('has an iss that is neither this client nor a known issuer');
  const keys = isOfClient ? await clientKeys.learn(client, header) : (known?.jwks.keys as JWK[]);
  const verified = await verifyBy(token, await candidateKeys(keys, header));
  if (!verified) throw refuse('has a signature that cannot be verified');
  try {
    const { payload } = await jwtVerify(token, verified.key, {
      issuer: String(issuer),
      audience: tenant.issuer,
      algorithms: HINT_TOKEN_ALGORITHMS,
      requiredClaims: ['exp'],
      // Of the computer or of the tenant, by whichever its maker goes.
      currentDate: new Date(
        typeof issuedAt === 'number' ? tenant.clock.nearestNow(issuedAt * 1000) : tenant.clock.now(),
      ),
    });
    const { sub, sub_id: subjectId } = payload;
    if (isJsonObject(subjectId)) return subjectId;
    if (typeof sub === 'string' && sub !== '') return sub;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new Refusal(400, 'expired_login_hint_token', 'login_hint_token has expired');
    }
    if (error instanceof errors.JWTClaimValidationFailed)
      throw refuse(`has a wrong or missing ${error.claim}`);
    if (!(error instanceof errors.JOSEError)) throw error;
    throw refuse('has a signature that cannot be verified');
  }
  throw refuse('names nobody: it needs sub or sub_id');
}
