// What a person grants by logging in: nobody is asked again, since the tenant's own clients need no consent page and
// anything that matters is asked in the approver app.
import type { Grant, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Tenant } from '../tenant/index.ts';
import { authorizeAudience, grantScopes, readAudience, STANDARD_SCOPES } from './access-rules.ts';
import { toResource } from './audience.ts';
import { sentParameters } from './authorize-request.ts';
import { grantLifetimeSeconds } from './grant-lifetime.ts';
import { parameter } from './parameters.ts';
import { providerNowSeconds } from './provider-time.ts';

/** The provider's `loadExistingGrant`: a new grant for each login, exactly as wide as this request may be. */
export async function grantByLogin(
  tenant: Tenant,
  provider: Provider,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { account, client: providerClient } = ctx.oidc;
  const client = tenant.directory.client(providerClient?.clientId ?? '');
  if (!account || !client) return undefined;
  claimSessionFacts(ctx);
  const parameters = sentParameters(ctx);
  const audience = readAudience(tenant, parameters);
  const access = authorizeAudience(tenant, client, audience);
  const requested = (parameter(parameters, 'scope') ?? '').split(' ');
  const scope = grantScopes(tenant, client, account.accountId, access, requested);

  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.client_id });
  const standard = scope.filter((one) => (STANDARD_SCOPES as readonly string[]).includes(one));
  grant.addOIDCScope(standard.join(' '));
  if (audience !== undefined) grant.addResourceScope(toResource(audience), scope.join(' '));
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
