// GET /rich-consents/{id}: what is asked, for the device that was asked and holds its key. auth0: Guardian SDKs, consent;
// the proof after RFC 9449 (DPoP) §4, under a scheme of its own.
import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { Approval } from '../approvals/index.ts';
import { isSameKey, nowOfSigner, verifyByKey } from './device-key.ts';
import type { GuardianCall } from './guardian-call.ts';
import { GuardianError } from './guardian-error.ts';
import { hashOf } from './transactions.ts';

const proofSchema = z.object({
  htu: z.string(),
  htm: z.string(),
  ath: z.string(),
  jti: z.string().min(1).max(128),
  iat: z.number(),
});

/** How far the instant of a proof may lie from now, in either direction. */
const PROOF_WINDOW_SECONDS = 60;

export async function showConsent(call: GuardianCall): Promise<object> {
  const { tenant } = call;
  const token = call.bearer('MFA-DPoP');
  const transaction = await call.transactions.find(token);
  const device = await call.deviceOf(transaction);
  if (!transaction || !device?.publicKey) {
    throw new GuardianError(401, 'invalid_token', 'The transaction token is unknown or has ended.');
  }
  await verifyProof(call, token, { ...device, publicKey: device.publicKey });
  const approval = await tenant.approvals.get(transaction.approvalId);
  if (!approval || approval.consentId !== call.parameter('id')) {
    throw new GuardianError(404, 'rich_consent_not_found', 'This transaction has no such consent.');
  }
  if (approval.state === 'expired') {
    throw new GuardianError(401, 'invalid_token', 'The time of this request is over.');
  }
  const consent = toConsent(approval, tenant.issuer);
  call.readings.tell(approval, device, () => call.describe({ status: 200, body: consent }));
  return consent;
}

/** Numbers in the documentation, texts in the iOS SDK, which fails on numbers; Android reads both. */
function toConsent(approval: Approval, issuer: string): object {
  return {
    id: approval.consentId,
    requested_details: {
      audience: approval.audience ?? `${issuer}userinfo`,
      scope: approval.scope,
      binding_message: approval.bindingMessage,
      ...(approval.authorizationDetails === undefined
        ? {}
        : { authorization_details: approval.authorizationDetails }),
    },
    created_at: new Date(approval.requestedAtMs).toISOString(),
    expires_at: new Date(approval.expiresAtMs).toISOString(),
  };
}

async function verifyProof(
  call: GuardianCall,
  token: string,
  device: { id: string; publicKey: NonNullable<Parameters<typeof isSameKey>[0]> },
): Promise<void> {
  const { tenant } = call;
  const proof = call.header('MFA-DPoP');
  const refuse = (finding: string): GuardianError =>
    new GuardianError(403, 'invalid_dpop_assertion', `The proof ${finding}.`);
  if (proof === '') throw refuse('is missing, expected the header MFA-DPoP');
  let jwk: unknown;
  try {
    ({ jwk } = decodeProtectedHeader(proof));
  } catch {
    throw refuse('is not a JWT');
  }
  if (!isSameKey(device.publicKey, jwk)) throw refuse('is by another key than the one that was enrolled');
  const nowMs = nowOfSigner(proof, tenant.clock);
  const payload = await verifyByKey(proof, {
    publicKey: device.publicKey,
    type: 'dpop+jwt',
    nowMs,
    errorCode: 'invalid_dpop_assertion',
  }).catch((error: unknown) => {
    throw error instanceof GuardianError ? refuse(`fails: ${error.message}`) : error;
  });
  const claims = proofSchema.safeParse(payload);
  if (!claims.success) throw refuse('lacks one of the claims htu, htm, ath, jti, iat');
  const { htu, htm, ath, jti, iat } = claims.data;
  // RFC 9449 §4.3, checks 8, 9, 11 and 12.
  if (htm !== 'GET') throw refuse(`was made for ${htm}, not for GET`);
  if (htu !== call.url) throw refuse(`was made for ${htu}, not for ${call.url}`);
  if (ath !== hashOf(token)) throw refuse('was made for another token');
  if (Math.abs(nowMs / 1000 - iat) > PROOF_WINDOW_SECONDS) {
    throw refuse(`was made at ${iat}, and it is ${Math.floor(nowMs / 1000)} here`);
  }
  // RFC 9449 §11.1
  const spent = tenant.store.collection<{ iat: number }>('device-proofs');
  const leftMs = (iat + PROOF_WINDOW_SECONDS + 1) * 1000 - nowMs;
  const expiresAt = tenant.clock.now() + leftMs;
  if (!(await spent.insert(`${device.id} ${jti}`, { iat }, { expiresAt }))) throw refuse('was used before');
}
