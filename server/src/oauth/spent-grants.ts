// Grants of CIBA requests that lead to one access token and nothing else. A grant is remembered so that it can be revoked: by a
// code that comes twice, by a refresh token. Where there is neither, nobody can, so once the tokens are signed it is let go, and
// of the token nothing is noted. Called around the token endpoint; a server that is asked all day would keep little else.
import type { KoaContextWithOIDC } from 'oidc-provider';
import { readToken } from '../exchange/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { dropGrant } from './provider-storage.ts';

/** Whether what is redeemed leads to no refresh token. */
export function endsWithItsToken(ctx: KoaContextWithOIDC | undefined): boolean {
  const request = ctx?.oidc.entities.BackchannelAuthenticationRequest;
  return request !== undefined && !request.scopes.has('offline_access');
}

/** @param body the token response. An access token that is no JWT is looked up with its grant. */
export async function letGrantGo(
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const grantId = ctx.oidc.entities.Grant?.jti;
  if (grantId === undefined || !endsWithItsToken(ctx) || !readToken(body['access_token'])) return;
  await dropGrant(tenant, grantId);
}
