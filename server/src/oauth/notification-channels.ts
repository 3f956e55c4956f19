// Whether a person can be reached by a channel. Reasons are in Auth0's words. auth0: CIBA notification channels.
import type { UserConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';

export function hasPushFactor(tenant: Tenant): boolean {
  return tenant.config.guardian.factors['push-notification'];
}

/** Why this person gets no push; undefined if they do. */
export async function reasonAgainstPush(tenant: Tenant, user: UserConfig): Promise<string | undefined> {
  if (!hasPushFactor(tenant)) return 'push notifications not enabled on tenant';
  return (await tenant.devices.isReachable(user.user_id))
    ? undefined
    : 'User does not have push notifications set up';
}

/** Why this person gets no e-mail; undefined if they do. */
export function reasonAgainstEmail(tenant: Tenant, user: UserConfig): string | undefined {
  if (!tenant.config.guardian.factors.email || !tenant.config.email.template.enabled) {
    return 'email notifications not enabled on tenant';
  }
  return user.email === undefined || !user.email_verified
    ? 'User does not have a verified email address'
    : undefined;
}
