// One poll of a request that waits for its person: whether it came too early, and, where the tenant holds polls, its waiting.
// The storage asks `hold` before it shows the provider a request, when the client is authentic; the middleware around the
// provider asks `judge` once the answer is `authorization_pending`. CIBA Core §10.1 allows long polling, for 30 seconds at most,
// and measures the interval from when a poll was sent; §11 answers one that hurries.
import type { IncomingMessage } from 'node:http';
import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Approval } from '../approvals/index.ts';
import type { Tenant } from '../tenant/index.ts';
import { HeldPolls, type HoldEnd } from './held-polls.ts';
import { Pacing, type PollAnswer } from './pacing.ts';
import { Refusal } from './refusal.ts';

/** How long a poll waited, and why no longer. */
interface Held {
  readonly seconds: number;
  readonly end: Extract<HoldEnd, 'time_over' | 'caller_left'>;
}

export type JudgedPoll = PollAnswer & { held?: Held };

export interface PollPorts {
  /** Aborts when the server stops; whoever waits is told then. */
  shutdown: AbortSignal;
  /** Whether a poll in time is to be called too early all the same. */
  isSlowedDown(approval: Approval): Promise<boolean>;
  /** Whether the last answer to a poll may go back; undefined where it may at once. */
  beforeLastAnswer(approval: Approval): Promise<'goes_back' | 'caller_left' | 'stopping'> | undefined;
  /** Whether somebody goes through flows step by step: nothing is held where nobody does. */
  isSteppedThrough(): boolean;
}

/** A client that has not polled for so long hurries nobody. */
const PACE_LIFETIME_MS = 3_600_000;

export class Polls {
  readonly #tenant: Tenant;
  readonly #pacing: Pacing;
  readonly #waiting: HeldPolls;
  readonly #ports: PollPorts;
  readonly #stopWatching: () => void;
  /** What became of polls that are being answered. Kept by their request. */
  readonly #judged = new WeakMap<IncomingMessage, JudgedPoll>();

  constructor(tenant: Tenant, ports: PollPorts) {
    this.#tenant = tenant;
    this.#ports = ports;
    this.#pacing = new Pacing(
      () => tenant.config.ciba,
      tenant.instances.areMany
        ? {
            documents: tenant.store.collection('paces'),
            expiresAtMs: () => tenant.clock.now() + PACE_LIFETIME_MS,
          }
        : undefined,
    );
    tenant.memory.add('paces', this.#pacing);
    this.#waiting = new HeldPolls(tenant.clock.base, ports.shutdown);
    this.#stopWatching = tenant.approvals.watch((approval) => {
      if (approval.state === 'pending') return;
      this.#pacing.forget(approval.authReqId);
      this.#waiting.wake(approval.authReqId);
    });
  }

  /**
   * Resolves when the request should be looked at: at once, or once it has an answer or the poll has waited long enough; and
   * once its last answer may go back, where somebody goes through the flow step by step.
   *
   * @param clientId whose request it is; nobody waits for another one's
   * @throws Refusal when the server stops, AuthorizationPending when the caller has left and must not redeem anything
   */
  async hold(authReqId: string, clientId: string | undefined): Promise<void> {
    const ctx = Provider.ctx;
    if (ctx?.oidc.route !== 'token' || ctx.oidc.client?.clientId !== clientId) return;
    await this.#holdUntilAnswered(authReqId, ctx);
    await this.#holdLastAnswer(authReqId, ctx);
  }

  async #holdUntilAnswered(authReqId: string, ctx: KoaContextWithOIDC): Promise<void> {
    const tenant = this.#tenant;
    const seconds = tenant.config.ciba.held_poll;
    if (seconds === 0) return;
    // Waiting begins before the request is read: an answer that comes in between ends it.
    const poll = this.#waiting.begin(authReqId, seconds, ctx.res);
    const approval = await tenant.approvals.findByAuthReqId(authReqId);
    if (!approval || !isUnanswered(approval)) return poll.cancel();
    const beganAtMs = tenant.clock.base.now();
    const judged = await this.#pace(approval);
    this.#judged.set(ctx.req, judged);
    if (judged.answer === 'slow_down') return poll.cancel();
    tenant.log.append({ type: 'poll.held', approval: approval.id, name: approval.name });
    // A rule that answers after so many polls may answer this one.
    await tenant.scriptedPeople.polled(approval);
    const end = await poll.ended;
    if (end === 'stopping') throw stopping();
    if (end === 'changed' && !ctx.res.closed) return;
    // CIBA Core §10.1: a client waits for the answer before it polls again, and has waited long enough.
    await this.#pacing.allowNext(authReqId);
    const held: Held = {
      seconds: (tenant.clock.base.now() - beganAtMs) / 1000,
      end: end === 'time_over' ? end : 'caller_left',
    };
    this.#judged.set(ctx.req, { ...judged, held });
    if (held.end === 'caller_left') throw new errors.AuthorizationPending();
  }

  /** Before anything is redeemed: whoever leaves meanwhile gets the answer with the next poll. */
  async #holdLastAnswer(authReqId: string, ctx: KoaContextWithOIDC): Promise<void> {
    const { approvals, clock, config } = this.#tenant;
    const approval = await approvals.findByAuthReqId(authReqId);
    if (!approval || isUnanswered(approval) || approval.state === 'redeemed') return;
    const holding = this.#ports.beforeLastAnswer(approval);
    if (!holding) return;
    const beganAtMs = clock.base.now();
    const end = await holding;
    if (end === 'stopping') throw stopping();
    if (!ctx.res.closed) return;
    const held: Held = { seconds: (clock.base.now() - beganAtMs) / 1000, end: 'caller_left' };
    this.#judged.set(ctx.req, {
      answer: 'authorization_pending',
      intervalSeconds: config.ciba.interval,
      held,
    });
    throw new errors.AuthorizationPending();
  }

  /** What to tell a poll whose request is still pending. */
  async judge(request: IncomingMessage, approval: Approval): Promise<JudgedPoll> {
    return this.#judged.get(request) ?? this.#pace(approval);
  }

  async #pace(approval: Approval): Promise<PollAnswer> {
    const isSlowedDown = await this.#ports.isSlowedDown(approval);
    return this.#pacing.poll(approval.authReqId, this.#tenant.clock.now(), isSlowedDown);
  }

  close(): void {
    this.#stopWatching();
    this.#pacing.clear();
    this.#waiting.close();
  }
}

function stopping(): Refusal {
  return new Refusal(
    503,
    'temporarily_unavailable',
    'The server stops, or begins anew',
    'Poll again in a moment: the request is there unless it was reset or kept in memory only.',
    { 'Retry-After': '1' },
  );
}

/** Nobody has decided, or the provider has not learnt of the approval yet. */
function isUnanswered({ state, settledAtMs }: Approval): boolean {
  return state === 'pending' || (state === 'approved' && settledAtMs === undefined);
}
