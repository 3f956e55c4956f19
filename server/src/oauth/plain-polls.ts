// Polls at the token endpoint that need nothing of what the provider knows: a client with a secret in the form, nothing that binds
// tokens to a key, no other parameter or header that could matter, a request of its own. One that waits is answered by
// `pending-polls`, one that is approved by `plain-redemptions`. Whatever is otherwise in any way goes the long way, which knows all
// the rules and words; plain-polls.test.ts compares the two ways, answer by answer.
import type { Context } from 'koa';
import { CIBA_GRANT_TYPE, type ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import { isPushed } from './notification-token.ts';
import { answersOutage } from './outage-answer.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import type { PendingPolls } from './pending-polls.ts';
import { hasPlainHeaders, hasUnboundTokens, isSecretOf, usesSecret } from './plain-clients.ts';
import { PlainRedemptions, type PlainRedemptionsParts } from './plain-redemptions.ts';

/** All that a plain poll has, and each of them once. */
const PLAIN_PARAMETERS = ['auth_req_id', 'client_id', 'client_secret', 'grant_type'] as const;

export class PlainPolls {
  readonly #tenant: Tenant;
  readonly #pending: PendingPolls;
  readonly #redemptions: PlainRedemptions;

  constructor(pending: PendingPolls, parts: PlainRedemptionsParts) {
    this.#tenant = parts.tenant;
    this.#pending = pending;
    this.#redemptions = new PlainRedemptions(parts);
  }

  /** True where `ctx` has its answer. @param client that the request names; nothing is proven yet */
  async answer(
    ctx: Context,
    client: ClientConfig | undefined,
    parameters: RequestParameters,
  ): Promise<boolean> {
    if (ctx.path !== ROUTES.token || parameter(parameters, 'grant_type') !== CIBA_GRANT_TYPE) return false;
    // A poll that is held is the storage's to wait with, see `polls`.
    if (this.#tenant.config.ciba.held_poll !== 0) return false;
    if (!isPlain(ctx, parameters) || !client || !mayPollPlainly(client)) return false;
    if (!isSecretOf(client, parameter(parameters, 'client_secret'))) return false;
    try {
      return await this.#answerAuthentic(ctx, client, parameters);
    } catch (error) {
      if (!answersOutage(ctx, error)) throw error;
      return true;
    }
  }

  async #answerAuthentic(
    ctx: Context,
    client: ClientConfig,
    parameters: RequestParameters,
  ): Promise<boolean> {
    const approval = await this.#tenant.approvals.findByAuthReqId(parameter(parameters, 'auth_req_id') ?? '');
    if (approval?.clientId !== client.client_id) return false;
    switch (approval.state) {
      case 'pending':
        await this.#pending.answer(ctx, client, parameters, approval);
        return true;
      case 'approved':
        return this.#redemptions.answer(ctx, client, parameters, approval);
      default:
        return false;
    }
  }
}

function isPlain({ headers }: Context, parameters: RequestParameters): boolean {
  return (
    Object.keys(parameters).length === PLAIN_PARAMETERS.length &&
    PLAIN_PARAMETERS.every((name) => typeof parameters[name] === 'string') &&
    hasPlainHeaders(headers)
  );
}

function mayPollPlainly(client: ClientConfig): boolean {
  return (
    usesSecret(client) &&
    client.grant_types.includes(CIBA_GRANT_TYPE) &&
    hasUnboundTokens(client) &&
    !isPushed(client)
  );
}
