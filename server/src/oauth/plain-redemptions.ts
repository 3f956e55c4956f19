// Plain polls of a request that is approved: its tokens are made here, without a pass through the provider's token endpoint, from the
// approval itself. They are ready before the request is spent; where anything is in the way of them, nothing has happened
// yet and the poll goes the long way, which says so in the right words. Called by `plain-polls`.
import type { Context } from 'koa';
import type { Provider } from 'oidc-provider';
import { type Approval, grantedDetailsOf } from '../approvals/index.ts';
import type { ClientConfig } from '../contract/index.ts';
import { type Collection, unlessAway } from '../store.ts';
import type { Tenant } from '../tenant/index.ts';
import { makeAccessToken, makeIdToken, type TokenSource } from './approved-tokens.ts';
import { toResource } from './audience.ts';
import type { RequestParameters } from './parameters.ts';
import { openToPages } from './pending-polls.ts';
import { dropGrant, forgetRequest } from './provider-storage.ts';
import { recordIssued } from './record-issued.ts';
import { contextForProvider, isRedeemable, makeGrant, needsSettling, type Settlement } from './settlement.ts';
import { claimsOf } from './token-shape.ts';

export interface PlainRedemptionsParts {
  tenant: Tenant;
  settlements: Collection<Settlement>;
  /** The current one. */
  provider(): Provider;
  /** Whether somebody goes through flows step by step: answers are held then. */
  isSteppedThrough(): boolean;
  /** When the tenant was started, for claims that have no other date. */
  startedAtMs: number;
}

export class PlainRedemptions {
  readonly #parts: PlainRedemptionsParts;

  constructor(parts: PlainRedemptionsParts) {
    this.#parts = parts;
  }

  /** True where `ctx` has its answer. @param approval that is approved, and of this client, which is authentic */
  async answer(
    ctx: Context,
    client: ClientConfig,
    parameters: RequestParameters,
    approval: Approval,
  ): Promise<boolean> {
    const { tenant } = this.#parts;
    // Signed before the request is spent: tokens that could not be made cost nobody an approval.
    const body = await this.#make(client, approval);
    if (!body || !(await tenant.approvals.redeem(approval.id))) return false;
    await unlessAway(this.#forget(approval));
    openToPages(ctx);
    ctx.status = 200;
    ctx.body = body;
    const exchange = tenant.exchanges.describe(ctx, parameters);
    await recordIssued(tenant, approval, body, parameters, { exchange });
    return true;
  }

  /** Undefined where something is in the way: the long way finds the same, and says it. */
  async #make(client: ClientConfig, approval: Approval): Promise<Record<string, unknown> | undefined> {
    const { tenant, isSteppedThrough, startedAtMs } = this.#parts;
    if (approval.settledAtMs === undefined || !isRedeemable(tenant, approval) || isSteppedThrough())
      return undefined;
    // A refresh token has rules of its own, and a token for /userinfo alone is a document of the provider.
    if (!approval.scope.includes('openid') || needsSettling(approval)) return undefined;
    const user = tenant.directory.user(approval.userId);
    if (!user || user.blocked) return undefined;
    try {
      const source = await this.#findSource(client, approval);
      if (!source) return undefined;
      const token = makeAccessToken(tenant, source, approval.userId);
      const claims = claimsOf(user, startedAtMs);
      const [accessToken, idToken] = await Promise.all([token.save(), makeIdToken(source, claims, {})]);
      return {
        access_token: accessToken,
        expires_in: token.expiration,
        id_token: idToken,
        ...(token.scope === undefined ? {} : { scope: token.scope }),
        token_type: token.tokenType,
        ...(token.rar === undefined ? {} : { authorization_details: token.rar }),
      };
    } catch {
      return undefined;
    }
  }

  async #findSource(
    { client_id: clientId }: ClientConfig,
    approval: Approval,
  ): Promise<TokenSource | undefined> {
    const provider = this.#parts.provider();
    const client = await provider.Client.find(clientId);
    // It is not kept: no token could lead back to it (see spent-grants).
    const grant = makeGrant(provider, approval);
    return client && { provider, client, grant, request: this.#requestOf(approval) };
  }

  /** As the provider would be shown it. It was asked for nothing but `openid`, so there is no more in what it keeps. */
  #requestOf(approval: Approval): TokenSource['request'] {
    const { scope, audience } = approval;
    const details = grantedDetailsOf(approval) ?? [];
    return {
      scopes: new Set(scope),
      ...(audience === undefined ? {} : { resource: toResource(audience) }),
      // An empty list is none in a token.
      ...(details.length === 0 ? {} : { rar: [...details] }),
      ...contextForProvider(this.#parts.tenant, approval),
    };
  }

  async #forget({ authReqId }: Approval): Promise<void> {
    const { tenant, settlements } = this.#parts;
    await forgetRequest(tenant, authReqId);
    // Where a poll went the long way before and came to nothing.
    const settlement = await settlements.get(authReqId);
    if (!settlement) return;
    await dropGrant(tenant, settlement.value.grantId);
    await settlements.remove(authReqId);
  }
}
