// /userinfo with a JWT access token. The provider stores no JWTs and so refuses them here; Auth0's APIs hand out JWTs whose
// audience includes /userinfo. One that is bound to its sender is asked for the proof. Opaque tokens go to the provider. OpenID Connect
// Core §5.3, RFC 6750 §3, RFC 9449 §7.
import { createLocalJWKSet, type JWTVerifyGetKey, errors as joseErrors, jwtVerify } from 'jose';
import type { Context } from 'koa';
import { toErrorText } from '../error-text.ts';
import {
  certificateOf,
  DPOP_ALGORITHMS,
  DpopNonces,
  findWhyNotHeld,
  type NotHeld,
  type PossessionRules,
  type Presented,
} from '../possession/index.ts';
import type { Tenant } from '../tenant/index.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { DpopRequests } from './dpop-requests.ts';
import { publishedKeys } from './published-keys.ts';
import { CLAIMS_BY_SCOPE } from './scopes.ts';
import { nonceSecretOf } from './sender-constraints.ts';
import { claimsOf } from './token-shape.ts';

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export class UserInfo {
  readonly #tenant: Tenant;
  readonly #accessTokens: AccessTokens;
  readonly #dpop: DpopRequests;
  readonly #nonces: DpopNonces;
  readonly #keys: JWTVerifyGetKey;
  readonly #startedAtMs: number;

  constructor(tenant: Tenant, accessTokens: AccessTokens, dpop: DpopRequests) {
    this.#tenant = tenant;
    this.#accessTokens = accessTokens;
    this.#dpop = dpop;
    this.#nonces = new DpopNonces(nonceSecretOf(tenant), tenant.clock.base);
    // Those of now: they may be rotated.
    this.#keys = (header, token) => createLocalJWKSet({ keys: publishedKeys(tenant) })(header, token);
    this.#startedAtMs = tenant.clock.now();
  }

  /**
   * Answers if the caller brought a JWT, or nothing at all; false leaves the request to the provider.
   *
   * @param formToken the token of a form, where one was sent (RFC 6750 §2.2)
   */
  async answer(ctx: Context, formToken: string | undefined): Promise<boolean> {
    const [, sentAs, sent] = /^(Bearer|DPoP) +(\S+)$/i.exec(ctx.get('authorization')) ?? [];
    const token = sent ?? formToken;
    if (token === undefined && !('access_token' in ctx.query) && ctx.get('authorization') === '') {
      return this.#askForToken(ctx);
    }
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
      if (await this.#accessTokens.isRevoked(payload)) {
        return this.#refuse(ctx, invalid('the token was revoked'));
      }
      const why = await findWhyNotHeld(token, payload['cnf'], this.#presented(ctx, sentAs), this.#rules());
      if (why) return this.#refuse(ctx, why);
      const user = this.#tenant.directory.user(payload.sub ?? '');
      if (!user) return this.#refuse(ctx, invalid('the person of this token is unknown'));
      // As for tokens that the provider keeps: whoever is blocked has no account any more.
      if (user.blocked) return this.#refuse(ctx, invalid('the person of this token is blocked'));
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
      return this.#refuse(ctx, invalid(error.message));
    }
    return true;
  }

  #presented(ctx: Context, sentAs: string | undefined): Presented {
    const { issuer, mtlsUrl } = this.#tenant;
    return {
      scheme: sentAs?.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer',
      method: ctx.method,
      urls: [issuer, ...(mtlsUrl === undefined ? [] : [mtlsUrl])].map((base) => new URL(ctx.path, base).href),
      dpop: ctx.req.headersDistinct['dpop'] ?? [],
      certificate: certificateOf(ctx.req.socket)?.raw,
    };
  }

  #rules(): PossessionRules {
    const { clock, config } = this.#tenant;
    return {
      nowsMs: [clock.base.now(), clock.now()],
      spend: (proofId) => this.#dpop.spendProof(proofId),
      nonces: config.tenant.dpop_nonce ? this.#nonces : undefined,
    };
  }

  /** RFC 6750 §3.1: a caller who has not tried is told how, and no error. RFC 9449 §7.1 names the other way. */
  #askForToken(ctx: Context): true {
    ctx.status = 401;
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Access-Control-Allow-Origin', ctx.get('Origin') || '*');
    ctx.vary('Origin');
    const realm = `realm="${this.#tenant.issuer}"`;
    ctx.set('WWW-Authenticate', [`Bearer ${realm}`, `DPoP ${realm}, algs="${DPOP_ALGORITHMS.join(' ')}"`]);
    ctx.body = {
      error: 'unauthorized',
      error_description: 'no access token was sent; send "Authorization: Bearer TOKEN"',
    };
    return true;
  }

  /** RFC 6750 §3.1; §3 limits the characters of a description. RFC 9449 §7.1 and §9. */
  #refuse(ctx: Context, { error, description, scheme, nonce }: NotHeld): true {
    const algorithms = scheme === 'DPoP' ? `, algs="${DPOP_ALGORITHMS.join(' ')}"` : '';
    ctx.status = 401;
    ctx.set(
      'WWW-Authenticate',
      `${scheme} error="${error}", error_description="${toErrorText(description)}"${algorithms}`,
    );
    ctx.set('Access-Control-Expose-Headers', 'WWW-Authenticate, DPoP-Nonce');
    if (nonce !== undefined) ctx.set('DPoP-Nonce', nonce);
    ctx.body = { error, error_description: description };
    return true;
  }
}

function invalid(description: string): NotHeld {
  return { error: 'invalid_token', description, scheme: 'Bearer' };
}
