// Polls whose request still waits for its person: the most frequent request of all, and most of what a server that many agents use
// has to do. The plainest of them are answered here, without the provider: a client with a secret in the form, nothing that binds
// tokens to a key, a request of its own that is pending. Whatever is otherwise in any way goes the long way, which knows all the
// rules and words; pending-polls.test.ts compares the two ways, answer by answer.
import { hash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { errors } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import { CIBA_GRANT_TYPE, type ClientConfig, hasCertificateBoundTokens } from '../contract/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { ROUTES } from './auth0-dialect.ts';
import { dialectOf } from './error-dialects.ts';
import { isPushed } from './notification-token.ts';
import { parameter, type RequestParameters } from './parameters.ts';
import type { Polls } from './polls.ts';

/** All that a plain poll has, and each of them once. */
const PLAIN_PARAMETERS = ['auth_req_id', 'client_id', 'client_secret', 'grant_type'] as const;
/** Other ways in which a client proves itself or what it holds, and pages of other origins. */
const BY_THE_LONG_WAY = [
  'authorization',
  'dpop',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  'origin',
] as const;

export class PendingPolls {
  readonly #tenant: Tenant;
  readonly #polls: Polls;

  constructor(tenant: Tenant, polls: Polls) {
    this.#tenant = tenant;
    this.#polls = polls;
  }

  /** True where `ctx` has its answer. @param client that the request names; nothing is proven yet */
  async answer(
    ctx: Context,
    client: ClientConfig | undefined,
    parameters: RequestParameters,
  ): Promise<boolean> {
    const tenant = this.#tenant;
    if (ctx.path !== ROUTES.token || parameter(parameters, 'grant_type') !== CIBA_GRANT_TYPE) return false;
    // A poll that is held is the storage's to wait with, see `polls`.
    if (tenant.config.ciba.held_poll !== 0) return false;
    if (!isPlain(ctx, parameters) || !client || !mayPollPlainly(client)) return false;
    if (!isSecretOf(client, parameter(parameters, 'client_secret'))) return false;
    const authReqId = parameter(parameters, 'auth_req_id');
    const approval = authReqId === undefined ? undefined : await tenant.approvals.findByAuthReqId(authReqId);
    if (approval?.state !== 'pending' || approval.clientId !== client.client_id) return false;
    const { status, body } = dialectOf(tenant, client).toError(
      new errors.AuthorizationPending(),
      CIBA_GRANT_TYPE,
    );
    // As the provider says of everything at this endpoint.
    ctx.set({ Vary: 'Origin', 'Access-Control-Allow-Origin': '*' });
    ctx.status = status;
    ctx.body = body;
    await this.tell(ctx, parameters, approval);
    return true;
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

function isPlain({ headers }: Context, parameters: RequestParameters): boolean {
  return (
    Object.keys(parameters).length === PLAIN_PARAMETERS.length &&
    PLAIN_PARAMETERS.every((name) => typeof parameters[name] === 'string') &&
    BY_THE_LONG_WAY.every((name) => headers[name] === undefined)
  );
}

function mayPollPlainly(client: ClientConfig): boolean {
  return (
    ['client_secret_post', 'client_secret_basic'].includes(client.token_endpoint_auth_method) &&
    client.grant_types.includes(CIBA_GRANT_TYPE) &&
    !client.dpop_bound_access_tokens &&
    !hasCertificateBoundTokens(client) &&
    !isPushed(client)
  );
}

/** Digests are of one length, so the time that comparing takes says nothing. */
function isSecretOf(client: ClientConfig, secret = ''): boolean {
  return (
    client.client_secret !== undefined &&
    timingSafeEqual(hash('sha256', client.client_secret, 'buffer'), hash('sha256', secret, 'buffer'))
  );
}
