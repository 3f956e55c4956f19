// The answer of a browser: signed like that of every device, and bound to what was on its screen. Where the tenant asks for a
// passkey, approving needs one that has verified the person for exactly this answer.
import { type Approval, findRefusal, type Grant, toApprovalView } from '../approvals/index.ts';
import type { ChallengeResponseClaims, DecisionResult, PasskeyAssertion } from '../contract/index.ts';
import { readAnswer } from '../exchange/index.ts';
import { Problem } from '../problem.ts';
import type { EnrolledDevice, ShownRequest, Tenant } from '../tenant/index.ts';
import { readGrant } from './granted-answer.ts';
import type { GuardianCall } from './guardian-call.ts';

export interface BrowserAnswer {
  device: EnrolledDevice;
  approvalId: Approval['id'];
  claims: ChallengeResponseClaims & { consent_hash: string };
  passkey: PasskeyAssertion | undefined;
  /** The answer as it came. */
  signed: string;
}

/** 200 for the decision that counts; 409 and the truth for every other one. */
export async function takeBrowserAnswer(
  call: Pick<GuardianCall, 'tenant' | 'describe'>,
  answer: BrowserAnswer,
): Promise<{ status: 200 | 409; body: DecisionResult }> {
  const { tenant } = call;
  const { device, claims, signed } = answer;
  const { consent_hash: consentHash, auth0_guardian_accepted: isAccepted, granted_details } = claims;
  const approval = await tenant.approvals.get(answer.approvalId);
  if (!approval) throw forgotten();
  const grant = readGrant(approval, isAccepted, granted_details);
  const needsPasskey =
    isAccepted &&
    tenant.passkeys.areRequired &&
    // What cannot be decided any more is told so, with a passkey or without.
    findRefusal(approval, tenant.clock.now(), consentHash) === undefined;
  if (needsPasskey) await verifyPerson(tenant, approval, { consentHash, grant }, answer);
  const reason = isAccepted ? undefined : claims.auth0_guardian_reason?.trim();
  const decided = await tenant.approvals.decide({
    id: approval.id,
    outcome: isAccepted ? 'approved' : 'denied',
    by: device.userId,
    from: 'approver app',
    device: device.name,
    ...(needsPasskey ? { verifiedBy: 'passkey' } : {}),
    ...(reason ? { reason } : {}),
    ...(grant === undefined ? {} : { grant }),
    consentHash,
    told: { answer: readAnswer(signed), exchange: call.describe({ status: 200 }) },
  });
  if (decided.result === 'not_found') throw forgotten();
  const { result } = decided;
  const view = toApprovalView(decided.approval, tenant.clock.now());
  return { status: result === 'decided' ? 200 : 409, body: { result, approval: view } };
}

/** Throws unless the passkey of this device has verified the person for exactly this answer. The request stays open. */
async function verifyPerson(
  tenant: Tenant,
  approval: Approval,
  { consentHash, grant }: { consentHash: string; grant: Grant | undefined },
  { device, passkey }: BrowserAnswer,
): Promise<void> {
  const shown = { approvalId: approval.id, consentHash, ...grantHash(grant) };
  const problem =
    passkey === undefined
      ? passkeyRequired('the answer brought none')
      : await findFault(tenant, device, passkey, shown);
  if (problem === undefined) return;
  tenant.log.append({
    type: 'decision.refused',
    approval: approval.id,
    name: approval.name,
    why: 'not_verified',
    from: 'approver app',
    device: device.name,
  });
  throw problem;
}

async function findFault(
  tenant: Tenant,
  device: EnrolledDevice,
  passkey: PasskeyAssertion,
  shown: ShownRequest,
): Promise<Problem | undefined> {
  const outcome = await tenant.passkeys.verifyApproval(device, shown, passkey);
  if (!('refused' in outcome)) return undefined;
  return new Problem('passkey_invalid', `The answer of the passkey ${outcome.refused}.`, {
    hint: 'Nothing was decided. Ask for a new challenge and approve again.',
  });
}

/** What of a grant a passkey is asked to approve. */
export function grantHash(grant: Grant | undefined): { grantHash?: string } {
  return grant === undefined ? {} : { grantHash: grant.hash };
}

export function passkeyRequired(finding: string): Problem {
  return new Problem('passkey_required', `This tenant asks for a passkey to approve, and ${finding}.`, {
    status: 403,
    hint: 'Nothing was decided. Register a passkey on this device and approve with it; denying needs none.',
  });
}

function forgotten(): Problem {
  return new Problem('not_found', 'The request has been forgotten meanwhile.', { status: 404 });
}
