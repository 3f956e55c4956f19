// What the approver app calls about requests. Every route but the list of people is for paired devices only, and shows and
// decides nothing but the requests of the person whose device it is. Deciding itself happens in `approvals`.
import type { RouterContext } from '@koa/router';
import { type Approval, type ApprovalId, toApprovalView } from '../approvals/index.ts';
import { APPROVER_API, decideRequestSchema, type Inbox, type People } from '../contract/index.ts';
import type { Mailbox, Outbox } from '../notify/index.ts';
import { ownUrl } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import { type Tenant, toDevice } from '../tenant/index.ts';
import { answerDecision } from './decision-answer.ts';
import { authenticateDevice, type CallingDevice } from './device-proof.ts';
import { deviceRoutes } from './device-routes.ts';
import { verifyAnswer } from './device-signatures.ts';
import { ownMailboxRoutes } from './mailbox-routes.ts';
import { OpenInboxes } from './open-inboxes.ts';
import { type PushPort, pushRegistrationRoutes } from './push-registration-routes.ts';
import { readJson } from './request-body.ts';

export interface ApproverRoutesParts {
  tenant: Tenant;
  push: PushPort;
  outbox: Outbox;
  mailbox: Mailbox;
  shutdown: AbortSignal;
  askDemo(userId: string): Promise<string>;
  networkUrls: readonly string[];
  caPem: string | undefined;
}

/** How much of the history an inbox carries. */
const MOST_DECIDED = 100;

export function approverRoutes(parts: ApproverRoutesParts): Route[] {
  const { tenant } = parts;
  const inboxes = new OpenInboxes(parts);

  type DeviceAnswer = (ctx: RouterContext, caller: CallingDevice) => Promise<void>;
  const forDevices = (answer: DeviceAnswer) => async (ctx: RouterContext) =>
    answer(ctx, await authenticateDevice(ctx, tenant));

  return [
    ...ownMailboxRoutes({ tenant, mailbox: parts.mailbox, forDevices }),
    ...pushRegistrationRoutes({ tenant, push: parts.push, forDevices }),
    ...deviceRoutes({
      tenant,
      forDevices,
      unpair: (deviceId) => inboxes.unpair(deviceId),
      networkUrls: parts.networkUrls,
      hasAuthority: parts.caPem !== undefined,
    }),
    {
      method: 'GET',
      path: `${APPROVER_API}/people`,
      purpose: 'list who can be asked',
      answer: async (ctx) => {
        ctx.body = await listPeople(tenant);
      },
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/inbox`,
      purpose: 'read what waits for one person',
      answer: forDevices(async (ctx, caller) => {
        ctx.body = await readInbox(tenant, caller);
      }),
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/requests/:id`,
      purpose: 'read one request',
      answer: forDevices(async (ctx, caller) => {
        ctx.body = toApprovalView(await findOwnApproval(ctx, tenant, caller), tenant.clock.now());
      }),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/requests/:id/decision`,
      purpose: 'approve or deny, signed',
      answer: forDevices((ctx, caller) => decide(ctx, tenant, caller)),
    },
    {
      method: 'GET',
      path: `${APPROVER_API}/events`,
      purpose: 'follow one person’s requests',
      answer: forDevices((ctx, caller) => inboxes.open(ctx, caller)),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/demo-request`,
      purpose: 'be asked something harmless',
      answer: forDevices(async (ctx, { device }) => {
        ctx.body = { name: await parts.askDemo(device.userId) };
        ctx.status = 202;
      }),
    },
  ];
}

async function listPeople(tenant: Tenant): Promise<People> {
  const people = tenant.directory.users().map(async (user) => ({
    user_id: user.user_id,
    name: user.name,
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(user.picture === undefined ? {} : { picture: user.picture }),
    devices: (await tenant.devices.of(user.user_id)).filter((device) => device.status === 'confirmed').length,
  }));
  return {
    tenant: { name: tenant.config.tenant.name, friendly_name: tenant.displayName },
    people: await Promise.all(people),
  };
}

async function readInbox(tenant: Tenant, { device, userName }: CallingDevice): Promise<Inbox> {
  const nowMs = tenant.clock.now();
  const approvals = await tenant.approvals.list({ userId: device.userId });
  const isWaiting = (approval: Approval): boolean => approval.state === 'pending';
  const endedAtMs = (approval: Approval): number => approval.decision?.atMs ?? approval.expiresAtMs;
  const view = (approval: Approval) => toApprovalView(approval, nowMs);
  return {
    device: toDevice(device, userName),
    now: new Date(nowMs).toISOString(),
    waiting: approvals.filter(isWaiting).reverse().map(view),
    decided: approvals
      .filter((approval) => !isWaiting(approval))
      .sort((a, b) => endedAtMs(b) - endedAtMs(a))
      .slice(0, MOST_DECIDED)
      .map(view),
  };
}

async function decide(ctx: RouterContext, tenant: Tenant, caller: CallingDevice): Promise<void> {
  const approval = await findOwnApproval(ctx, tenant, caller);
  const { challenge_response: challengeResponse } = await readJson(ctx, decideRequestSchema);
  const answer = await verifyAnswer(challengeResponse, {
    caller,
    approvalId: approval.id,
    url: ownUrl(ctx, tenant),
    nowMs: tenant.clock.now(),
  });
  const reason = answer.auth0_guardian_accepted ? undefined : answer.auth0_guardian_reason?.trim();
  const result = await tenant.approvals.decide({
    id: approval.id,
    outcome: answer.auth0_guardian_accepted ? 'approved' : 'denied',
    by: caller.device.userId,
    from: 'approver app',
    device: caller.device.name,
    ...(reason ? { reason } : {}),
    consentHash: answer.consent_hash,
  });
  answerDecision(ctx, result, tenant.clock.now());
}

/** One of the caller's own requests. That others exist is not told. */
async function findOwnApproval(
  ctx: RouterContext,
  tenant: Tenant,
  caller: CallingDevice,
): Promise<Approval & { id: ApprovalId }> {
  const id = pathParameter(ctx, 'id');
  const approval = await tenant.approvals.get(id);
  if (approval?.userId === caller.device.userId) return approval;
  throw new Problem('not_found', `${caller.userName} has no request "${id}".`, {
    status: 404,
    hint: 'It may have been forgotten since; GET /approver/inbox lists what is there.',
  });
}
