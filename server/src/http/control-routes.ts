// What tests and the command line call: watch, wait, decide, expire. For programs of this computer, and for others with a token
// (see control-access); refused to web pages (see same-origin).
import type { RouterContext } from '@koa/router';
import { type Approval, numberOf, quoteReference, toApprovalView } from '../approvals/index.ts';
import {
  type ActiveFault,
  approvalViewSchema,
  CONTROL_API,
  controlDecisionSchema,
  decisionResultSchema,
  type Health,
  healthSchema,
  liveSchema,
  nextQuerySchema,
  requestsQuerySchema,
  requestsSchema,
  type StepPlan,
  type TraceEvent,
  traceSchema,
} from '../contract/index.ts';
import { readGrant } from '../guardian/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter } from '../routes.ts';
import { describeQuickAnswers, type Tenant } from '../tenant/index.ts';
import { readClock } from './clock-routes.ts';
import type { ControlRoute } from './control-route.ts';
import { answerDecision } from './decision-answer.ts';
import { openEventStream, readLastEventId } from './event-stream.ts';
import { readJson, readQuery } from './request-body.ts';

export interface ControlRoutesParts {
  tenant: Tenant;
  faults: { active(): ActiveFault[] };
  stepping: { readonly plan: StepPlan; readonly heldCount: number };
  isReady(): boolean;
  version: string;
  startedAtMs: number;
  shutdown: AbortSignal;
}

const UNKNOWN_REQUEST = { 404: 'There is no such request.' };

export function controlRoutes(parts: ControlRoutesParts): ControlRoute[] {
  const { tenant } = parts;
  const written = new WeakMap<TraceEvent, string>();
  const view = (approval: Approval) => toApprovalView(approval, tenant.clock.now());

  return [
    {
      method: 'GET',
      path: `${CONTROL_API}/health`,
      purpose: 'learn whether the server is ready',
      shapes: {
        answer: healthSchema,
        isOpen: true,
        note: 'Readiness: 200 once a request would be answered, else 503 with the reason as `detail`. Needs no token.',
      },
      answer: async (ctx) => {
        await requireReadiness(parts);
        ctx.body = await readHealth(parts);
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/live`,
      purpose: 'learn whether the process answers at all',
      shapes: {
        answer: liveSchema,
        isOpen: true,
        note: 'Liveness: touches nothing, and stays 200 where `/control/health` says that the server is not ready. Needs no token.',
      },
      answer: (ctx) => {
        ctx.body = { status: 'alive' };
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/requests`,
      purpose: 'list requests',
      shapes: {
        query: requestsQuerySchema,
        answer: requestsSchema,
        errors: { 404: 'There is no request that `before` names.' },
        note: 'Newest first.',
      },
      answer: async (ctx) => {
        ctx.body = { requests: (await listRequests(ctx, tenant)).map(view) };
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/requests/next`,
      purpose: 'wait for the next request',
      shapes: {
        query: nextQuerySchema,
        answer: approvalViewSchema,
        others: { 204: { meaning: 'None came in time.' } },
        errors: { 404: 'There is no request that `after` names.' },
        note: 'Waits until a pending request exists that is newer than the one named by `after`.',
      },
      answer: async (ctx) => {
        const approval = await waitForNext(ctx, parts);
        if (approval) ctx.body = view(approval);
        else ctx.status = 204;
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/requests/:ref`,
      purpose: 'read one request',
      shapes: { answer: approvalViewSchema, errors: UNKNOWN_REQUEST },
      answer: async (ctx) => {
        ctx.body = view(await findRequest(ctx, tenant));
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/requests/:ref/trace`,
      purpose: 'read the story of one request',
      shapes: { answer: traceSchema, errors: UNKNOWN_REQUEST },
      answer: async (ctx) => {
        const { id } = await findRequest(ctx, tenant);
        await tenant.log.caughtUp();
        ctx.body = { events: tenant.log.of(id) };
      },
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/requests/:ref/decision`,
      purpose: 'approve or deny for the approver',
      shapes: {
        body: controlDecisionSchema,
        answer: decisionResultSchema,
        others: { 409: { meaning: 'Not the first decision, or too late.', answer: decisionResultSchema } },
        errors: UNKNOWN_REQUEST,
        note: 'Only the first decision counts. The approval says what the request has become.',
      },
      answer: (ctx) => decide(ctx, tenant),
    },
    {
      method: 'POST',
      path: `${CONTROL_API}/requests/:ref/expire`,
      purpose: 'let a request expire now',
      shapes: {
        answer: approvalViewSchema,
        errors: UNKNOWN_REQUEST,
        note: 'The body is `{}`. A request that is decided stays as it is.',
      },
      answer: async (ctx) => {
        const { id } = await findRequest(ctx, tenant);
        const expired = await tenant.approvals.expire(id);
        if (!expired) throw unknownRequest(ctx);
        ctx.body = view(expired);
      },
    },
    {
      method: 'GET',
      path: `${CONTROL_API}/events`,
      purpose: 'follow everything that happens',
      shapes: {
        otherType: 'text/event-stream',
        note: 'Server-sent events. `id` is the number of the event, `event` its type, `data` the event. Resumable with `Last-Event-ID`.',
      },
      answer: (ctx) => followEvents(ctx, parts, written),
    },
  ];
}

async function requireReadiness({ tenant, isReady }: ControlRoutesParts): Promise<void> {
  if (!isReady()) {
    throw new Problem('not_ready', 'The server is starting, or stopping.', {
      status: 503,
      hint: 'Ask again in a moment.',
    });
  }
  try {
    await tenant.store.collection('readiness').get('any');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('not_ready', `What the server keeps cannot be read: ${reason}`, {
      status: 503,
      hint: 'Look at the file of --data and its disk, then start the server again.',
      cause,
    });
  }
}

async function readHealth({
  tenant,
  faults,
  stepping,
  version,
  startedAtMs,
}: ControlRoutesParts): Promise<Health> {
  return {
    status: 'ready',
    version,
    issuer: tenant.issuer,
    tenant: tenant.config.tenant.name,
    started_at: new Date(startedAtMs).toISOString(),
    clock: readClock(tenant),
    quick_answers: describeQuickAnswers(tenant.config.ciba),
    rules: { count: tenant.config.rules.length, seed: String(tenant.config.seed) },
    faults: faults.active(),
    steps: { ...stepping.plan, held: stepping.heldCount },
    instances: await tenant.instances.count(),
  };
}

async function listRequests(ctx: RouterContext, tenant: Tenant): Promise<Approval[]> {
  const query = readQuery(ctx, requestsQuerySchema);
  const { state } = query;
  const before = query.before === undefined ? undefined : await tenant.approvals.find(query.before);
  if (query.before !== undefined && !before) throw unknownRequest(ctx, query.before);
  // What waits is found without reading the others.
  const filter = { ...toFilter(query), ...(state === 'pending' ? { state } : {}) };
  const found: Approval[] = [];
  for await (const approval of tenant.approvals.newestFirst(filter, before?.id)) {
    if (state === undefined || approval.state === state) found.push(approval);
    if (found.length === query.limit) break;
  }
  return found;
}

/** Ends early when the caller goes away or the server stops: nobody is kept waiting for nothing. */
async function waitForNext(ctx: RouterContext, parts: ControlRoutesParts): Promise<Approval | undefined> {
  const { approvals } = parts.tenant;
  const query = readQuery(ctx, nextQuerySchema);
  const seen = query.after === undefined ? undefined : await approvals.find(query.after);
  if (query.after !== undefined && query.after !== 'latest' && !seen) throw unknownRequest(ctx, query.after);
  const departure = new AbortController();
  const depart = (): void => departure.abort();
  ctx.res.once('close', depart);
  try {
    return await approvals.next({
      ...toFilter(query),
      ...(seen ? { afterNumber: numberOf(seen) } : {}),
      timeoutMs: query.timeout * 1000,
      signal: AbortSignal.any([departure.signal, parts.shutdown]),
    });
  } finally {
    ctx.res.off('close', depart);
  }
}

async function decide(ctx: RouterContext, tenant: Tenant): Promise<void> {
  const approval = await findRequest(ctx, tenant);
  const { decision, from, reason, granted_details } = await readJson(ctx, controlDecisionSchema);
  const grant = readGrant(approval, decision === 'approve', granted_details);
  const why = decision === 'deny' ? reason?.trim() : undefined;
  const result = await tenant.approvals.decide({
    id: approval.id,
    outcome: decision === 'approve' ? 'approved' : 'denied',
    by: approval.userId,
    from,
    ...(why ? { reason: why } : {}),
    ...(grant === undefined ? {} : { grant }),
  });
  answerDecision(ctx, result, tenant.clock.now());
}

/**
 * First what the caller missed, at the caller's pace, then what happens. Without `Last-Event-ID` only the latter.
 *
 * @param written what happens, as JSON: written once, however many follow
 */
async function followEvents(
  ctx: RouterContext,
  { tenant, shutdown }: ControlRoutesParts,
  written: WeakMap<TraceEvent, string>,
): Promise<void> {
  const { log } = tenant;
  const lastSeen = readLastEventId(ctx) ?? log.lastNumber;
  const stream = openEventStream(ctx, { clock: tenant.clock.base, shutdown });
  if (!stream) return;
  const send = (event: TraceEvent): void => {
    const json = written.get(event) ?? JSON.stringify(event);
    written.set(event, json);
    stream.send({ id: event.number, event: event.type, data: event, json });
  };

  const catchUp = async (): Promise<void> => {
    // A number beyond the last one is from before a restart: everything since then is news.
    let cursor = lastSeen > log.lastNumber ? 0 : lastSeen;
    for (let missed = log.after(cursor); missed.length > 0 && !stream.isOver; missed = log.after(cursor)) {
      for (const event of missed) {
        send(event);
        cursor = event.number;
        await stream.drained();
      }
    }
    // Nothing can be appended between the last look and this line.
    if (!stream.isOver) stream.once('close', log.subscribe(send));
  };
  // Koa reads from the stream only once this route has returned, so catching up goes on by itself.
  catchUp().catch((error: unknown) =>
    stream.destroy(error instanceof Error ? error : new Error(String(error))),
  );
}

function toFilter(query: { user_id?: string | undefined; client_id?: string | undefined }) {
  return {
    ...(query.user_id === undefined ? {} : { userId: query.user_id }),
    ...(query.client_id === undefined ? {} : { clientId: query.client_id }),
  };
}

async function findRequest(ctx: RouterContext, tenant: Tenant): Promise<Approval> {
  const approval = await tenant.approvals.find(pathParameter(ctx, 'ref'));
  if (!approval) throw unknownRequest(ctx);
  return approval;
}

function unknownRequest(ctx: RouterContext, ref: string = pathParameter(ctx, 'ref')): Problem {
  return new Problem('not_found', `There is no request${quoteReference(ref)}.`, {
    status: 404,
    hint: `GET ${CONTROL_API}/requests lists them. A finished request is remembered for a while only.`,
  });
}
