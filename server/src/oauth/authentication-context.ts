// How sure an answer is that it was this person: `acr`, `amr` and `auth_time` of a CIBA login, true to what happened.
// OpenID Connect Core §2, RFC 8176 §2, CIBA Core §7.1 (acr_values).
import type { Approval } from '../approvals/index.ts';
import { DEFAULT_ACR_VALUES } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { rulesOf } from './profiles.ts';

/** As the provider keeps it with a request and with a refresh token. */
export interface AuthenticationContext {
  acr?: string;
  amr?: string[];
  /** In the tenant's time. */
  authTime?: number;
}

/** Names of how sure an approval can be, weakest first. */
export function acrValuesOf(tenant: Pick<Tenant, 'config'>): readonly string[] {
  return tenant.config.tenant.acr_values_supported ?? DEFAULT_ACR_VALUES;
}

/** Nothing where the profile of the client does not tell it. */
export function authenticationContextOf(tenant: Tenant, approval: Approval): AuthenticationContext {
  const { decision, acrValues = [] } = approval;
  const client = tenant.directory.client(approval.clientId);
  if (decision === undefined || !rulesOf(tenant, client).tellsAuthentication) return {};
  const [answered = '', verified = answered] = acrValuesOf(tenant);
  const reached = decision.verifiedBy === 'passkey' ? [verified, answered] : [answered];
  // The first one that was asked for and reached; a wish that was not is no reason to say so.
  const acr = acrValues.find((value) => reached.includes(value)) ?? reached[0];
  const amr = methodsOf(decision);
  return {
    ...(acr === undefined ? {} : { acr }),
    ...(amr.length === 0 ? {} : { amr }),
    authTime: Math.floor(decision.atMs / 1000),
  };
}

/** RFC 8176 §2. Of somebody who was only said to have answered, nothing is known. */
function methodsOf({ device, verifiedBy }: NonNullable<Approval['decision']>): string[] {
  // A passkey asks for the finger or the screen lock beside the key that it is.
  if (verifiedBy === 'passkey') return ['pop', 'user', 'mfa'];
  return device === undefined ? [] : ['pop', 'user'];
}
