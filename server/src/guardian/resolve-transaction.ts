// POST /appliance-mfa/api/resolve-transaction: the person's answer, signed by the device that was asked. Decides through
// `approvals` like every other surface: the first answer counts. auth0: Guardian SDKs, allow and reject.
import { type Approval, type ApprovalId, type Grant, judgeGranted } from '../approvals/index.ts';
import {
  type ChallengeResponseClaims,
  challengeResponseClaimsSchema,
  resolveTransactionRequestSchema,
} from '../contract/index.ts';
import { readAnswer } from '../exchange/index.ts';
import type { EnrolledDevice } from '../tenant/index.ts';
import { type BrowserAnswer, takeBrowserAnswer } from './browser-answer.ts';
import { CLOCK_TOLERANCE_SECONDS, nowOfSigner, verifyByKey } from './device-key.ts';
import { type GuardianCall, GuardianReply } from './guardian-call.ts';
import { GuardianError } from './guardian-error.ts';

/** The SDKs give an answer 30 seconds. */
const LIFETIME_SECONDS = 30;

export async function resolveTransaction(call: GuardianCall): Promise<GuardianReply | undefined> {
  const { tenant } = call;
  const token = call.bearer();
  const { challenge_response: response, passkey } = call.body(resolveTransactionRequestSchema);
  const transaction = await call.transactions.find(token);
  const device = await call.deviceOf(transaction);
  // An enrolment that was removed answers nothing any more.
  if (!transaction || !device?.publicKey) throw unknownTransaction();
  const nowMs = nowOfSigner(response, tenant.clock);
  const payload = await verifyByKey(response, {
    publicKey: device.publicKey,
    type: 'JWT',
    nowMs,
    errorCode: 'invalid_token',
  });
  const answer = readClaims(payload);
  const expected = {
    iss: device.guardian?.identifier ?? device.id,
    sub: transaction.challenge,
    aud: call.url,
  };
  for (const [claim, value] of Object.entries(expected) as Array<[keyof typeof expected, string]>) {
    if (answer[claim] === value) continue;
    // The challenge is a secret of the push, so neither is repeated.
    const shown =
      claim === 'sub'
        ? 'is not the challenge of this transaction'
        : `is "${answer[claim]}", expected "${value}"`;
    throw new GuardianError(401, 'invalid_token', `${claim} ${shown}.`);
  }
  const nowSeconds = nowMs / 1000;
  if (answer.exp - answer.iat > LIFETIME_SECONDS || answer.iat > nowSeconds + CLOCK_TOLERANCE_SECONDS) {
    throw new GuardianError(
      401,
      'invalid_token',
      `The answer is good from ${answer.iat} to ${answer.exp}, expected ${LIFETIME_SECONDS} seconds from now.`,
    );
  }
  requireUnblocked(call, device);
  const { approvalId } = transaction;
  if (device.guardian === undefined)
    return answerBrowser(call, { device, approvalId, claims: answer, passkey, signed: response });
  await takeAppAnswer(call, { device, approvalId, claims: answer, signed: response });
  return undefined;
}

/**
 * A browser is answered with what was asked. So its transaction is good for one answer: whoever copies that on its way must
 * not read it. A browser that missed what it was told opens another one; a Guardian app has the one of its push alone.
 */
async function answerBrowser(
  call: GuardianCall,
  { claims, ...answer }: Omit<BrowserAnswer, 'claims'> & { claims: ChallengeResponseClaims },
): Promise<GuardianReply> {
  const { consent_hash } = claims;
  if (consent_hash === undefined) {
    throw new GuardianError(
      401,
      'invalid_token',
      'The answer lacks consent_hash: it does not say what was shown.',
    );
  }
  if (!(await call.transactions.spend(call.bearer()))) throw unknownTransaction();
  const { status, body } = await takeBrowserAnswer(call, {
    ...answer,
    claims: { ...claims, consent_hash },
  });
  return new GuardianReply(status, body);
}

interface AppAnswer {
  device: EnrolledDevice;
  approvalId: ApprovalId;
  claims: ChallengeResponseClaims;
  /** The answer as it came. */
  signed: string;
}

/** A Guardian app is told in the words of its protocol. */
async function takeAppAnswer(
  call: GuardianCall,
  { device, approvalId, claims: answer, signed }: AppAnswer,
): Promise<void> {
  const { tenant } = call;
  const reason = answer.auth0_guardian_accepted ? undefined : answer.auth0_guardian_reason?.trim();
  const grant = readAppGrant(await tenant.approvals.get(approvalId), answer);
  const decided = await tenant.approvals.decide({
    id: approvalId,
    outcome: answer.auth0_guardian_accepted ? 'approved' : 'denied',
    by: device.userId,
    from: 'Guardian app',
    device: device.name,
    ...(reason ? { reason } : {}),
    ...(grant === undefined ? {} : { grant }),
    // Auth0 has no such claim; an app that names what it showed is held to it.
    ...(answer.consent_hash === undefined ? {} : { consentHash: answer.consent_hash }),
    told: { answer: readAnswer(signed), exchange: call.describe({ status: 204 }) },
  });
  switch (decided.result) {
    case 'decided':
      return;
    case 'expired':
      throw new GuardianError(403, 'transaction_expired', 'The time of this request is over.');
    case 'changed':
      throw new GuardianError(
        409,
        'unexpected_input',
        'The consent_hash of the answer is not that of the request: something else was shown. Read the request again.',
      );
    case 'already_decided':
    case 'not_found':
      throw new GuardianError(
        404,
        'login_transaction_not_found',
        'The transaction is not active: it was answered before, or has been forgotten.',
      );
  }
}

/** Auth0 has no such claim; an app that knows more than Guardian may grant less, or fill in what is left open. */
function readAppGrant(
  approval: Approval | undefined,
  { auth0_guardian_accepted: isAccepted, granted_details: received }: ChallengeResponseClaims,
): Grant | undefined {
  if (received === undefined || approval === undefined) return undefined;
  const verdict = isAccepted
    ? judgeGranted(approval, received)
    : { finding: 'came with a denial, which grants nothing' };
  if (!('finding' in verdict)) return verdict.grant;
  throw new GuardianError(400, 'invalid_body', `granted_details ${verdict.finding}. Nothing was decided.`);
}

/** auth0: a blocked user takes part in nothing; to the device, no transaction is active then. */
function requireUnblocked({ tenant }: GuardianCall, { userId }: EnrolledDevice): void {
  const user = tenant.directory.user(userId);
  if (user?.blocked !== true) return;
  throw new GuardianError(
    404,
    'login_transaction_not_found',
    `${user.name} is blocked and can answer nothing, so nothing was decided. Unblock them: PATCH /api/v2/users/{id} with blocked: false.`,
  );
}

function unknownTransaction(): GuardianError {
  return new GuardianError(401, 'invalid_token', 'The transaction token is unknown or has ended.');
}

function readClaims(payload: unknown): ChallengeResponseClaims {
  const answer = challengeResponseClaimsSchema.safeParse(payload);
  if (answer.success) return answer.data;
  const findings = answer.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new GuardianError(401, 'invalid_token', `The answer has wrong claims: ${findings.join('; ')}.`);
}
