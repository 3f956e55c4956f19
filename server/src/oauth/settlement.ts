// Settling: an approval becomes a grant of the provider, once, when the person has answered. And the other way round:
// how the provider sees the request from then on.
import type { AdapterPayload, Provider } from 'oidc-provider';
import { type Approval, grantedDetailsOf } from '../approvals/index.ts';
import type { Collection } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import { toResource } from './audience.ts';
import { type AuthenticationContext, authenticationContextOf } from './authentication-context.ts';
import { grantLifetimeSeconds } from './grant-lifetime.ts';
import { rulesOf } from './profiles.ts';
import { providerNowSeconds } from './provider-time.ts';
import { STANDARD_SCOPES } from './scopes.ts';

/** What an approved request leads to. Keyed by auth_req_id. */
export interface Settlement {
  grantId: string;
}

/**
 * Far enough for the provider never to judge expiry by itself: that is the approval's business. In seconds. Where a time is
 * written for the provider it is the computer's (see provider-time).
 */
const NEVER_EXPIRED_SECONDS = 3_600;

/**
 * Whether the provider must have the grant of a request as soon as that is decided. Where an approval leads to a token for one API
 * and nothing else, plain polls need none, and any other has it made when the provider is shown the request.
 */
export function needsSettling({ state, scope, audience }: Approval): boolean {
  return state === 'approved' && (scope.includes('offline_access') || audience === undefined);
}

/** Prepares the grant of an approved request. Safe to repeat. */
export async function settle(
  provider: Provider,
  tenant: Tenant,
  settlements: Collection<Settlement>,
  approval: Approval,
): Promise<Settlement | undefined> {
  if (approval.state !== 'approved') return undefined;
  const known = await settlements.get(approval.authReqId);
  if (known) return known.value;
  const grant = makeGrant(provider, approval);
  // An approved request may be redeemed late.
  const lifetimeSeconds =
    grantLifetimeSeconds(tenant, approval.scope, approval.audience) + tenant.config.ciba.retention;
  grant.exp = providerNowSeconds() + lifetimeSeconds;
  const settlement: Settlement = { grantId: await grant.save() };
  const options = { expiresAt: approval.expiresAtMs + horizonMs(tenant) };
  if (await settlements.insert(approval.authReqId, settlement, options)) return settlement;
  // Somebody else was faster.
  return (await settlements.get(approval.authReqId))?.value;
}

/** What the person has granted. Nobody has it before it is saved. */
export function makeGrant(provider: Provider, approval: Approval): InstanceType<Provider['Grant']> {
  const grant = new provider.Grant({ accountId: approval.userId, clientId: approval.clientId });
  const standard = approval.scope.filter((scope) => (STANDARD_SCOPES as readonly string[]).includes(scope));
  grant.addOIDCScope(standard.join(' '));
  if (approval.audience !== undefined) {
    grant.addResourceScope(toResource(approval.audience), approval.scope.join(' '));
  }
  for (const detail of grantedDetailsOf(approval) ?? []) grant.addRar(detail);
  return grant;
}

/**
 * The stored request as the provider should see it: without an answer while it is pending (or not settled yet), with the
 * grant and exactly the approved details once it is approved, with an error once it is denied or over.
 */
export function backchannelRequestView(
  tenant: Tenant,
  payload: AdapterPayload,
  approval: Approval,
  settlement: Settlement | undefined,
): AdapterPayload {
  const { grantId: _grantId, error: _error, errorDescription: _description, ...request } = payload;
  const details = grantedDetailsOf(approval);
  const view: AdapterPayload = {
    ...request,
    accountId: approval.userId,
    scope: approval.scope.join(' '),
    exp: providerNowSeconds() + NEVER_EXPIRED_SECONDS,
    ...(details === undefined ? {} : { rar: [...details] }),
    ...(approval.audience === undefined ? {} : { resource: toResource(approval.audience) }),
  };
  switch (approval.state) {
    case 'approved':
      if (approval.settledAtMs === undefined) return view;
      return settlement !== undefined && isRedeemable(tenant, approval)
        ? { ...view, ...contextForProvider(tenant, approval), grantId: settlement.grantId }
        : { ...view, ...expiredError(tenant, approval) };
    case 'denied':
      return { ...view, error: 'access_denied', errorDescription: denialDescription(tenant, approval) };
    case 'expired':
      return { ...view, ...expiredError(tenant, approval) };
    case 'pending':
    case 'redeemed':
      return view;
  }
}

/** In the computer's time (see provider-time). */
export function contextForProvider(tenant: Tenant, approval: Approval): AuthenticationContext {
  const context = authenticationContextOf(tenant, approval);
  return context.authTime === undefined
    ? context
    : { ...context, authTime: context.authTime - tenant.clock.leadSeconds() };
}

/** The settlement must outlive the last moment at which it could be asked for. In milliseconds after the request's end. */
function horizonMs(tenant: Tenant): number {
  return Math.max(tenant.config.ciba.retention, tenant.config.ciba.redemption_grace) * 1000;
}

/** Whether an approved request can still be spent, by the rules of its client. */
export function isRedeemable(tenant: Tenant, approval: Approval): boolean {
  const rules = rulesOf(tenant, tenant.directory.client(approval.clientId));
  const isInTime = rules.redeemsLate || tenant.clock.now() < approval.expiresAtMs;
  return isInTime && tenant.approvals.isRedeemable(approval);
}

function expiredError(tenant: Tenant, approval: Approval): { error: string; errorDescription: string } {
  const rules = rulesOf(tenant, tenant.directory.client(approval.clientId));
  // CIBA Core §11.
  if (rules.tellsExpiry === 'expired_token')
    return { error: 'expired_token', errorDescription: 'The auth_req_id has expired' };
  const { error, error_description } = tenant.config.ciba.errors.expired;
  return { error, errorDescription: error_description };
}

/** auth0: CIBA, one text for denied and expired alike, unless the tenant forwards the approver's reason. */
function denialDescription(tenant: Tenant, approval: Approval): string {
  const reason = approval.decision?.reason;
  if (tenant.config.ciba.forward_denial_reason && reason !== undefined) return reason;
  // CIBA Core §11: what has expired is told by an error of its own.
  return rulesOf(tenant, tenant.directory.client(approval.clientId)).tellsExpiry === 'expired_token'
    ? 'The end-user denied the authorization request'
    : 'The end-user denied the authorization request or it has been expired';
}
