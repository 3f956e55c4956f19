// What a person answers, signed by the key of this device and sent where every device sends it: Guardian's protocol.
// auth0: Guardian SDKs, allow and reject.
import type { ApprovalView, DeviceTransaction, PasskeyAssertion } from 'assent/contract';
import { SignJWT } from 'jose';
import type { Pairing } from './device-key.ts';
import { absoluteUrl, toSeconds } from './signed-fetch.ts';

/** What a person answers, about exactly the content that `approval` shows. */
export interface Answer {
  approval: ApprovalView;
  accepted: boolean;
  reason?: string | undefined;
}

export interface DeviceAnswer {
  pairing: Pairing;
  /** Good for one answer. */
  transaction: DeviceTransaction;
  answer: Answer;
  passkey: PasskeyAssertion | undefined;
  /** By the server's clock. */
  nowMs: number;
}

const RESOLVE_PATH = '/appliance-mfa/api/resolve-transaction';
const LIFETIME_SECONDS = 30;

export async function sendDeviceAnswer(sent: DeviceAnswer): Promise<Response> {
  const { pairing, transaction, answer, passkey } = sent;
  const { approval, accepted, reason } = answer;
  const url = absoluteUrl(RESOLVE_PATH);
  const nowSeconds = toSeconds(sent.nowMs);
  const challengeResponse = await new SignJWT({
    auth0_guardian_method: 'push',
    auth0_guardian_accepted: accepted,
    ...(reason === undefined ? {} : { auth0_guardian_reason: reason }),
    consent_hash: approval.consent_hash,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .setIssuer(pairing.deviceId)
    .setSubject(transaction.challenge)
    .setAudience(url)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
    .sign(pairing.privateKey);
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${transaction.transaction_token}`,
    },
    body: JSON.stringify({
      challenge_response: challengeResponse,
      ...(passkey === undefined ? {} : { passkey }),
    }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  });
}
