// The token response of a client with the mode `push`, which never comes to the token endpoint: made of the models of the provider,
// from what its token endpoint would be shown, and pinned to the request by claims of the ID token. CIBA Core §10.3.1.
// oidc-provider knows no push; nothing here reaches into it.
import { createHash } from 'node:crypto';
import type { BackchannelAuthenticationRequest, Client, Grant, Provider } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import { CIBA_GRANT_TYPE } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { describeResource } from './provider-resources.ts';
import { claimsOf } from './token-shape.ts';

const AUTH_REQ_ID_CLAIM = 'urn:openid:params:jwt:claim:auth_req_id';
const REFRESH_TOKEN_HASH_CLAIM = 'urn:openid:params:jwt:claim:rt_hash';
/** As the provider calls the grant in what it keeps. */
const GRANT_KIND = 'ciba';

interface Source {
  provider: Provider;
  client: Client;
  grant: Grant;
  request: BackchannelAuthenticationRequest;
}

/**
 * Undefined where this person or client cannot have any (any more).
 *
 * @param startedAtMs when the tenant was started, for claims that have no other date
 */
export async function makePushedTokens(
  provider: Provider,
  tenant: Tenant,
  approval: Approval,
  startedAtMs: number,
): Promise<Record<string, unknown> | undefined> {
  const user = tenant.directory.user(approval.userId);
  const client = await provider.Client.find(approval.clientId);
  const request = await provider.BackchannelAuthenticationRequest.find(approval.authReqId, {
    ignoreExpiration: true,
  });
  const grant = request?.grantId === undefined ? undefined : await provider.Grant.find(request.grantId);
  if (!user || user.blocked || !client || !request || !grant) return undefined;
  const source: Source = { provider, client, grant, request };
  const accessToken = makeAccessToken(tenant, source, approval.userId);
  const accessTokenText = await accessToken.save();
  const refreshTokenText = await makeRefreshToken(source, approval.userId);
  const idToken = await makeIdToken(source, claimsOf(user, startedAtMs), {
    accessToken: accessTokenText,
    refreshToken: refreshTokenText,
  });
  const { scope, rar } = accessToken;
  return {
    access_token: accessTokenText,
    token_type: accessToken.tokenType,
    expires_in: accessToken.expiration,
    ...(refreshTokenText === undefined ? {} : { refresh_token: refreshTokenText }),
    id_token: idToken,
    ...(scope === undefined || scope === '' ? {} : { scope }),
    ...(rar === undefined ? {} : { authorization_details: rar }),
  };
}

function makeAccessToken(
  tenant: Tenant,
  { provider, client, grant, request }: Source,
  accountId: string,
): InstanceType<Provider['AccessToken']> {
  const token = new provider.AccessToken({
    client,
    accountId,
    grantId: grant.jti,
    gty: GRANT_KIND,
    ...(request.rar === undefined ? {} : { rar: request.rar }),
  });
  const { acr, amr, authTime } = request;
  Object.assign(token, { acr, amr, authTime });
  const [resource] = [request.resource].flat();
  if (resource === undefined) {
    token.claims = request.claims;
    token.scope = grant.getOIDCScopeFiltered(request.scopes);
    return token;
  }
  const api = describeResource(tenant, { clientId: client.clientId, grantType: CIBA_GRANT_TYPE }, resource);
  const scopes = new Set(api.scope.split(' '));
  token.resourceServer = { ...api, scopes, identifier: () => resource };
  token.scope = grant.getResourceScopeFiltered(
    resource,
    [...request.scopes].filter((scope) => scopes.has(scope)),
  );
  return token;
}

/** RFC 6749 §1.5: where the client may have one and has asked for it. */
async function makeRefreshToken(
  { provider, client, grant, request }: Source,
  accountId: string,
): Promise<string | undefined> {
  if (!client.grantTypeAllowed('refresh_token') || !request.scopes.has('offline_access')) return undefined;
  const { acr, amr, authTime, claims, nonce, rar, resource, scope = '' } = request;
  const token = new provider.RefreshToken({
    ...{ client, accountId, acr, amr, authTime, claims, nonce, rar, resource, scope },
    grantId: grant.jti,
    gty: GRANT_KIND,
    rotations: 0,
  });
  return token.save();
}

async function makeIdToken(
  { provider, client, grant, request }: Source,
  claims: Record<string, unknown>,
  pinned: { accessToken: string; refreshToken: string | undefined },
): Promise<string> {
  const { acr, amr, authTime } = request;
  const token = new provider.IdToken({ ...claims, acr, amr, auth_time: authTime }, { client });
  // As the provider's own token endpoint does: the granted scopes choose the claims.
  Object.assign(token, {
    scope: grant.getOIDCScopeFiltered(request.scopes),
    mask: { ...request.claims?.id_token },
    rejected: grant.getRejectedOIDCClaims(),
  });
  // Hashed by the provider as it signs, as the algorithm wants it.
  token.set('at_hash', pinned.accessToken);
  token.set('nonce', request.nonce);
  token.set(AUTH_REQ_ID_CLAIM, request.jti);
  if (pinned.refreshToken !== undefined) {
    const algorithm = client.idTokenSignedResponseAlg ?? 'RS256';
    token.set(REFRESH_TOKEN_HASH_CLAIM, leftHalfOfHash(pinned.refreshToken, algorithm));
  }
  return token.issue({ use: 'idtoken' });
}

/** OpenID Connect Core §3.1.3.6: with the hash of the signature's algorithm; RFC 8032 §5.1: Ed25519 has SHA-512. */
function leftHalfOfHash(text: string, algorithm: string): string {
  const bits = algorithm === 'EdDSA' || algorithm === 'Ed25519' ? '512' : algorithm.slice(-3);
  const hash = createHash(`sha${bits}`).update(text, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
