// One request, read by a device of its person, and what that device needs to answer it. The answer itself goes the way of all
// devices: guardian/resolve-transaction.
import type { RouterContext } from '@koa/router';
import { type Approval, type ApprovalId, findRefusal, toApprovalView } from '../approvals/index.ts';
import { APPROVER_API, type DeviceTransaction, passkeyChallengeRequestSchema } from '../contract/index.ts';
import {
  grantHash,
  passkeyRequired,
  type Readings,
  readGrant,
  type Transactions,
} from '../guardian/index.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { answerDecision } from './decision-answer.ts';
import type { CallingDevice } from './device-proof.ts';
import { requirePasskeyAddress } from './passkey-routes.ts';
import { readJson } from './request-body.ts';

export interface DecisionRoutesParts {
  tenant: Tenant;
  transactions: Transactions;
  readings: Readings;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

export function decisionRoutes({ tenant, transactions, readings, forDevices }: DecisionRoutesParts): Route[] {
  const tellRead = (ctx: RouterContext, approval: Approval, { device }: CallingDevice): void =>
    readings.tell(approval, device, () => tenant.exchanges.describe(ctx, {}));

  return [
    {
      method: 'GET',
      path: `${APPROVER_API}/requests/:id`,
      purpose: 'read one request',
      answer: forDevices(async (ctx, caller) => {
        const approval = await findOwnApproval(ctx, tenant, caller);
        ctx.body = toApprovalView(approval, tenant.clock.now());
        tellRead(ctx, approval, caller);
      }),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/requests/:id/challenge`,
      purpose: 'have a passkey asked to approve',
      answer: forDevices((ctx, caller) => challenge(ctx, tenant, caller)),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/requests/:id/transaction`,
      purpose: 'get what an answer has to sign',
      answer: forDevices(async (ctx, caller) => {
        const approval = await findOwnApproval(ctx, tenant, caller);
        const { token, challenge: signed } = await transactions.open(approval, caller.device.id);
        ctx.body = {
          transaction_token: token,
          challenge: signed,
          now: new Date(tenant.clock.now()).toISOString(),
        } satisfies DeviceTransaction;
        ctx.status = 201;
        tellRead(ctx, approval, caller);
      }),
    },
  ];
}

async function challenge(ctx: RouterContext, tenant: Tenant, caller: CallingDevice): Promise<void> {
  const approval = await findOwnApproval(ctx, tenant, caller);
  const { consent_hash: consentHash, granted_details } = await readJson(ctx, passkeyChallengeRequestSchema);
  requirePasskeyAddress(ctx, tenant);
  const nowMs = tenant.clock.now();
  const refusal = findRefusal(approval, nowMs, consentHash);
  // Nobody looks for their security key to answer what is answered already.
  if (refusal !== undefined) return answerDecision(ctx, { result: refusal, approval }, nowMs);
  const grant = readGrant(approval, true, granted_details);
  const asked = await tenant.passkeys.beginApproval(caller.device, {
    approvalId: approval.id,
    consentHash,
    ...grantHash(grant),
  });
  if (asked === undefined) throw passkeyRequired(`the device "${caller.device.name}" has none yet`);
  ctx.body = asked;
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
