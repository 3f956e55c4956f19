// Introspection (RFC 7662) and revocation (RFC 7009) of JWT access tokens. The provider has the client prove itself and judges
// the tokens that it keeps; of a JWT it knows nothing, so the answer about one is ours. It stands behind the provider, and
// answers only clients that it has found authentic.
import type { JWTPayload } from 'jose';
import type { Context, Middleware } from 'koa';
import type { Client, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isJsonObject } from '../json-object.ts';
import type { Tenant } from '../tenant/index.ts';
import { type AccessTokens, clientOfToken, hasHeader } from './access-tokens.ts';
import { ROUTES } from './auth0-dialect.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import { rulesOf } from './profiles.ts';
import { shiftClaims } from './provider-time.ts';

/** In place of a JWT, which the provider refuses to look up. Nobody has it. */
const NO_TOKEN = 'a-jwt-that-the-provider-does-not-keep';

/** What the provider gets to see of an introspection. */
export function withoutJwt(parameters: RequestParameters): RequestParameters {
  const token = parameter(parameters, 'token');
  return token !== undefined && hasHeader(token) ? { ...parameters, token: NO_TOKEN } : parameters;
}

/**
 * RFC 7662 §2.2: a token that the caller has no business with is inactive to it, as one that never was. Its business are
 * the tokens that were issued to it, and those for the API that it is.
 */
export function mayInspect(
  tenant: Tenant,
  callerId: string,
  token: { clientId: string | undefined; audiences: readonly string[] },
): boolean {
  const api = tenant.directory.client(callerId)?.resource_server_identifier;
  return token.clientId === callerId || (api !== undefined && token.audiences.includes(api));
}

export interface TokenInspectionParts {
  tenant: Tenant;
  provider: Provider;
  accessTokens: AccessTokens;
  /** What a request really asked; the provider has been shown another token. */
  parametersOf(request: Context['req']): RequestParameters;
}

export function installTokenInspection(parts: TokenInspectionParts): void {
  const { tenant, provider, accessTokens, parametersOf } = parts;
  provider.use((async (ctx, next) => {
    await next();
    const isIntrospection = ctx.path === ROUTES.introspection;
    if (ctx.status !== 200 || (!isIntrospection && ctx.path !== ROUTES.revocation)) return;
    const { client } = (ctx as unknown as KoaContextWithOIDC).oidc;
    const token = parameter(parametersOf(ctx.req), 'token');
    if (!client || token === undefined) return;
    const { inspectsTokens } = rulesOf(tenant, tenant.directory.client(client.clientId));
    if (isIntrospection) await introspect(ctx, client, token, inspectsTokens);
    else if (inspectsTokens && hasHeader(token)) await revoke(client, token);
  }) as Middleware);

  const introspect = async (ctx: Context, client: Client, token: string, isOffered: boolean) => {
    if (!isOffered) {
      ctx.status = 404;
      ctx.body = {
        error: 'not_found',
        error_description: `${client.clientId} speaks the profile auth0, and Auth0 has no introspection; give the client the profile "standard"`,
      };
      return;
    }
    if (client.clientAuthMethod === 'none') {
      // RFC 7662 §2.1: the endpoint requires authorization, else it could be used to try tokens.
      ctx.status = 401;
      ctx.body = {
        error: 'invalid_client',
        error_description: `${client.clientId} is a public client; introspection needs one that proves itself`,
      };
      return;
    }
    if (hasHeader(token)) {
      const claims = await accessTokens.read(token);
      const isItsBusiness =
        claims !== undefined &&
        mayInspect(tenant, client.clientId, {
          clientId: clientOfToken(claims),
          audiences: [claims.aud ?? []].flat(),
        });
      ctx.body = isItsBusiness ? describe(claims) : { active: false };
    } else if (isJsonObject(ctx.body)) {
      const found = { ...ctx.body };
      shiftClaims(found, tenant.clock.leadSeconds());
      ctx.body = found;
    }
  };

  /** RFC 7009 §2.1: only by the client to which it was issued. §2.2: the answer is the same in any case. */
  const revoke = async (client: Client, token: string) => {
    const claims = await accessTokens.read(token);
    if (claims && clientOfToken(claims) === client.clientId) await accessTokens.revoke(claims);
  };
}

/** RFC 7662 §2.2, RFC 8705 §3.2, RFC 9449 §6.2, RFC 9396 §9.2. */
function describe(claims: JWTPayload): Record<string, unknown> {
  const { iss, sub, aud, exp, iat, jti } = claims;
  const { scope, cnf, authorization_details } = claims;
  const isOfKey = isJsonObject(cnf) && cnf['jkt'] !== undefined;
  return Object.fromEntries(
    Object.entries({
      active: true,
      scope,
      client_id: clientOfToken(claims),
      token_type: isOfKey ? 'DPoP' : 'Bearer',
      iss,
      sub,
      aud,
      exp,
      iat,
      jti,
      cnf,
      authorization_details,
    }).filter(([, value]) => value !== undefined),
  );
}
