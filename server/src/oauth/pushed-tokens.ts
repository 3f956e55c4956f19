// The token response of a client with the mode `push`, which never comes to the token endpoint, pinned to the request by claims of
// the ID token. CIBA Core §10.3.1. oidc-provider knows no push; the models are its own, see approved-tokens.
import { createHash } from 'node:crypto';
import type { BackchannelAuthenticationRequest, Provider } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { GRANT_KIND, makeAccessToken, makeIdToken, type TokenSource } from './approved-tokens.ts';
import { claimsOf } from './token-shape.ts';

const AUTH_REQ_ID_CLAIM = 'urn:openid:params:jwt:claim:auth_req_id';
const REFRESH_TOKEN_HASH_CLAIM = 'urn:openid:params:jwt:claim:rt_hash';
interface Source extends TokenSource {
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
  const pinned = pin(source, { accessToken: accessTokenText, refreshToken: refreshTokenText });
  const idToken = await makeIdToken(source, claimsOf(user, startedAtMs), pinned);
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

/** What ties the ID token to the request and to what comes with it. */
function pin(
  { client, request }: Source,
  pushed: { accessToken: string; refreshToken: string | undefined },
): Record<string, string | undefined> {
  const { refreshToken } = pushed;
  return {
    // Hashed by the provider as it signs, as the algorithm wants it.
    at_hash: pushed.accessToken,
    nonce: request.nonce,
    [AUTH_REQ_ID_CLAIM]: request.jti,
    ...(refreshToken === undefined
      ? {}
      : {
          [REFRESH_TOKEN_HASH_CLAIM]: leftHalfOfHash(
            refreshToken,
            client.idTokenSignedResponseAlg ?? 'RS256',
          ),
        }),
  };
}

/** OpenID Connect Core §3.1.3.6: with the hash of the signature's algorithm; RFC 8032 §5.1: Ed25519 has SHA-512. */
function leftHalfOfHash(text: string, algorithm: string): string {
  const bits = algorithm === 'EdDSA' || algorithm === 'Ed25519' ? '512' : algorithm.slice(-3);
  const hash = createHash(`sha${bits}`).update(text, 'ascii').digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
