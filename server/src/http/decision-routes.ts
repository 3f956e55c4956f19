// One request, read and answered by a device of its person. What an answer must carry is checked here; whether it still
// counts is for `approvals` to say.
import type { RouterContext } from '@koa/router';
import { type Approval, type ApprovalId, findRefusal, toApprovalView } from '../approvals/index.ts';
import {
  APPROVER_API,
  type ChallengeResponseClaims,
  decideRequestSchema,
  type PasskeyAssertion,
  passkeyChallengeRequestSchema,
} from '../contract/index.ts';
import { ownUrl } from '../own-url.ts';
import { Problem } from '../problem.ts';
import { pathParameter, type Route } from '../routes.ts';
import type { Tenant } from '../tenant/index.ts';
import { answerDecision } from './decision-answer.ts';
import type { CallingDevice } from './device-proof.ts';
import { verifyAnswer } from './device-signatures.ts';
import { requirePasskeyAddress } from './passkey-routes.ts';
import { readJson } from './request-body.ts';

export interface DecisionRoutesParts {
  tenant: Tenant;
  /** Wraps an answer that only a paired device may have. */
  forDevices(answer: (ctx: RouterContext, caller: CallingDevice) => Promise<void>): Route['answer'];
}

export function decisionRoutes({ tenant, forDevices }: DecisionRoutesParts): Route[] {
  return [
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
      path: `${APPROVER_API}/requests/:id/challenge`,
      purpose: 'have a passkey asked to approve',
      answer: forDevices((ctx, caller) => challenge(ctx, tenant, caller)),
    },
    {
      method: 'POST',
      path: `${APPROVER_API}/requests/:id/decision`,
      purpose: 'approve or deny, signed',
      answer: forDevices((ctx, caller) => decide(ctx, tenant, caller)),
    },
  ];
}

async function challenge(ctx: RouterContext, tenant: Tenant, caller: CallingDevice): Promise<void> {
  const approval = await findOwnApproval(ctx, tenant, caller);
  const { consent_hash: consentHash } = await readJson(ctx, passkeyChallengeRequestSchema);
  requirePasskeyAddress(ctx, tenant);
  const nowMs = tenant.clock.now();
  const refusal = findRefusal(approval, nowMs, consentHash);
  // Nobody looks for their security key to answer what is answered already.
  if (refusal !== undefined) return answerDecision(ctx, { result: refusal, approval }, nowMs);
  const asked = await tenant.passkeys.beginApproval(caller.device, { approvalId: approval.id, consentHash });
  if (asked === undefined) throw passkeyRequired(`the device "${caller.device.name}" has none yet`);
  ctx.body = asked;
}

async function decide(ctx: RouterContext, tenant: Tenant, caller: CallingDevice): Promise<void> {
  const approval = await findOwnApproval(ctx, tenant, caller);
  const { challenge_response: challengeResponse, passkey } = await readJson(ctx, decideRequestSchema);
  const nowMs = tenant.clock.now();
  const answer = await verifyAnswer(challengeResponse, {
    caller,
    approvalId: approval.id,
    url: ownUrl(ctx, tenant),
    nowMs,
  });
  const needsPasskey =
    answer.auth0_guardian_accepted &&
    tenant.passkeys.areRequired &&
    // What cannot be decided any more is told so, with a passkey or without.
    findRefusal(approval, nowMs, answer.consent_hash) === undefined;
  if (needsPasskey) await verifyPerson(tenant, { caller, approval, answer, passkey });
  const reason = answer.auth0_guardian_accepted ? undefined : answer.auth0_guardian_reason?.trim();
  const result = await tenant.approvals.decide({
    id: approval.id,
    outcome: answer.auth0_guardian_accepted ? 'approved' : 'denied',
    by: caller.device.userId,
    from: 'approver app',
    device: caller.device.name,
    ...(needsPasskey ? { verifiedBy: 'passkey' } : {}),
    ...(reason ? { reason } : {}),
    consentHash: answer.consent_hash,
  });
  answerDecision(ctx, result, tenant.clock.now());
}

interface Approving {
  caller: CallingDevice;
  approval: Approval;
  answer: ChallengeResponseClaims;
  passkey: PasskeyAssertion | undefined;
}

/** Throws unless the passkey of this device has verified the person for exactly this answer. The request stays open. */
async function verifyPerson(tenant: Tenant, { caller, approval, answer, passkey }: Approving): Promise<void> {
  const problem =
    passkey === undefined
      ? passkeyRequired('the answer brought none')
      : await findFault(tenant, caller, passkey, {
          approvalId: approval.id,
          consentHash: answer.consent_hash,
        });
  if (problem === undefined) return;
  tenant.log.append({
    type: 'decision.refused',
    approval: approval.id,
    name: approval.name,
    why: 'not_verified',
    from: 'approver app',
    device: caller.device.name,
  });
  throw problem;
}

async function findFault(
  tenant: Tenant,
  { device }: CallingDevice,
  passkey: PasskeyAssertion,
  shown: { approvalId: string; consentHash: string },
): Promise<Problem | undefined> {
  const outcome = await tenant.passkeys.verifyApproval(device, shown, passkey);
  if (!('refused' in outcome)) return undefined;
  return new Problem('passkey_invalid', `The answer of the passkey ${outcome.refused}.`, {
    hint: 'Nothing was decided. Ask for a new challenge and approve again.',
  });
}

function passkeyRequired(finding: string): Problem {
  return new Problem('passkey_required', `This tenant asks for a passkey to approve, and ${finding}.`, {
    status: 403,
    hint: 'Nothing was decided. Register a passkey on this device and approve with it; denying needs none.',
  });
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
