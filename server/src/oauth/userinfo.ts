// /userinfo with a JWT access token. The provider stores no JWTs and so refuses them here; Auth0's APIs hand out JWTs whose
// audience includes /userinfo. Opaque tokens go to the provider. OpenID Connect Core §5.3.
import { createLocalJWKSet, type JWTVerifyGetKey, errors as joseErrors, jwtVerify } from 'jose';
import type { Context } from 'koa';
import type { Tenant } from '../tenant/index.ts';
import type { AccessTokens } from './access-tokens.ts';
import { publishedKeys } from './published-keys.ts';
import { CLAIMS_BY_SCOPE, claimsOf } from './token-shape.ts';

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export class UserInfo {
  readonly #tenant: Tenant;
  readonly #accessTokens: AccessTokens;
  readonly #keys: JWTVerifyGetKey;
  readonly #startedAtMs: number;

  constructor(tenant: Tenant, accessTokens: AccessTokens) {
    this.#tenant = tenant;
    this.#accessTokens = accessTokens;
    // Those of now: they may be rotated.
    this.#keys = (header, token) => createLocalJWKSet({ keys: publishedKeys(tenant) })(header, token);
    this.#startedAtMs = tenant.clock.now();
  }

  /**
   * Answers if the caller brought a JWT; false leaves the request to the provider.
   *
   * @param formToken the token of a form, where one was sent (RFC 6750 §2.2)
   */
  async answer(ctx: Context, formToken: string | undefined): Promise<boolean> {
    const token = /^Bearer +(\S+)$/i.exec(ctx.get('authorization'))?.[1] ?? formToken;
    if (token === undefined || !JWT.test(token)) return false;
    ctx.set('Cache-Control', 'no-store');
    // Browser applications call it, and the preflight, which the provider answers, allows them to.
    ctx.set('Access-Control-Allow-Origin', ctx.get('Origin') || '*');
    ctx.vary('Origin');
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#tenant.issuer,
        audience: new URL('userinfo', this.#tenant.issuer).href,
        currentDate: new Date(this.#tenant.clock.now()),
      });
      if (await this.#accessTokens.isRevoked(payload)) return this.#refuse(ctx, 'the token was revoked');
      const user = this.#tenant.directory.user(payload.sub ?? '');
      if (!user) return this.#refuse(ctx, 'the person of this token is unknown');
      const claims = claimsOf(user, this.#startedAtMs);
      const scopes = String(payload['scope'] ?? '').split(' ');
      const named = Object.entries(CLAIMS_BY_SCOPE).flatMap(([scope, names]) =>
        scopes.includes(scope) ? names : [],
      );
      ctx.body = Object.fromEntries(
        Object.entries(claims).filter(([name]) => (named as string[]).includes(name)),
      );
    } catch (error) {
      if (!(error instanceof joseErrors.JOSEError)) throw error;
      return this.#refuse(ctx, error.message);
    }
    return true;
  }

  /** RFC 6750 §3.1; §3 limits the characters of a description. */
  #refuse(ctx: Context, why: string): true {
    ctx.status = 401;
    ctx.set(
      'WWW-Authenticate',
      `Bearer error="invalid_token", error_description="${why.replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, "'")}"`,
    );
    ctx.body = { error: 'invalid_token', error_description: why };
    return true;
  }
}
