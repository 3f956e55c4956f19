// What a token carries. auth0: access token profiles; the RFC 9068 profile is the provider's own shape.
import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import type { UserConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { fromResource } from './audience.ts';
import type { AuthenticationContext } from './authentication-context.ts';
import { rulesOf } from './profiles.ts';
import { shiftClaims } from './provider-time.ts';

interface StructuredToken {
  header?: Record<string, unknown> | undefined;
  payload: Record<string, unknown>;
}

/** Reshapes a JWT access token into the dialect of its API. Called by the provider before it signs. */
export function shapeAccessToken(
  tenant: Tenant,
  ctx: KoaContextWithOIDC | undefined,
  token: AccessToken | ClientCredentials,
  jwt: StructuredToken,
): void {
  const { payload } = jwt;
  const rules = rulesOf(tenant, tenant.directory.client(token.clientId ?? ''));
  if (rules.tellsAuthentication) addAuthentication(ctx, token, payload);
  shiftClaims(payload, tenant.clock.leadSeconds());
  const audience = fromResource(String(payload['aud']));
  const api = tenant.directory.resourceServer(audience);
  const dialect = api?.token_dialect ?? 'access_token';
  const scopes = String(payload['scope'] ?? '').split(' ');
  const isMachine = token.kind === 'ClientCredentials';

  if (isMachine) payload['sub'] = `${token.clientId}@clients`;
  else if (scopes.includes('openid') && api?.signing_alg !== 'HS256') {
    // auth0: with openid the token also opens /userinfo.
    payload['aud'] = [audience, new URL('userinfo', tenant.issuer).href];
  }
  if (dialect.startsWith('access_token') && rules.accessTokenShape === 'of the API') {
    jwt.header = { typ: 'JWT' };
    payload['azp'] = payload['client_id'];
    delete payload['client_id'];
    delete payload['jti'];
    const grantType = ctx?.oidc.params?.['grant_type'];
    if (isMachine) payload['gty'] = 'client-credentials';
    else if (grantType === 'refresh_token') payload['gty'] = 'refresh_token';
  }
  if (dialect.endsWith('_authz') && api?.enforce_policies) {
    payload['permissions'] = isMachine
      ? scopes.filter((scope) => scope !== '')
      : tenant.directory.permissions(String(payload['sub']), audience);
  }
}

/** RFC 9068 §2.2.1: how the person came by this token, if anybody did. */
function addAuthentication(
  ctx: KoaContextWithOIDC | undefined,
  token: AccessToken | ClientCredentials,
  payload: Record<string, unknown>,
): void {
  const { entities } = ctx?.oidc ?? {};
  const source =
    entities?.BackchannelAuthenticationRequest ??
    entities?.RefreshToken ??
    entities?.AuthorizationCode ??
    entities?.DeviceCode ??
    // One that was made without the token endpoint says so itself: approved-tokens.
    token;
  const { acr, amr, authTime } = source as AuthenticationContext;
  if (acr !== undefined) payload['acr'] = acr;
  if (amr !== undefined) payload['amr'] = amr;
  if (authTime !== undefined) payload['auth_time'] = authTime;
}

/** Everything this tenant could say about a person; the scopes choose from it. */
export function claimsOf(user: UserConfig, startedAtMs: number): { sub: string; [claim: string]: unknown } {
  const { user_id, name, nickname, given_name, family_name, picture, email, email_verified, phone_number } =
    user;
  return {
    sub: user_id,
    name,
    nickname: nickname ?? (email ?? name).split('@')[0],
    ...(given_name === undefined ? {} : { given_name }),
    ...(family_name === undefined ? {} : { family_name }),
    ...(picture === undefined ? {} : { picture }),
    updated_at: user.updated_at ?? user.created_at ?? new Date(startedAtMs).toISOString(),
    ...(email === undefined ? {} : { email, email_verified }),
    ...(phone_number === undefined ? {} : { phone_number }),
  };
}
