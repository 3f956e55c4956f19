// What a person grants by logging in. The tenant's own clients ask nothing more for scopes, since anything that matters is asked
// in the approver app; authorization details are in the grant only once their consent page has been answered.
import type { Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { toResource } from './audience.ts';
import { grantLifetimeSeconds } from './grant-lifetime.ts';
import type { LoginRequests } from './login-request.ts';
import { providerNowSeconds } from './provider-time.ts';
import { STANDARD_SCOPES } from './scopes.ts';

/** The provider's `loadExistingGrant`: a new grant for each login, exactly as wide as this request may be. */
export async function grantByLogin(
  tenant: Tenant,
  provider: Provider,
  requests: LoginRequests,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const request = requests.readCurrent(ctx);
  if (!request) return undefined;
  claimSessionFacts(ctx);
  const { client, userId, audience, scope } = request;

  const grant = new provider.Grant({ accountId: userId, clientId: client.client_id });
  const standard = scope.filter((one) => (STANDARD_SCOPES as readonly string[]).includes(one));
  grant.addOIDCScope(standard.join(' '));
  if (audience !== undefined) grant.addResourceScope(toResource(audience), scope.join(' '));
  for (const detail of requests.approvedDetails(ctx) ?? []) grant.addRar(detail);
  grant.exp = providerNowSeconds() + grantLifetimeSeconds(tenant, scope, audience);
  await grant.save();
  return grant;
}

/**
 * ID tokens of browser logins carry `sid` and `auth_time` (auth0: ID Token Structure). The provider adds them where the
 * client requested these claims, so the request is completed as if it had. OpenID Connect Core §5.5.
 */
function claimSessionFacts(ctx: KoaContextWithOIDC): void {
  const requested = ctx.oidc.claims.id_token;
  ctx.oidc.claims.id_token = { ...requested, auth_time: { essential: true }, sid: null };
}
