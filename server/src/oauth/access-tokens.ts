// What became of JWT access tokens after they were signed. The provider keeps none of them, so whether one is still good is
// known here: its signature and time, who it is for, and whether it or its grant was revoked. Asked by introspection,
// revocation and /userinfo. RFC 9068 §4, RFC 7662 §4.
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  errors as joseErrors,
  jwtVerify,
} from 'jose';
import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import type { ResourceServerConfig } from '../contract/index.ts';
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import { findGrant } from './provider-storage.ts';
import { publishedKeys } from './published-keys.ts';
import { endsWithItsToken } from './spent-grants.ts';

/** Kept by the token's `jti` for as long as it is valid. */
interface IssuedToken {
  grantId?: string;
  isRevoked?: true;
}

/** Whether a token has a header, as the provider would find: it looks none of those up. RFC 7515 §3.1, RFC 7516 §3.1. */
export function hasHeader(token: string): boolean {
  try {
    decodeProtectedHeader(token);
    return true;
  } catch {
    // No header: a token of the provider's own, or nobody's.
    return false;
  }
}

export class AccessTokens {
  readonly #tenant: Tenant;
  readonly #issued: Collection<IssuedToken>;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#issued = tenant.store.collection<IssuedToken>('access-tokens');
  }

  /**
   * Notes the grant of a token that is about to be signed. One without `jti` cannot be told from others, nor revoked; one whose
   * grant nobody can revoke needs no note (see spent-grants).
   */
  async remember(
    ctx: KoaContextWithOIDC | undefined,
    token: AccessToken | ClientCredentials,
    claims: Readonly<JWTPayload>,
  ): Promise<void> {
    if (endsWithItsToken(ctx)) return;
    const grantId = 'grantId' in token ? token.grantId : undefined;
    if (claims.jti === undefined || claims.exp === undefined || grantId === undefined) return;
    await this.#issued.insert(claims.jti, { grantId }, { expiresAt: claims.exp * 1000 });
  }

  /** Good from now on for nobody who asks here. An API that verifies the token by itself goes on until it ends. */
  async revoke(claims: Readonly<JWTPayload>): Promise<void> {
    const { jti, exp = 0 } = claims;
    if (jti === undefined) return;
    for (;;) {
      const found = await this.#issued.get(jti);
      const options = { expiresAt: exp * 1000 };
      const isWritten = found
        ? await this.#issued.replace(jti, found.version, { ...found.value, isRevoked: true }, options)
        : await this.#issued.insert(jti, { isRevoked: true }, options);
      if (isWritten) return;
    }
  }

  async isRevoked({ jti }: Readonly<JWTPayload>): Promise<boolean> {
    const issued = jti === undefined ? undefined : await this.#issued.get(jti);
    if (!issued) return false;
    const { isRevoked, grantId } = issued.value;
    return isRevoked === true || (grantId !== undefined && !(await findGrant(this.#tenant, grantId)));
  }

  /** The claims of an access token of this tenant that is still good; undefined for whatever else. */
  async read(token: string): Promise<JWTPayload | undefined> {
    const claims = await this.#verify(token);
    if (claims === undefined || (await this.isRevoked(claims))) return undefined;
    const clientId = clientOfToken(claims);
    if (clientId === undefined || !this.#tenant.directory.client(clientId)) return undefined;
    return this.#hasItsPerson(claims, clientId) ? claims : undefined;
  }

  async #verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const api = this.#findApi(decodeJwt(token));
      // An ID token is signed by the same keys, but its audience is a client.
      if (!api) return undefined;
      const options = {
        issuer: this.#tenant.issuer,
        currentDate: new Date(this.#tenant.clock.now()),
        requiredClaims: ['exp', 'sub'],
      };
      const { payload } =
        api.signing_alg === 'HS256'
          ? await jwtVerify(token, Buffer.from(api.signing_secret ?? ''), {
              ...options,
              algorithms: ['HS256'],
            })
          : await jwtVerify(token, createLocalJWKSet({ keys: publishedKeys(this.#tenant) }), options);
      return payload;
    } catch (error) {
      if (error instanceof joseErrors.JOSEError) return undefined;
      throw error;
    }
  }

  #findApi({ aud }: JWTPayload): ResourceServerConfig | undefined {
    for (const audience of [aud ?? []].flat()) {
      const api = this.#tenant.directory.resourceServer(audience);
      if (api) return api;
    }
    return undefined;
  }

  /** A token of a person who was deleted or blocked is nobody's. A machine's speaks for the client itself. */
  #hasItsPerson({ sub = '' }: JWTPayload, clientId: string): boolean {
    if (sub === clientId || sub === `${clientId}@clients`) return true;
    const user = this.#tenant.directory.user(sub);
    return user !== undefined && !user.blocked;
  }
}

/** `client_id` in the shape of RFC 9068 §2.2, `azp` in Auth0's. */
export function clientOfToken(claims: Readonly<JWTPayload>): string | undefined {
  const clientId = claims['client_id'] ?? claims['azp'];
  return typeof clientId === 'string' ? clientId : undefined;
}
