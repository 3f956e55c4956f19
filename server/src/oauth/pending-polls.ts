// Polls whose request still waits for its person: the most frequent request of all, and most of what a server that many agents use
// has to do. The plain ones are answered here, see `plain-polls`; those that go through the provider are paced and recorded here.
import type { Context } from 'koa';
import { errors } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import { CIBA_GRANT_TYPE, type ClientConfig } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { dialectOf } from './error-dialects.ts';
import type { RequestParameters } from './parameters.ts';
import type { Polls } from './polls.ts';

export class PendingPolls {
  readonly #tenant: Tenant;
  readonly #polls: Polls;
  /** Always the same, and costly to make: an error remembers where it was made. */
  readonly #pending = new errors.AuthorizationPending();

  constructor(tenant: Tenant, polls: Polls) {
    this.#tenant = tenant;
    this.#polls = polls;
  }

  /** @param approval that is pending, and of this client, which is authentic */
  async answer(
    ctx: Context,
    client: ClientConfig,
    parameters: RequestParameters,
    approval: Approval,
  ): Promise<void> {
    const { status, body } = dialectOf(this.#tenant, client).toError(this.#pending, CIBA_GRANT_TYPE);
    openToPages(ctx);
    ctx.status = status;
    ctx.body = body;
    await this.tell(ctx, parameters, approval);
  }

  /** Paces and records a poll that is told `authorization_pending`, whichever way it went. */
  async tell(ctx: Context, parameters: RequestParameters, approval: Approval): Promise<void> {
    const tenant = this.#tenant;
    const { answer, intervalSeconds, held } = await this.#polls.judge(ctx.req, approval);
    if (answer === 'slow_down') {
      const client = tenant.directory.client(approval.clientId);
      const slower = dialectOf(tenant, client).slowDown(intervalSeconds);
      ctx.status = slower.status;
      ctx.body = slower.body;
      ctx.set('Retry-After', String(Math.ceil(intervalSeconds)));
    }
    tenant.log.append({
      type: 'poll.answered',
      approval: approval.id,
      name: approval.name,
      answer,
      interval: intervalSeconds,
      ...(held === undefined ? {} : { held }),
      exchange: tenant.exchanges.describe(ctx, parameters),
    });
    // Before this answer leaves: the next poll must get what a rule decides after this one. One that was held has counted.
    if (answer === 'authorization_pending' && !held) await tenant.scriptedPeople.polled(approval);
  }
}

/** As the provider says of everything at the token endpoint. */
export function openToPages(ctx: Context): void {
  ctx.set({ Vary: 'Origin', 'Access-Control-Allow-Origin': '*' });
}
